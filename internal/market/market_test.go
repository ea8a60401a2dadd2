// SPDX-License-Identifier: Apache-2.0

package market_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"cosmossdk.io/math"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
)

func bid(seller, price string, height int64) market.Bid {
	return market.Bid{
		ID:     ids.BidID{Owner: "akash1owner", DSeq: 1, GSeq: 1, OSeq: 1, ProviderAddr: seller},
		Price:  coin.PerBlock{Denom: coin.UACT, Amount: math.LegacyMustNewDecFromStr(price)},
		Open:   true,
		Height: height,
	}
}

func ceiling(price string) market.Ceiling {
	limit := coin.PerBlock{Denom: coin.UACT, Amount: math.LegacyMustNewDecFromStr(price)}
	return market.Ceiling{Limit: limit, Text: price + " uact per block"}
}

func TestChooseTellsAReasonForEveryBid(t *testing.T) {
	t.Parallel()
	gone := bid("akash1gone", "1", 5)
	gone.Open = false
	foreign := bid("akash1foreign", "1", 5)
	foreign.Price.Denom = coin.UAKT
	got := market.Choose([]market.Bid{
		bid("akash1dear", "20.000000000000000001", 5),
		bid("akash1even", "20", 5),
		bid("akash1cheap", "10.5", 5),
		bid("akash1bad", "3", 5),
		bid("akash1flaky", "2", 5),
		gone, foreign,
	}, market.Policy{
		Ceiling:  ceiling("20"),
		Deny:     []string{"akash1bad"},
		Unusable: map[string]string{"akash1flaky": "gateway did not answer"},
	})
	reasons := map[string]string{}
	for _, v := range got {
		reasons[v.Bid.ID.ProviderAddr] = v.Reason
	}
	require.Equal(t, map[string]string{
		"akash1cheap":   "cheapest",
		"akash1even":    "acceptable, 1 cheaper",
		"akash1dear":    "over the ceiling of 20 uact per block",
		"akash1bad":     "on the deny list",
		"akash1flaky":   "gateway did not answer",
		"akash1gone":    "no longer open",
		"akash1foreign": "priced in uakt, the ceiling is in uact",
	}, reasons)
	best := market.Acceptable(got)
	require.Len(t, best, 2)
	require.Equal(t, "akash1cheap", best[0].ID.ProviderAddr)
}

func TestAllowListExcludesEveryoneElse(t *testing.T) {
	t.Parallel()
	got := market.Choose(
		[]market.Bid{bid("akash1a", "1", 1), bid("akash1b", "2", 1)},
		market.Policy{Allow: []string{"akash1b"}, Deny: []string{"akash1b"}},
	)
	require.Empty(t, market.Acceptable(got), "deny beats allow")
	got = market.Choose([]market.Bid{bid("akash1a", "1", 1), bid("akash1b", "2", 1)},
		market.Policy{Allow: []string{"akash1b"}})
	require.Equal(t, "akash1b", market.Acceptable(got)[0].ID.ProviderAddr)
}

// The choice depends on the set of bids, never on their order, and never breaks the ceiling.
func TestChooseProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 12).Draw(t, "bids")
		var bids []market.Bid
		for i := range n {
			price := rapid.StringMatching(`[1-9][0-9]?(\.[0-9])?`).Draw(t, "price")
			b := bid("akash1p"+string(rune('a'+i)), price, 1)
			b.Open = rapid.Bool().Draw(t, "open")
			bids = append(bids, b)
		}
		policy := market.Policy{Ceiling: ceiling(rapid.StringMatching(`[1-9][0-9]?`).Draw(t, "ceiling"))}
		first := market.Choose(bids, policy)
		shuffled := slices.Clone(bids)
		seed := rapid.Uint64().Draw(t, "seed")
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(shuffled), func(i, j int) {
			shuffled[i], shuffled[j] = shuffled[j], shuffled[i]
		})
		require.Equal(t, first, market.Choose(shuffled, policy))
		require.Len(t, first, n)
		winners := market.Acceptable(first)
		for i, w := range winners {
			require.True(t, w.Open)
			require.True(t, w.Price.Amount.LTE(policy.Ceiling.Limit.Amount))
			if i > 0 {
				require.True(t, winners[i-1].Price.Amount.LTE(w.Price.Amount))
			}
		}
	})
}

func TestWindow(t *testing.T) {
	t.Parallel()
	w := market.Window{Blocks: 10, Quiet: 3, MinBids: 2, MaxBids: 4}
	judged := func(bids ...market.Bid) []market.Verdict { return market.Choose(bids, market.Policy{}) }
	one, two := bid("akash1a", "1", 101), bid("akash1b", "2", 104)
	for name, tc := range map[string]struct {
		auction market.Auction
		over    bool
	}{
		"nothing yet":             {market.Auction{OrderHeight: 100, Height: 103}, false},
		"nothing, window over":    {market.Auction{OrderHeight: 100, Height: 110}, true},
		"one bid is not enough":   {market.Auction{OrderHeight: 100, Height: 109, Verdicts: judged(one)}, false},
		"enough, still coming in": {market.Auction{OrderHeight: 100, Height: 106, Verdicts: judged(one, two)}, false},
		"enough and quiet":        {market.Auction{OrderHeight: 100, Height: 107, Verdicts: judged(one, two)}, true},
		"the order can take no more": {
			market.Auction{OrderHeight: 100, Height: 102, Verdicts: judged(one, one, one, one)}, true,
		},
	} {
		require.Equal(t, tc.over, w.Over(tc.auction), name)
	}
	require.False(t, market.Window{Blocks: 5, Quiet: 0}.Over(market.Auction{OrderHeight: 1, Height: 1}),
		"a zero MinBids still wants one bid")
}

func TestTableKeepsEveryLineIndented(t *testing.T) {
	t.Parallel()
	text := market.Table(market.Choose([]market.Bid{bid("akash1a", "10", 1)}, market.Policy{}), coin.DefaultBlockTime)
	for line := range strings.Lines(text) {
		require.True(t, strings.HasPrefix(line, " "), line)
	}
	require.Contains(t, text, "4.38")
	require.Equal(t, " (no bid came in)", market.Table(nil, coin.DefaultBlockTime))
}
