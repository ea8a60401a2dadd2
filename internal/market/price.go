// SPDX-License-Identifier: Apache-2.0

package market

import (
	"cmp"
	"maps"
	"slices"

	"cosmossdk.io/math"

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

// A reference price makes bids for unlike resources comparable: an Akash provider that asks twice the reference for one
// shape is expected to ask twice the reference for another. Only the proportions matter. They follow the defaults of
// the pricing script most Akash providers run, in USD a month: a core 1.60, a GiB of memory 0.80, a GiB of storage 0.02
// on the node, 0.01, 0.03, 0.04 for the persistent classes, an endpoint 0.05, a leased address 5, a GPU 100.
// Source: akash-network/helm-charts, akash-provider/scripts/price_script_generic.sh.
var (
	perCore     = cents(160)
	perGiB      = cents(80)
	perNodeGiB  = cents(2)
	perPoolGiB  = map[string]math.LegacyDec{"beta1": cents(1), "beta2": cents(3), "beta3": cents(4), ramClass: cents(80)}
	perOtherGiB = cents(3)
	perEndpoint = cents(5)
	perIP       = cents(500)
	perGPU      = cents(10_000)
)

func cents(n int64) math.LegacyDec { return math.LegacyNewDecWithPrec(n, 2) }

const gib = 1 << 30

// reference is the reference price of a shape, always positive.
func (s Shape) reference() math.LegacyDec {
	sum := perCore.MulInt64(clamp(s.CPU)).QuoInt64(1000)
	sum = sum.Add(perGiB.MulInt64(clamp(s.Memory)).QuoInt64(gib))
	sum = sum.Add(perNodeGiB.MulInt64(clamp(s.Ephemeral)).QuoInt64(gib))
	for class, bytes := range s.Persistent {
		price, known := perPoolGiB[class]
		if !known {
			price = perOtherGiB
		}
		sum = sum.Add(price.MulInt64(clamp(bytes)).QuoInt64(gib))
	}
	for _, units := range s.GPUs {
		sum = sum.Add(perGPU.MulInt64(clamp(units)))
	}
	sum = sum.Add(perEndpoint.MulInt64(clamp(s.Endpoints))).Add(perIP.MulInt64(clamp(s.IPs)))
	if !sum.IsPositive() {
		return math.LegacySmallestDec()
	}
	return sum
}

// clamp keeps quantities that no machine has from overflowing a price.
func clamp(n uint64) int64 {
	const most = 1 << 52
	return int64(min(n, most))
}

// same reports whether two shapes ask for the same, models of GPUs included.
func (s Shape) same(o Shape) bool {
	return s.CPU == o.CPU && s.Memory == o.Memory && s.Ephemeral == o.Ephemeral && s.IPs == o.IPs &&
		s.Endpoints == o.Endpoints && maps.Equal(s.Persistent, o.Persistent) && maps.Equal(s.GPUs, o.GPUs)
}

// likeGPUs reports whether two shapes have the same models of GPU, whatever their number.
func (s Shape) likeGPUs(o Shape) bool {
	if len(s.GPUs) != len(o.GPUs) {
		return false
	}
	for model := range s.GPUs {
		if _, both := o.GPUs[model]; !both {
			return false
		}
	}
	return true
}

// Prices expects prices from what was bid lately. Make it once per snapshot by [NewPrices]; it is read only then, and
// safe for concurrent use.
type Prices struct {
	bySeller map[string][]Observation
	all      []Observation
}

// NewPrices sorts observations in uact, of others nothing is expected.
func NewPrices(observations []Observation) *Prices {
	p := &Prices{bySeller: map[string][]Observation{}}
	for _, o := range observations {
		if o.Price.Denom != coin.UACT || o.Price.IsZero() {
			continue
		}
		p.all = append(p.all, o)
		p.bySeller[o.ProviderAddr] = append(p.bySeller[o.ProviderAddr], o)
	}
	newestFirst := func(a, b Observation) int {
		return cmp.Or(cmp.Compare(b.Height, a.Height), cmp.Compare(a.ProviderAddr, b.ProviderAddr),
			a.Price.Amount.BigInt().Cmp(b.Price.Amount.BigInt()))
	}
	slices.SortFunc(p.all, newestFirst)
	for _, own := range p.bySeller {
		slices.SortFunc(own, newestFirst)
	}
	return p
}

// nearest is how many bids an expectation rests on.
const nearest = 5

// Expect is what an Akash provider will likely ask a block for a shape.
func (p *Prices) Expect(providerAddr string, shape Shape) (coin.PerBlock, Basis) {
	own := p.bySeller[providerAddr]
	for _, o := range own {
		if o.Shape.same(shape) {
			return o.Price, FromSameShape
		}
	}
	if level, ok := levelOf(own, shape); ok {
		return priceAt(level, shape), FromOwnBids
	}
	if level, ok := levelOf(p.all, shape); ok {
		return priceAt(level, shape), FromNetwork
	}
	return coin.PerBlock{}, NoPrice
}

func priceAt(level math.LegacyDec, shape Shape) coin.PerBlock {
	return coin.PerBlock{Denom: coin.UACT, Amount: level.Mul(shape.reference())}
}

// levelOf is the median of price to reference price of the bids that resemble the shape most; ok is false without any
// for the same models of GPU.
func levelOf(bids []Observation, shape Shape) (level math.LegacyDec, ok bool) {
	type near struct {
		level, distance math.LegacyDec
	}
	var found []near
	for _, o := range bids {
		if !o.Shape.likeGPUs(shape) {
			continue
		}
		found = append(found, near{o.Price.Amount.Quo(o.Shape.reference()), shape.distance(o.Shape)})
	}
	if len(found) == 0 {
		return math.LegacyDec{}, false
	}
	slices.SortStableFunc(found, func(a, b near) int { return a.distance.BigInt().Cmp(b.distance.BigInt()) })
	found = found[:min(len(found), nearest)]
	slices.SortFunc(found, func(a, b near) int { return a.level.BigInt().Cmp(b.level.BigInt()) })
	return found[(len(found)-1)/2].level, true
}

// distance is how unlike two shapes are: for each kind of resource the difference over the sum, 0 for equal ones and 1
// where only one has it.
func (s Shape) distance(o Shape) math.LegacyDec {
	sum := math.LegacyZeroDec()
	add := func(a, b uint64) {
		if a == b {
			return
		}
		x, y := clamp(a), clamp(b)
		sum = sum.Add(math.LegacyNewDec(max(x, y) - min(x, y)).QuoInt64(x + y))
	}
	add(s.CPU, o.CPU)
	add(s.Memory, o.Memory)
	add(s.Ephemeral, o.Ephemeral)
	add(s.Endpoints, o.Endpoints)
	add(s.IPs, o.IPs)
	for _, kind := range []struct{ a, b map[string]uint64 }{{s.Persistent, o.Persistent}, {s.GPUs, o.GPUs}} {
		for key, n := range kind.a {
			add(n, kind.b[key])
		}
		for key, n := range kind.b {
			if _, both := kind.a[key]; !both {
				add(n, 0)
			}
		}
	}
	return sum
}
