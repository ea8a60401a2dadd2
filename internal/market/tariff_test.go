// SPDX-License-Identifier: Apache-2.0

package market_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"cosmossdk.io/math"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
)

// charge is a made-up Akash provider that takes so much, in millionths of a uact a block, for a thousandth of a core,
// for a MiB of memory and for a MiB of storage.
type charge struct{ core, memory, storage int64 }

func (c charge) of(s market.Shape) coin.PerBlock {
	const mebi = 1 << 20
	sum := c.core*int64(s.CPU) + c.memory*int64(s.Memory/mebi) + c.storage*int64(s.Ephemeral/mebi)
	return coin.PerBlock{Denom: coin.UACT, Amount: math.LegacyNewDec(sum).QuoInt64(1_000_000)}
}

// unlike makes shapes that differ in their proportions, as those of a network do.
func unlike(random *rand.Rand) market.Shape {
	const mebi = 1 << 20
	return market.Shape{
		CPU: 100 << random.Uint64N(9), Memory: (128 << random.Uint64N(10)) * mebi,
		Ephemeral: (512 << random.Uint64N(9)) * mebi,
	}
}

// TestExpect_learns finds the parts of an Akash provider's prices from a dozen bids on unlike shapes: what it asks for
// other shapes, which differ in size by hundreds, is mostly expected within a fifth.
func TestExpect_learns(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := charge{
			core:    rapid.Int64Range(500, 5000).Draw(t, "core"),
			memory:  rapid.Int64Range(250, 2500).Draw(t, "memory"),
			storage: rapid.Int64Range(5, 50).Draw(t, "storage"),
		}
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "shapes"), 0))
		var seen []market.Observation
		for i := range 12 {
			shape := unlike(random)
			seen = append(seen, market.Observation{ProviderAddr: "a", Shape: shape, Price: c.of(shape), Height: int64(i)})
		}
		prices := market.NewPrices(seen)
		var off []math.LegacyDec
		for range 41 {
			asked := unlike(random)
			price, basis := prices.Expect("a", asked)
			require.Contains(t, []market.Basis{market.FromOwnBids, market.FromSameShape}, basis)
			off = append(off, price.Amount.Sub(c.of(asked).Amount).Abs().Quo(c.of(asked).Amount))
		}
		slices.SortFunc(off, func(a, b math.LegacyDec) int { return a.BigInt().Cmp(b.BigInt()) })
		require.True(t, off[len(off)/2].LTE(math.LegacyMustNewDecFromStr("0.2")), "off by %s", off)
	})
}

// TestExpect_bounds expects something sane of prices and shapes that no machine has.
func TestExpect_bounds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		shape := func() market.Shape {
			return market.Shape{
				CPU: rapid.Uint64().Draw(t, "cpu"), Memory: rapid.Uint64().Draw(t, "memory"),
				Persistent: map[string]uint64{"beta3": rapid.Uint64().Draw(t, "volume")},
				GPUs:       map[string]uint64{"h100": rapid.Uint64().Draw(t, "gpus")},
				IPs:        rapid.Uint64().Draw(t, "ips"),
			}
		}
		var seen []market.Observation
		for range rapid.IntRange(1, 40).Draw(t, "bids") {
			amount := math.LegacyNewDec(rapid.Int64Range(1, 1<<50).Draw(t, "price")).QuoInt64(1_000_000)
			seen = append(seen, market.Observation{
				ProviderAddr: "a", Shape: shape(), Price: coin.PerBlock{Denom: coin.UACT, Amount: amount},
			})
		}
		price, basis := market.NewPrices(seen).Expect("a", shape())
		if basis != market.NoPrice { // as for a GPU that no bid was for
			require.False(t, price.Amount.IsNegative())
		}
	})
}
