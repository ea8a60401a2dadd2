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
	// Source is where it was written, e.g. "provider block"; "" where that goes without saying.
	Source string
}

// String is the ceiling for people, e.g. "10 USD per month (provider block)".
func (c Ceiling) String() string {
	if c.Source == "" {
		return c.Text
	}
	return c.Text + " (" + c.Source + ")"
}

// None reports whether there is no ceiling.
func (c Ceiling) None() bool { return c.Limit.Amount.IsNil() }
