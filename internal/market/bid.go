// SPDX-License-Identifier: Apache-2.0

package market

import (
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

// Bid is one Akash provider's offer on an order, as the chain tells it.
type Bid struct {
	ID ids.BidID
	// Price is what the Akash provider asks for the whole group, per block.
	Price coin.PerBlock
	// Open is false once the bid was withdrawn, lost or accepted.
	Open bool
	// Height is the block that holds the bid.
	Height int64
}

// Ceiling is the most a lease may cost. The zero value is no ceiling.
type Ceiling struct {
	// Limit is the highest acceptable price, inclusive.
	Limit coin.PerBlock
	// Text is the ceiling as the practitioner wrote it, e.g. "10 USD per month"; reasons quote it.
	Text string
}

// None reports whether there is no ceiling.
func (c Ceiling) None() bool { return c.Limit.Amount.IsNil() }

// Policy says which bids are acceptable. The zero value accepts every open bid.
type Policy struct {
	Ceiling Ceiling
	// Allow, when not empty, lists the only Akash providers (bech32 addresses) that may win.
	Allow []string
	// Deny lists Akash providers that must not win; it beats Allow.
	Deny []string
	// Unusable maps Akash providers to why they failed earlier in this auction.
	Unusable map[string]string
}
