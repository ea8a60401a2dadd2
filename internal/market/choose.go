// SPDX-License-Identifier: Apache-2.0

package market

import (
	"cmp"
	"fmt"
	"slices"

	"cosmossdk.io/math"
)

// Verdict is what was decided about one bid.
type Verdict struct {
	Bid Bid
	// Acceptable is true when the bid could win.
	Acceptable bool
	// Score is from 0 to 1, the best 1 or less, as the policy's strategy counts; nil for a bid that cannot win.
	Score math.LegacyDec
	// Reason is a short text for people: why the bid was refused, or how it ranks.
	Reason string
}

// Choose judges every bid and ranks the acceptable ones, the best first as the policy's strategy has it. Equals are
// ranked by price, then by the Akash provider's address, so that the answer never depends on the order of arrival. The
// refused bids follow, cheapest first.
func Choose(bids []Bid, policy Policy) []Verdict {
	var acceptable []candidacy
	var refused []Verdict
	for _, b := range bids {
		if refusal := policy.refuse(b); refusal != "" {
			refused = append(refused, Verdict{Bid: b, Reason: refusal})
			continue
		}
		acceptable = append(acceptable, candidacy{bid: b})
	}
	verdicts := make([]Verdict, 0, len(bids))
	for _, c := range policy.rank(acceptable) {
		verdicts = append(verdicts, Verdict{Bid: c.bid, Acceptable: true, Score: c.score, Reason: c.reason})
	}
	slices.SortFunc(refused, func(a, b Verdict) int { return byPriceThenAddr(a.Bid, b.Bid) })
	return append(verdicts, refused...)
}

// Acceptable returns the bids that may win, best first.
func Acceptable(verdicts []Verdict) []Bid {
	var bids []Bid
	for _, v := range verdicts {
		if v.Acceptable {
			bids = append(bids, v.Bid)
		}
	}
	return bids
}

// refuse says why a bid cannot win; "" when it can.
func (p Policy) refuse(b Bid) string {
	if !b.Open {
		return "no longer open"
	}
	if why := p.refuseBidder(b.ID.ProviderAddr); why != "" {
		return why
	}
	if p.Ceiling.None() {
		return ""
	}
	order, err := b.Price.Compare(p.Ceiling.Limit)
	switch {
	case err != nil:
		return fmt.Sprintf("priced in %s, the ceiling is in %s", b.Price.Denom, p.Ceiling.Limit.Denom)
	case order > 0:
		return "over the ceiling of " + p.Ceiling.String()
	default:
		return ""
	}
}

// byPrice orders bids of one denom by price; other denoms go last, by name.
func byPrice(a, b Bid) int {
	if order, err := a.Price.Compare(b.Price); err == nil {
		return order
	}
	return cmp.Compare(a.Price.Denom, b.Price.Denom)
}

func byPriceThenAddr(a, b Bid) int {
	return cmp.Or(byPrice(a, b), cmp.Compare(a.ID.ProviderAddr, b.ID.ProviderAddr))
}
