// SPDX-License-Identifier: Apache-2.0

package market

import (
	"cmp"
	"maps"
	"slices"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
)

// Basis says where an expected price comes from, the surest first.
type Basis int

const (
	// NoPrice: nothing is known.
	NoPrice Basis = iota
	// FromBid: the Akash provider bids this on the open order.
	FromBid
	// FromScreening: its gateway says it would bid this.
	FromScreening
	// FromSameShape: it bid this lately for the same resources.
	FromSameShape
	// FromOwnBids: what it bid lately for other resources, scaled to these.
	FromOwnBids
	// FromNetwork: what others bid lately, scaled; only its order of magnitude says anything.
	FromNetwork
)

// String is the basis in a few words.
func (b Basis) String() string {
	switch b {
	case FromBid:
		return "its bid"
	case FromScreening:
		return "its gateway"
	case FromSameShape:
		return "its bid for the same"
	case FromOwnBids:
		return "its other bids"
	case FromNetwork:
		return "others' bids"
	default:
		return "unknown"
	}
}

// firm reports whether the price is the Akash provider's own.
func (b Basis) firm() bool { return b != NoPrice && b != FromNetwork }

// same reports whether two shapes ask for the same, models of GPUs included.
func (s Shape) same(o Shape) bool {
	return s.CPU == o.CPU && s.Memory == o.Memory && s.Ephemeral == o.Ephemeral && s.IPs == o.IPs &&
		s.Endpoints == o.Endpoints && maps.Equal(s.Persistent, o.Persistent) && maps.Equal(s.GPUs, o.GPUs)
}

// Prices expects prices from what was bid lately. Make it once per snapshot by [NewPrices]; it is read only then, and
// safe for concurrent use.
type Prices struct {
	sellers map[string]*tariff
	// all are the tariffs of everybody, in the order of addresses.
	all []*tariff
}

// NewPrices learns from observations in uact; others say nothing of a price in uact.
func NewPrices(observations []Observation) *Prices {
	bySeller := map[string][]Observation{}
	for _, o := range observations {
		if o.Price.Denom == coin.UACT && !o.Price.IsZero() {
			bySeller[o.ProviderAddr] = append(bySeller[o.ProviderAddr], o)
		}
	}
	p := &Prices{sellers: map[string]*tariff{}}
	for _, addr := range slices.Sorted(maps.Keys(bySeller)) {
		own := bySeller[addr]
		slices.SortFunc(own, func(a, b Observation) int { // the newest first
			return cmp.Or(cmp.Compare(b.Height, a.Height), a.Price.Amount.BigInt().Cmp(b.Price.Amount.BigInt()))
		})
		t := learn(own)
		p.sellers[addr] = t
		p.all = append(p.all, t)
	}
	return p
}

// Expect is what an Akash provider will likely ask a block for a shape.
func (p *Prices) Expect(providerAddr string, shape Shape) (coin.PerBlock, Basis) {
	own, known := p.sellers[providerAddr]
	if known {
		for _, o := range own.seen {
			if o.Shape.same(shape) {
				return o.Price, FromSameShape
			}
		}
		if price, ok := own.price(shape); ok {
			return price, FromOwnBids
		}
	}
	var others []coin.PerBlock
	for _, t := range p.all {
		if price, ok := t.price(shape); ok {
			others = append(others, price)
		}
	}
	if len(others) == 0 {
		return coin.PerBlock{}, NoPrice
	}
	slices.SortFunc(others, func(a, b coin.PerBlock) int { return a.Amount.BigInt().Cmp(b.Amount.BigInt()) })
	return others[(len(others)-1)/2], FromNetwork
}
