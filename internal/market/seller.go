// SPDX-License-Identifier: Apache-2.0

package market

import (
	"time"

	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
)

// Seller is what is known of one Akash provider whoever asks: what it says of itself, what auditors signed, how it
// behaved. It is read only once made.
type Seller struct {
	// Addr is its account, bech32.
	Addr string
	// HostURI is where its gateway answers, as registered on chain.
	HostURI string
	// Email and Website are what it registered for people; "" when it did not.
	Email, Website string
	// Attributes are what it declares, as registered on chain.
	Attributes []attributesv1.Attribute
	// Audits are what auditors signed, by the auditor's address.
	Audits map[string][]attributesv1.Attribute
	// Record is how its leases ended.
	Record Record
	// Latency is the time its gateway took to answer; 0 when it was not measured.
	Latency time.Duration
}

// Record is how the leases of an Akash provider ended, as the chain tells it.
type Record struct {
	// Leases is how many were looked at, GaveUp how many of these it ended itself: unstable, decommissioned or
	// without reason. Both 0: not looked at.
	Leases, GaveUp int
}
