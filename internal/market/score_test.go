// SPDX-License-Identifier: Apache-2.0

package market_test

import (
	"strings"
	"testing"
	"time"

	"cosmossdk.io/math"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
)

func winner(t *testing.T, bids []market.Bid, policy market.Policy) string {
	t.Helper()
	best := market.Acceptable(market.Choose(bids, policy))
	require.NotEmpty(t, best)
	return best[0].ID.ProviderAddr
}

// scoreOf is the score of a bidder among bids.
func scoreOf(bids []market.Bid, policy market.Policy, addr string) math.LegacyDec {
	for _, v := range market.Choose(bids, policy) {
		if v.Bid.ID.ProviderAddr == addr {
			return v.Score
		}
	}
	return math.LegacyDec{}
}

func signedBy(n int) map[string][]attributesv1.Attribute {
	audits := map[string][]attributesv1.Attribute{}
	for i := range n {
		audits[strings.Repeat("a", i+1)] = attributes("host", "akash")
	}
	return audits
}

func TestWeighted_followsItsFormula(t *testing.T) {
	t.Parallel()
	policy := market.Policy{
		Strategy: market.Weighted, Prefer: []string{"akash1x", "akash1b"},
		Weights: market.Weights{
			Price: math.LegacyNewDec(4), Audits: math.LegacyOneDec(), Record: math.LegacyNewDec(2),
			Latency: math.LegacyOneDec(), Preference: math.LegacyNewDec(2),
		},
		Sellers: map[string]market.Seller{"akash1b": {
			Audits: signedBy(3), Record: market.Record{Leases: 8, GaveUp: 2}, Latency: 600 * time.Millisecond,
		}},
	}
	bids := []market.Bid{bid("akash1a", "10", 1), bid("akash1b", "20", 1)}
	// (4 * 10/20 + 1 * 3/4 + 2 * 7/10 + 1 * 200/800 + 2 * 1/2) / 10
	require.Equal(t, "0.540000000000000000", scoreOf(bids, policy, "akash1b").String())
	// (4 * 1 + nothing known) / 10
	require.Equal(t, "0.400000000000000000", scoreOf(bids, policy, "akash1a").String())
	got := market.Choose(bids, policy)
	require.Equal(t, "akash1b", got[0].Bid.ID.ProviderAddr)
	require.Equal(t, "best score, 1 cheaper", got[0].Reason)
	require.Equal(t, "acceptable, cheapest", got[1].Reason)
	text := market.Table(got, coin.DefaultBlockTime)
	require.Contains(t, text, "0.540")
	policy.Deny = []string{"akash1a"}
	require.Contains(t, market.Table(market.Choose(bids, policy), coin.DefaultBlockTime), "-      on the deny list")
}

func TestStrategies_rank(t *testing.T) {
	t.Parallel()
	bids := []market.Bid{bid("akash1a", "10", 1), bid("akash1b", "11", 1), bid("akash1c", "12", 1)}
	for name, test := range map[string]struct {
		policy market.Policy
		want   string
		reason string
	}{
		"cheapest by default": {market.Policy{}, "akash1a", "cheapest"},
		"preferred": {
			market.Policy{Prefer: []string{"akash1c", "akash1b"}}, "akash1c", "preferred, number 1 of the list, 2 cheaper",
		},
		"preferred, no bid": {
			market.Policy{Prefer: []string{"akash1x", "akash1b"}}, "akash1b", "preferred, number 2 of the list, 1 cheaper",
		},
		"preferred, but denied": {
			market.Policy{Prefer: []string{"akash1c"}, Deny: []string{"akash1c"}}, "akash1a", "cheapest",
		},
		"spread": {
			market.Policy{Strategy: market.Spread, Held: map[string]int{"akash1a": 2, "akash1b": 1, "akash1c": 1}},
			"akash1b", "1 lease there already, 1 cheaper",
		},
		"spread, all new": {market.Policy{Strategy: market.Spread}, "akash1a", "no lease there yet, cheapest"},
		"weights of nothing": {
			market.Policy{Strategy: market.Weighted}, "akash1a", "best score, cheapest",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, test.want, winner(t, bids, test.policy))
			require.Equal(t, test.reason, market.Choose(bids, test.policy)[0].Reason)
		})
	}
}

var decimals = rapid.Custom(func(t *rapid.T) math.LegacyDec {
	return math.LegacyNewDecWithPrec(rapid.Int64Range(1, 1_000_000).Draw(t, "digits"), 4)
})

