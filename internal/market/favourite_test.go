// SPDX-License-Identifier: Apache-2.0

package market_test

import (
	"strings"
	"testing"
	"time"

	"cosmossdk.io/math"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
)

// TestFavourite holds the expected auction by the whole policy, and marks its winner where it is not the cheapest.
func TestFavourite(t *testing.T) {
	t.Parallel()
	snapshot := market.Snapshot{
		Candidates: []market.Candidate{
			has("a"), has("b", declares("region", "eu-west")), has("c"), has("unpriced"), has("dear"),
		},
		Observations: []market.Observation{
			seen("a", "10", 1, asks(1)), seen("b", "20", 1, asks(1)), seen("c", "30", 1, asks(1)),
			seen("dear", "101", 1, asks(1)), // more than the SDL's price
		},
	}
	half := math.LegacyNewDecWithPrec(5, 1)
	for name, test := range map[string]struct {
		policy market.Policy
		want   string
		marked bool
	}{
		"cheapest":               {want: "a"},
		"preferred":              {policy: market.Policy{Prefer: []string{"x", "dear", "c", "b"}}, want: "c", marked: true},
		"preferred and too dear": {policy: market.Policy{Prefer: []string{"c"}, Ceiling: ceiling("25")}, want: "a"},
		"of a region":            {policy: market.Policy{Regions: []string{"eu-*"}}, want: "b"},
		"spread": {
			policy: market.Policy{Strategy: market.Spread, Held: map[string]int{"a": 1}}, want: "b", marked: true,
		},
		"weighted to the cheaper": {
			policy: market.Policy{Strategy: market.Weighted, Weights: market.DefaultWeights()}, want: "a",
		},
		"weighted to the wanted": {
			policy: market.Policy{
				Strategy: market.Weighted, Prefer: []string{"b"},
				Weights: market.Weights{Price: half, Preference: math.LegacyOneDec()},
			}, want: "b", marked: true,
		},
		"all too dear": {policy: market.Policy{Ceiling: ceiling("9")}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := snapshot.Judge(market.Question{Group: asks(1), Policy: test.policy})
			if name != "of a region" && name != "all too dear" {
				require.Len(t, out.Offers, 5)
			}
			require.Equal(t, test.want, out.Favourite)
			marked := ""
			for line := range strings.Lines(out.Tables(coin.DefaultBlockTime, time.Unix(0, 0))) {
				if strings.Contains(line, "first by bid_policy") {
					marked += strings.Fields(line)[0]
				}
			}
			if test.marked {
				require.Equal(t, test.want, marked)
			} else {
				require.Empty(t, marked)
			}
		})
	}
}

// TestJudge_lowered tells the ceiling that a group was lowered to as the ceiling it is, not as the SDL's price.
func TestJudge_lowered(t *testing.T) {
	t.Parallel()
	limit := ceiling("20")
	group := market.Cap(asks(3), limit) // 3 × 6.666666666666666666
	for name, test := range map[string]struct {
		ceiling market.Ceiling
		want    string
	}{
		"lowered": {limit, limit.Text}, "wider": {ceiling("21"), "the SDL's price"},
		"tighter": {ceiling("19"), ceiling("19").Text}, "none": {market.Ceiling{}, "the SDL's price"},
	} {
		out := market.Snapshot{}.Judge(market.Question{Group: group, Policy: market.Policy{Ceiling: test.ceiling}})
		require.Equal(t, test.want, out.Limit.Text, name)
	}
}

func TestWindowText(t *testing.T) {
	t.Parallel()
	for want, d := range map[string]time.Duration{
		"24h": 24 * time.Hour, "1h30m": 90 * time.Minute, "1m30s": 90 * time.Second,
		"1h0m5s": time.Hour + 5*time.Second,
		"10m":    10 * time.Minute, "20h": 20 * time.Hour, "1m": time.Minute,
	} {
		require.Equal(t, want, market.WindowText(d))
		back, err := time.ParseDuration(market.WindowText(d))
		require.NoError(t, err)
		require.Equal(t, d, back)
	}
}
