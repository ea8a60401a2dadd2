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
	// MaxBids is how many bids the network lets an order have; no more can come after. 0 is not known.
	MaxBids int
}

// mostQuiet bounds how much longer an auction stays attentive for other orders: several Akash providers bid at a time,
// so that even among a hundred orders one is not left without a new bid for longer than this.
const mostQuiet = 20

// Together is the window of an order that was opened with others, n in all. An Akash provider sends about one bid a
// block, so the last of them gets its bid n - 1 blocks after the first.
func (w Window) Together(n int) Window {
	more := int64(max(n, 1) - 1)
	w.Blocks += more
	w.Quiet += min(more, mostQuiet)
	return w
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
