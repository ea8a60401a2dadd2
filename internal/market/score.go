// SPDX-License-Identifier: Apache-2.0

package market

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"cosmossdk.io/math"
)

// Strategy ranks acceptable bids.
type Strategy string

const (
	// Cheapest takes the lowest price.
	Cheapest Strategy = "cheapest"
	// Weighted takes the highest score of price, audits, record, latency and preference.
	Weighted Strategy = "weighted"
	// Spread takes who has the fewest leases of the owner, and the cheapest of these.
	Spread Strategy = "spread"
)

// Weights are how much each part counts in a score by [Weighted]; nil counts nothing. Only their proportions matter. At
// least one must be positive, or every bid scores 0 and the cheapest wins.
//
// The parts are from 0 to 1, and what is not known is 0:
//
//	price       lowest acceptable price / own price
//	audits      n / (n + 1) for n auditors that signed something
//	record      (leases - given up + 1) / (leases + 2) of its leases that ended
//	latency     200 ms / (200 ms + the time its gateway took to answer)
//	preference  (n - i) / n for the i-th, from 0, of n in Prefer
type Weights struct {
	Price, Audits, Record, Latency, Preference math.LegacyDec
}

// DefaultWeights counts price as much as everything else together.
func DefaultWeights() Weights {
	one := math.LegacyOneDec()
	return Weights{Price: math.LegacyNewDec(4), Audits: one, Record: one, Latency: one, Preference: one}
}

// halfLatency is the time of an answer that scores one half.
const halfLatency = 200 * time.Millisecond

// candidacy is an acceptable bid on its way to a verdict.
type candidacy struct {
	bid    Bid
	score  math.LegacyDec
	reason string
}

// rank sorts acceptable bids, the best first, and fills in scores and reasons.
func (p Policy) rank(bids []candidacy) []candidacy {
	lowest := lowestPrice(bids)
	for i, c := range bids {
		switch p.Strategy {
		case Weighted:
			bids[i].score = p.weigh(c.bid, lowest)
		case Spread:
			bids[i].score = math.LegacyOneDec().QuoInt64(int64(max(p.Held[c.bid.ID.ProviderAddr], 0)) + 1)
		case Cheapest, "":
			bids[i].score = priceScore(c.bid, lowest)
		}
	}
	slices.SortFunc(bids, p.better)
	for i := range bids {
		bids[i].reason = p.reason(bids, i)
	}
	return bids
}

// better orders bids whose scores are known.
func (p Policy) better(a, b candidacy) int {
	if p.Strategy != Weighted {
		if order := cmp.Compare(p.wish(a.bid), p.wish(b.bid)); order != 0 {
			return order
		}
	}
	return cmp.Or(b.score.BigInt().Cmp(a.score.BigInt()), byPriceThenAddr(a.bid, b.bid))
}

// wish is the place in Prefer, from 0; its length for who is not there.
func (p Policy) wish(b Bid) int {
	if i := slices.Index(p.Prefer, b.ID.ProviderAddr); i >= 0 {
		return i
	}
	return len(p.Prefer)
}

// reason tells people how the i-th best bid ranks.
func (p Policy) reason(sorted []candidacy, i int) string {
	cheaper := 0
	for _, other := range sorted {
		if byPrice(other.bid, sorted[i].bid) < 0 {
			cheaper++
		}
	}
	preferred := p.Strategy != Weighted && p.wish(sorted[i].bid) < len(p.Prefer)
	var text string
	switch {
	case preferred:
		text = fmt.Sprintf("preferred, number %d of the list", p.wish(sorted[i].bid)+1)
	case p.Strategy == Weighted && i == 0:
		text = "best score"
	case p.Strategy == Spread:
		text = leasesText(p.Held[sorted[i].bid.ID.ProviderAddr])
	case i == 0 && cheaper == 0:
		return "cheapest"
	case i == 0:
		text = "best"
	default:
		text = "acceptable"
	}
	switch {
	case cheaper == 0 && (i == 0 || preferred || p.Strategy == Weighted || p.Strategy == Spread):
		return text + ", cheapest"
	case cheaper == 0:
		return text + ", 0 cheaper"
	default:
		return fmt.Sprintf("%s, %d cheaper", text, cheaper)
	}
}

func leasesText(n int) string {
	switch n {
	case 0:
		return "no lease there yet"
	case 1:
		return "1 lease there already"
	default:
		return fmt.Sprintf("%d leases there already", n)
	}
}

// weigh is the score by Weighted.
func (p Policy) weigh(b Bid, lowest math.LegacyDec) math.LegacyDec {
	seller, known := p.Sellers[b.ID.ProviderAddr]
	sum, weights := math.LegacyZeroDec(), math.LegacyZeroDec()
	add := func(weight, part math.LegacyDec) {
		if weight.IsNil() || !weight.IsPositive() {
			return
		}
		weights = weights.Add(weight)
		sum = sum.Add(weight.Mul(part))
	}
	add(p.Weights.Price, priceScore(b, lowest))
	audits, record, latency := math.LegacyZeroDec(), math.LegacyZeroDec(), math.LegacyZeroDec()
	if known {
		audits, record, latency = seller.auditScore(), seller.Record.score(), latencyScore(seller.Latency)
	}
	add(p.Weights.Audits, audits)
	add(p.Weights.Record, record)
	add(p.Weights.Latency, latency)
	preference := math.LegacyZeroDec()
	if n := len(p.Prefer); n > 0 {
		preference = math.LegacyNewDec(int64(n - p.wish(b))).QuoInt64(int64(n))
	}
	add(p.Weights.Preference, preference)
	if !weights.IsPositive() {
		return sum
	}
	return sum.Quo(weights)
}

// lowestPrice is of the bids in the denom of the first; nil of none.
func lowestPrice(bids []candidacy) math.LegacyDec {
	var lowest math.LegacyDec
	for _, c := range bids {
		if c.bid.Price.Denom == bids[0].bid.Price.Denom && (lowest.IsNil() || c.bid.Price.Amount.LT(lowest)) {
			lowest = c.bid.Price.Amount
		}
	}
	return lowest
}

func priceScore(b Bid, lowest math.LegacyDec) math.LegacyDec {
	if b.Price.IsZero() {
		return math.LegacyOneDec()
	}
	return math.LegacyMinDec(lowest.Quo(b.Price.Amount), math.LegacyOneDec())
}

func (s Seller) auditScore() math.LegacyDec {
	signed := 0
	for _, attributes := range s.Audits {
		if len(attributes) > 0 {
			signed++
		}
	}
	return math.LegacyNewDec(int64(signed)).QuoInt64(int64(signed) + 1)
}

func (r Record) score() math.LegacyDec {
	if r.Leases < 1 {
		return math.LegacyNewDecWithPrec(5, 1)
	}
	kept := r.Leases - min(max(r.GaveUp, 0), r.Leases)
	return math.LegacyNewDec(int64(kept) + 1).QuoInt64(int64(r.Leases) + 2)
}

func latencyScore(took time.Duration) math.LegacyDec {
	if took <= 0 {
		return math.LegacyZeroDec()
	}
	return math.LegacyNewDec(int64(halfLatency)).Quo(math.LegacyNewDec(int64(halfLatency)).
		Add(math.LegacyNewDec(int64(took))))
}
