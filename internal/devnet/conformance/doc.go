// SPDX-License-Identifier: Apache-2.0

// Package conformance holds a chain and its Akash providers to the facts about the
// network. It has tests only, and they know nothing but endpoints: CometBFT's RPC,
// gRPC, REST and the gateways. So the same checks run against the devnet, which is
// started for them when nothing else is named, and against any other chain:
//
//	AKASH_CONFORMANCE_RPC         CometBFT's RPC, http://host:26657; naming it makes the run a foreign one
//	AKASH_CONFORMANCE_GRPC        the node's gRPC, host:9090 or http://host:9090, or https://host:443
//	AKASH_CONFORMANCE_REST        the node's REST, http://host:1317
//	AKASH_CONFORMANCE_CHAIN_ID    the chain's id; transactions are signed for it
//	AKASH_CONFORMANCE_MNEMONIC    an account with at least 500 AKT and 150 ACT that nobody else uses meanwhile
//	AKASH_CONFORMANCE_HD_PATH     its path; m/44'/118'/0'/0/0 when left out
//	AKASH_CONFORMANCE_PROVIDERS   addresses, with commas, of Akash providers that bid by themselves on small
//	                              orders and whose gateways can be reached; without one the gateway's checks
//	                              are left out
//
// All but the last two are needed as soon as one is given. Any further account is
// derived from the mnemonic on paths of the run's own, gets AKT by a bank send and
// may deposit out of the first account's ACT by a DepositAuthorization, since ACT cannot be
// sent; what bids by hand registers itself as an Akash provider first. All that stays
// behind is the fees, a few AKT left in those accounts, and their records: this is
// for test networks. Orders for bids by hand ask for an attribute that only the run's own sellers have, so Akash
// providers that are at work on the chain leave them alone, and lists are filtered by
// the run's own addresses, so other people's deployments do no harm.
//
// Each check is a subtest whose name ends with the page and section its fact is
// from. Heights, amounts that depend on how many blocks went by, gas and the
// network's parameters are read, not assumed. What needs more than endpoints, or a
// parameter that the chain does not have, is left out on a foreign chain, with
// the reason, and never on the devnet. Checks wait for blocks most of the time, so many run at once; on
// slow blocks raise go test's -parallel and -timeout.
package conformance
