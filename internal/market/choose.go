// SPDX-License-Identifier: Apache-2.0

package market

import (
	"cmp"
	"fmt"
	"slices"
)

// Verdict is what was decided about one bid.
type Verdict struct {
	Bid Bid
	// Acceptable is true when the bid could win.
	Acceptable bool
	// Reason is a short text for people: why the bid was refused, or how it ranks.
	Reason string
}

// Choose judges every bid and ranks the acceptable ones, cheapest first; equal
// prices are ranked by the Akash provider's address so that the answer never
// depends on the order of arrival. The refused bids follow, cheapest first.
func Choose(bids []Bid, policy Policy) []Verdict {
	verdicts := make([]Verdict, 0, len(bids))
	for _, b := range bids {
		refusal := policy.refuse(b)
		verdicts = append(verdicts, Verdict{Bid: b, Acceptable: refusal == "", Reason: refusal})
	}
	slices.SortFunc(verdicts, func(a, b Verdict) int {
		if a.Acceptable != b.Acceptable {
			if a.Acceptable {
				return -1
			}
			return 1
		}
		return cmp.Or(byPrice(a.Bid, b.Bid), cmp.Compare(a.Bid.ID.ProviderAddr, b.Bid.ID.ProviderAddr))
	})
	for i := range verdicts {
		if verdicts[i].Acceptable {
			verdicts[i].Reason = rank(i)
		}
	}
	return verdicts
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

func rank(i int) string {
	if i == 0 {
		return "cheapest"
	}
	return fmt.Sprintf("acceptable, %d cheaper", i)
}