var sellers = rapid.Custom(func(t *rapid.T) market.Seller {
	leases := rapid.IntRange(0, 50).Draw(t, "leases")
	return market.Seller{
		Audits:  signedBy(rapid.IntRange(0, 4).Draw(t, "audits")),
		Record:  market.Record{Leases: leases, GaveUp: rapid.IntRange(0, leases).Draw(t, "gave up")},
		Latency: time.Duration(rapid.IntRange(0, 5000).Draw(t, "ms")) * time.Millisecond,
	}
})

// A bid never ranks worse for being better in one respect while all else stays, and scores stay within 0 and 1.
func TestWeighted_isMonotone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		policy := market.Policy{
			Strategy: market.Weighted, Sellers: map[string]market.Seller{}, Prefer: []string{"akash1a", "akash1b"},
			Weights: market.Weights{
				Price: decimals.Draw(t, "price weight"), Audits: decimals.Draw(t, "audits weight"),
				Record: decimals.Draw(t, "record weight"), Latency: decimals.Draw(t, "latency weight"),
				Preference: decimals.Draw(t, "preference weight"),
			},
		}
		names := []string{"akash1a", "akash1b", "akash1c", "akash1d"}
		var bids []market.Bid
		for _, name := range names {
			b := bid(name, "1", 1)
			b.Price.Amount = decimals.Draw(t, "price")
			bids = append(bids, b)
			policy.Sellers[name] = sellers.Draw(t, "seller")
		}
		subject := rapid.IntRange(0, len(names)-1).Draw(t, "subject")
		name := names[subject]
		place := func() int {
			for i, v := range market.Choose(bids, policy) {
				require.False(t, v.Score.IsNegative())
				require.True(t, v.Score.LTE(math.LegacyOneDec()))
				if v.Bid.ID.ProviderAddr == name {
					return i
				}
			}
			return -1
		}
		before := place()
		seller := policy.Sellers[name]
		switch rapid.SampledFrom([]string{"price", "audits", "record", "latency"}).Draw(t, "better") {
		case "price":
			bids[subject].Price.Amount = bids[subject].Price.Amount.QuoInt64(2)
		case "audits":
			seller.Audits = signedBy(5)
		case "record":
			seller.Record.GaveUp = 0
		case "latency":
			seller.Latency = time.Nanosecond
		}
		policy.Sellers[name] = seller
		require.LessOrEqual(t, place(), before)
	})
}

// Without other weights, weighted is cheapest.
func TestWeighted_byPriceAloneIsCheapest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var bids []market.Bid
		for _, name := range []string{"akash1a", "akash1b", "akash1c"} {
			b := bid(name, "1", 1)
			b.Price.Amount = decimals.Draw(t, "price")
			bids = append(bids, b)
		}
		weighted := market.Policy{Strategy: market.Weighted, Weights: market.Weights{Price: decimals.Draw(t, "weight")}}
		require.Equal(t, market.Acceptable(market.Choose(bids, market.Policy{})),
			market.Acceptable(market.Choose(bids, weighted)))
	})
}

func TestPolicy_Needs(t *testing.T) {
	t.Parallel()
	require.Equal(t, market.Facts{}, market.Policy{Weights: market.DefaultWeights()}.Needs(), "weights are for weighted")
	require.Equal(t, market.Facts{Audits: true, Record: true, Latency: true},
		market.Policy{Strategy: market.Weighted, Weights: market.DefaultWeights()}.Needs())
	require.Equal(t, market.Facts{Declared: true}, market.Policy{Regions: []string{"eu"}}.Needs())
	require.Equal(t, market.Facts{Declared: true, Audits: true}, market.Policy{Auditors: []string{"a"}}.Needs())
	require.Equal(t, market.Facts{Held: true}, market.Policy{Strategy: market.Spread}.Needs())
	require.False(t, market.Facts{Held: true}.OfSeller())
}

// A window never gets shorter for more orders, and one order alone has the window as it is.
func TestWindow_growsWithOrdersOpenedTogether(t *testing.T) {
	t.Parallel()
	w := market.Window{Blocks: 10, Quiet: 3, MinBids: 1, MaxBids: 21}
	require.Equal(t, w, w.Together(1))
	require.Equal(t, w, w.Together(0))
	require.Equal(t, market.Window{Blocks: 14, Quiet: 7, MinBids: 1, MaxBids: 21}, w.Together(5))
	require.Equal(t, int64(109), w.Together(100).Blocks)
	require.Equal(t, int64(23), w.Together(100).Quiet)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 500).Draw(t, "orders")
		fewer, more := w.Together(n), w.Together(n+1)
		auction := market.Auction{
			OrderHeight: 100, Height: rapid.Int64Range(100, 700).Draw(t, "height"),
			Verdicts: market.Choose([]market.Bid{bid("akash1a", "1", 101)}, market.Policy{}),
		}
		if more.Over(auction) {
			require.True(t, fewer.Over(auction))
		}
	})
}
