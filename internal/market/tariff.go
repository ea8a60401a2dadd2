// SPDX-License-Identifier: Apache-2.0

package market

import (
	"maps"
	"math/bits"
	"slices"
	"strings"

	"cosmossdk.io/math"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
)

// tariff is what one Akash provider takes for each kind of resource, as far as its bids tell. Nearly all add up so much
// for a core, so much for a GiB and so on, so a few bids on unlike shapes give the parts away.
//
// The parts are the least squares of the relative errors, none below zero, pulled a little towards the proportions of
// [reference]: what no bid tells keeps these. It works on whole millionths, so that the same bids give the same tariff
// on every machine.
type tariff struct {
	// seen are its bids, the newest first.
	seen []Observation
	// level is the median of price to reference price, in uact a block for a USD a month.
	level math.LegacyDec
	// factors are by how much each kind of resource is dearer than level times its reference, in millionths.
	factors map[string]int64
}

const (
	// one is 1 in millionths.
	one = 1_000_000
	// most bounds what one bid can claim, and a factor; their products fit.
	most = 50 * one
	// pull is the weight of the reference beside that of a bid.
	pull = one / 50
	// sweeps of the descent are enough for a dozen kinds.
	sweeps = 200
)

const gpuKind = "gpu "

// reference is what the kinds of resources of a shape cost in millionths of a USD a month by the defaults of the
// pricing script most Akash providers run: a core 1.60, a GiB of memory 0.80, a GiB of storage 0.02 on the node, 0.01,
// 0.03, 0.04 for the persistent classes, an endpoint 0.05, a leased address 5, a GPU 300 (it knows a price for each
// model). Only the proportions matter, and only where bids do not tell.
// Source: akash-network/helm-charts, akash-provider/scripts/price_script_generic.sh.
func (s Shape) reference() map[string]uint64 {
	kinds := map[string]uint64{}
	add := func(kind string, amount, price uint64) {
		if amount > 0 {
			kinds[kind] += min(amount, 1<<30) * price // no machine has more
		}
	}
	const mebi = 1 << 20
	add("cpu", s.CPU, 1600)
	add("memory", s.Memory/mebi, 800_000/1024)
	add("ephemeral", s.Ephemeral/mebi, 20_000/1024)
	for class, bytes := range s.Persistent {
		price, known := map[string]uint64{"beta1": 10, "beta2": 30, "beta3": 40, ramClass: 800}[class]
		if !known {
			price = 30
		}
		add("storage "+class, bytes/mebi, price*1000/1024)
	}
	for model, units := range s.GPUs {
		add(gpuKind+model, units, 300*one)
	}
	add("endpoint", s.Endpoints, 50_000)
	add("ip", s.IPs, 5*one)
	return kinds
}

// learn makes a tariff of one Akash provider's bids; there is at least one.
func learn(own []Observation) *tariff {
	t := &tariff{seen: own, factors: map[string]int64{}}
	shapes := make([]map[string]uint64, len(own))
	levels := make([]math.LegacyDec, len(own))
	for i, o := range own {
		shapes[i] = o.Shape.reference()
		levels[i] = o.Price.Amount.Quo(usd(total(shapes[i])))
		for kind := range shapes[i] {
			t.factors[kind] = one
		}
	}
	sorted := slices.Clone(levels)
	slices.SortFunc(sorted, func(a, b math.LegacyDec) int { return a.BigInt().Cmp(b.BigInt()) })
	t.level = sorted[(len(sorted)-1)/2]

	// For each bid, what its kinds would make of its price at the reference: they add up to 1 when it has the level.
	kinds := slices.Sorted(maps.Keys(t.factors))
	claims := make([][]int64, len(own))
	for i, shape := range shapes {
		claims[i] = make([]int64, len(kinds))
		whole := total(shape)
		relative := uint64(millionths(t.level.Quo(levels[i]))) //nolint:gosec // prices are positive
		for k, kind := range kinds {
			claims[i][k] = int64(min(mulDiv(shape[kind], relative, whole), most))
		}
	}
	t.descend(kinds, claims)
	return t
}

// descend finds the factors by which the claims of each bid add up to 1 as nearly as can be.
func (t *tariff) descend(kinds []string, claims [][]int64) {
	gram := make([][]int64, len(kinds))
	sums := make([]int64, len(kinds))
	for k := range kinds {
		gram[k] = make([]int64, len(kinds))
		for _, claim := range claims {
			sums[k] += claim[k]
			for l := range kinds {
				gram[k][l] += claim[k] * claim[l] / one
			}
		}
	}
	factors := make([]int64, len(kinds))
	for k := range factors {
		factors[k] = one
	}
	for range sweeps {
		for k := range kinds {
			rest := sums[k] + pull
			for l := range kinds {
				if l != k {
					rest -= times(gram[k][l], factors[l], one)
				}
			}
			factors[k] = min(times(max(rest, 0), one, gram[k][k]+pull), most)
		}
	}
	for k, kind := range kinds {
		t.factors[kind] = factors[k]
	}
}

// price is what the tariff makes of a shape; ok is false when it has a GPU that no bid was for.
func (t *tariff) price(shape Shape) (_ coin.PerBlock, ok bool) {
	var sum uint64
	for kind, cost := range shape.reference() {
		factor, known := t.factors[kind]
		if !known {
			if strings.HasPrefix(kind, gpuKind) {
				return coin.PerBlock{}, false
			}
			factor = one
		}
		sum += mulDiv(cost, uint64(factor), one)
	}
	return coin.PerBlock{Denom: coin.UACT, Amount: t.level.Mul(usd(max(sum, 1)))}, true
}

func total(kinds map[string]uint64) uint64 {
	var sum uint64
	for _, cost := range kinds {
		sum += cost
	}
	return max(sum, 1)
}

// usd is millionths of a USD as a decimal.
func usd(millionths uint64) math.LegacyDec {
	return math.LegacyNewDecFromInt(math.NewIntFromUint64(millionths)).QuoInt64(one)
}

// millionths rounds a decimal down to them, to most at the most.
func millionths(d math.LegacyDec) int64 {
	if d.GT(math.LegacyNewDec(most / one)) {
		return most
	}
	return d.MulInt64(one).TruncateInt64()
}

// times is a*b/c of numbers that are not negative, as [mulDiv].
func times(a, b, c int64) int64 {
	return int64(mulDiv(uint64(a), uint64(b), uint64(c))) //nolint:gosec // not negative, and mulDiv keeps to 63 bits
}

// mulDiv is a*b/c without overflow on the way; what does not fit is the largest there is.
func mulDiv(a, b, c uint64) uint64 {
	high, low := bits.Mul64(a, b)
	if high >= c {
		return 1<<63 - 1
	}
	quotient, _ := bits.Div64(high, low, c)
	return quotient
}
