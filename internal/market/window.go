// SPDX-License-Identifier: Apache-2.0

package market

// Window says how long an auction waits for bids. It counts blocks from the
// order's own block, so a re-run continues the same window.
type Window struct {
	// Blocks is the longest wait.
	Blocks int64
	// Quiet ends the wait early once so many blocks passed without a new bid and enough bids are acceptable.
	Quiet int64
	// MinBids is how many acceptable bids "enough" is; at least 1.
	MinBids int
	// MaxBids is how many bids the network lets an order have; no more can come after.
	MaxBids int
}

// Auction is where an order stands.
type Auction struct {
	// OrderHeight is the block the order was opened in, Height the latest block.
	OrderHeight, Height int64
	Verdicts            []Verdict
}

// Over reports whether the wait for bids has ended.
func (w Window) Over(a Auction) bool {
	if a.Height-a.OrderHeight >= w.Blocks {
		return true
	}
	if w.MaxBids > 0 && len(a.Verdicts) >= w.MaxBids {
		return true
	}
	last := a.OrderHeight
	for _, v := range a.Verdicts {
		last = max(last, v.Bid.Height)
	}
	enough := len(Acceptable(a.Verdicts)) >= max(w.MinBids, 1)
	return enough && a.Height-last >= w.Quiet
}
