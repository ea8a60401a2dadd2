// SPDX-License-Identifier: Apache-2.0

package market_test

import (
	"math/rand/v2"
	"testing"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
	resourcesv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/resources/v1beta4"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

func uact(amount string) coin.PerBlock {
	return coin.PerBlock{Denom: coin.UACT, Amount: math.LegacyMustNewDecFromStr(amount)}
}

func gpuOffer(seller, model string, units uint64, price coin.PerBlock) market.GPUOffer {
	return market.GPUOffer{
		Bid: ids.BidID{Owner: "o", DSeq: 1, GSeq: 1, OSeq: 1, ProviderAddr: seller},
		GPU: market.GPU{Vendor: "nvidia", Model: model}, Units: units, Price: price,
	}
}

// unitOf is a unit of a bid: so many replicas with so many GPUs each.
func unitOf(count uint32, units int64, keys ...string) marketv1beta5.ResourceOffer {
	gpu := &resourcesv1beta4.GPU{Units: resourcesv1beta4.ResourceValue{Val: math.NewInt(units)}}
	for _, key := range keys {
		gpu.Attributes = append(gpu.Attributes, attributesv1.Attribute{Key: key, Value: "true"})
	}
	return marketv1beta5.ResourceOffer{Resources: resourcesv1beta4.Resources{GPU: gpu}, Count: count}
}

func TestGPUOfferOf(t *testing.T) {
	t.Parallel()
	const a100, t4 = "vendor/nvidia/model/a100/ram/80Gi/interface/sxm", "vendor/nvidia/model/t4"
	read := func(units ...marketv1beta5.ResourceOffer) (market.GPUOffer, bool) {
		return market.GPUOfferOf(ids.BidID{ProviderAddr: "s"}, marketv1beta5.Bid{
			Price: sdk.DecCoin{Denom: coin.UACT, Amount: math.LegacyNewDec(12)}, CreatedAt: 7, ResourcesOffer: units,
		})
	}
	got, ok := read(unitOf(1, 0), unitOf(2, 3, a100), unitOf(1, 2, a100))
	require.True(t, ok)
	require.Equal(t, market.GPU{Vendor: "nvidia", Model: "a100", RAM: "80Gi", Interface: "sxm"}, got.GPU)
	require.EqualValues(t, 8, got.Units)
	require.EqualValues(t, 7, got.Height)
	require.Equal(t, "1.5uact", got.PerUnit().String())

	for name, units := range map[string][]marketv1beta5.ResourceOffer{
		"no GPU": {unitOf(1, 0)}, "nothing": nil, "two models": {unitOf(1, 1, a100), unitOf(1, 1, t4)},
		"no model named": {unitOf(1, 1)}, "any model": {unitOf(1, 1, "vendor/nvidia/model/*")},
		"no GPU key": {unitOf(1, 1, "vendor/nvidia/cores/5")}, "odd key": {unitOf(1, 1, "vendor/nvidia/model")},
		"no replica": {unitOf(0, 1, a100)},
	} {
		_, ok := read(units...)
		require.False(t, ok, name)
	}
}

func TestChooseVariant(t *testing.T) {
	t.Parallel()
	ceiling := market.Ceiling{Limit: uact("2000"), Text: "1.2 USD per GPU-hour"}
	over, at := gpuOffer("b", "h100", 1, uact("2000.000000000000000001")), gpuOffer("c", "a100", 1, uact("2000"))
	chosen, results := market.ChooseVariant(
		[]market.Ceiling{{}, ceiling, ceiling, ceiling, {}},
		[][]market.GPUOffer{nil, {gpuOffer("a", "h100", 1, uact("2001")), over}, {over, at}, {at}, {
			gpuOffer("d", "t4", 1, coin.PerBlock{Denom: coin.UAKT, Amount: math.LegacyOneDec()}),
		}}, coin.DefaultBlockTime)
	require.Equal(t, 2, chosen)
	var reasons []string
	for _, r := range results {
		reasons = append(reasons, r.Reason)
	}
	require.Equal(t, []string{
		"no bid",
		"over the ceiling of 1.2 USD per GPU-hour: the cheapest of 2 bids asks 1.2000 USD per GPU-hour",
		"chosen: the first with an acceptable bid, from 1.2000 USD per GPU-hour",
		"a variant before it was chosen; from 1.2000 USD per GPU-hour",
		"no bid in uact",
	}, reasons)
	require.Equal(t, 1, results[2].Acceptable)
	require.Equal(t, at, *results[2].Cheapest)

	chosen, _ = market.ChooseVariant([]market.Ceiling{ceiling}, [][]market.GPUOffer{{over}}, coin.DefaultBlockTime)
	require.Equal(t, -1, chosen)
}

// The chosen variant never depends on the order in which bids came in, and no earlier one has an acceptable bid.
func TestChooseVariantIsTheFirstAcceptable(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		n := 1 + random.IntN(5)
		ceilings, offers := make([]market.Ceiling, n), make([][]market.GPUOffer, n)
		for i := range n {
			if random.IntN(2) == 0 {
				ceilings[i] = market.Ceiling{Limit: coin.PerBlock{
					Denom: coin.UACT, Amount: math.LegacyNewDec(random.Int64N(10)),
				}}
			}
			for range random.IntN(4) {
				price := coin.PerBlock{Denom: coin.UACT, Amount: math.LegacyNewDec(1 + random.Int64N(10))}
				offers[i] = append(offers[i], gpuOffer(string(rune('a'+random.IntN(9))), "t4", 1, price))
			}
		}
		chosen, results := market.ChooseVariant(ceilings, offers, coin.DefaultBlockTime)
		for i, r := range results {
			if chosen < 0 || i < chosen {
				require.Zero(t, r.Acceptable)
			}
			random.Shuffle(len(offers[i]), func(a, b int) { offers[i][a], offers[i][b] = offers[i][b], offers[i][a] })
		}
		if chosen >= 0 {
			require.Positive(t, results[chosen].Acceptable)
			require.True(t, ceilings[chosen].Allows(*results[chosen].Cheapest))
		}
		again, _ := market.ChooseVariant(ceilings, offers, coin.DefaultBlockTime)
		require.Equal(t, chosen, again)
	}
}

func TestGPUPrices(t *testing.T) {
	t.Parallel()
	prices := market.GPUPrices([]market.GPUOffer{
		gpuOffer("b", "t4", 2, uact("800")), gpuOffer("a", "t4", 1, uact("300")), gpuOffer("a", "h100", 1, uact("9")),
		gpuOffer("a", "h100", 1, uact("5")), gpuOffer("c", "h100", 1, uact("7")),
		gpuOffer("d", "h100", 1, coin.PerBlock{Denom: coin.UAKT, Amount: math.LegacyOneDec()}),
	})
	require.Equal(t, []market.GPUPrice{
		{
			Vendor: "nvidia", Model: "h100", Min: uact("5"), Median: uact("7"), Max: uact("9"), Offers: 3,
			Sellers: []string{"a", "c"},
		},
		{
			Vendor: "nvidia", Model: "t4", Min: uact("300"), Median: uact("350"), Max: uact("400"), Offers: 2,
			Sellers: []string{"a", "b"},
		},
	}, prices)
	require.Empty(t, market.GPUPrices(nil))
}
