// SPDX-License-Identifier: Apache-2.0

package devnet

// MildFaults is a bad day of the network, which a correct client gets through without failing, only more slowly: the
// endpoints are a little slow and a block behind, now and then they have a full mempool, lose a transaction or an
// answer, or break off a connection; Akash providers have not seen a lease yet when its manifest comes, one bids late,
// one refuses a manifest, and one takes a token for expired.
//
// What is left to chance is decided by the seed; 0 leaves that to [Options.Seed].
func MildFaults(seed uint64) FaultPlan {
	return FaultPlan{Seed: seed, Settings: []FaultSetting{
		{Fault: "slow", Value: "5ms"},
		{Fault: "lag-blocks", Value: "1"},
		{Fault: "mempool-full", Value: "1/25"},
		{Fault: "lose-broadcast", Value: "1/100"}, // costs a client the lifetime of the transaction
		{Fault: "fail-answer", Value: "1/50"},
		// An endpoint that is the only one is asked twice: at 1/200 two in a row failed a test of thousands now and then.
		{Fault: "reset", Value: "1/500"},
		{On: OnAll, Fault: "slow", Value: "5ms"},
		{On: OnAll, Fault: "hide-leases", Value: "1"},
		{On: OnAny, Fault: "bid-late", Value: "2"},
		{On: OnAny, Fault: "refuse-manifests", Value: "1"},
		{On: OnAny, Fault: "expired-tokens", Value: "1"},
	}}
}
