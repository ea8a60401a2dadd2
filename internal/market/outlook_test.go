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
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

func seen(addr, price string, height int64, group deploymentv1beta4.GroupSpec) market.Observation {
	return market.Observation{
		ProviderAddr: addr, Shape: market.ShapeOfGroup(group), Height: height,
		Price: coin.PerBlock{Denom: coin.UACT, Amount: math.LegacyMustNewDecFromStr(price)},
	}
}

// TestExpect takes the best source there is for a price, and scales by what is asked for.
func TestExpect(t *testing.T) {
	t.Parallel()
	prices := market.NewPrices([]market.Observation{
		seen("same", "50", 1, asks(1)), seen("same", "40", 2, asks(1)), seen("same", "1000", 3, asks(4)),
		seen("other", "30", 1, asks(1)),
		{
			ProviderAddr: "foreign", Shape: market.ShapeOfGroup(asks(1)),
			Price: coin.PerBlock{Denom: coin.UAKT, Amount: math.LegacyOneDec()},
		},
	})
	for name, test := range map[string]struct {
		addr  string
		count uint32
		price string
		basis market.Basis
	}{
		"the newest of the same":     {"same", 1, "40uact", market.FromSameShape},
		"scaled":                     {"other", 3, "90uact", market.FromOwnBids},
		"scaled from others":         {"new", 2, "60uact", market.FromNetwork},
		"another denom says nothing": {"foreign", 2, "60uact", market.FromNetwork},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			price, basis := prices.Expect(test.addr, market.ShapeOfGroup(asks(test.count)))
			require.Equal(t, test.basis, basis)
			require.Equal(t, test.price, price.Amount.RoundInt().String()+price.Denom)
		})
	}
	_, basis := prices.Expect("same", market.ShapeOfGroup(asks(1, wantsGPU(1, "vendor/nvidia/model/h100"))))
	require.Equal(t, market.NoPrice, basis, "bids without a GPU say nothing of one with")
}

// TestProspect sums up, and tells when a plan may be refused for it.
func TestProspect(t *testing.T) {
	t.Parallel()
	free := asks(1)
	free.Resources[0].Price.Amount = math.LegacyNewDec(1_000_000)
	for name, test := range map[string]struct {
		snapshot market.Snapshot
		question market.Question
		want     market.Prospect
		firm     bool
		headline string
	}{
		"nothing was read": {
			question: market.Question{Group: free}, want: market.Unreadable,
			headline: "web: who would run this is not known, the market could not be read",
		},
		"most are silent": {
			snapshot: market.Snapshot{Candidates: []market.Candidate{has("a", silent), has("b", silent)}},
			question: market.Question{Group: free}, want: market.Unreadable,
			headline: "web: who would run this is not known, the market could not be read",
		},
		"nobody": {
			snapshot: market.Snapshot{Candidates: []market.Candidate{has("a"), has("b"), has("c", silent)}},
			question: market.Question{Group: asks(9)}, want: market.Nobody, firm: true,
			headline: `web: nobody can run this: "no room for all 9 replicas" rules out 2 of 3`,
		},
		"no prices yet": {
			snapshot: market.Snapshot{Candidates: []market.Candidate{has("a")}},
			question: market.Question{Group: free, Policy: market.Policy{Ceiling: ceiling("20")}}, want: market.PriceUnknown,
			headline: "web: 1 Akash provider can run this, prices are not known yet, ceiling 8.77",
		},
		"likely": {
			snapshot: market.Snapshot{
				Candidates:   []market.Candidate{has("a"), has("b"), has("c", silent)},
				Observations: []market.Observation{seen("a", "10", 1, free), seen("b", "20", 1, free)},
			},
			question: market.Question{Group: free, Policy: market.Policy{Ceiling: ceiling("20")}}, want: market.Likely,
			firm: true, headline: "web: 2 Akash providers can run this, 4.38–8.77 USD/month, ceiling 8.77",
		},
		"some fit": {
			snapshot: market.Snapshot{
				Candidates:   []market.Candidate{has("a"), has("b")},
				Observations: []market.Observation{seen("a", "10", 1, free), seen("b", "20.01", 1, free)},
			},
			question: market.Question{Group: free, Policy: market.Policy{Ceiling: ceiling("20")}}, want: market.Likely,
			firm: true, headline: "web: 1 of 2 that can run this fit, 4.38–8.77 USD/month, ceiling 8.77",
		},
		"too dear by their own prices": {
			snapshot: market.Snapshot{
				Candidates: []market.Candidate{has("a")}, Observations: []market.Observation{seen("a", "10", 1, free)},
			},
			question: market.Question{Group: free, Policy: market.Policy{Ceiling: ceiling("9")}}, want: market.TooDear,
			firm: true, headline: "web: too dear: 1 Akash provider can run this, from about 4.38 USD/month, ceiling 3.94",
		},
		"too dear by others' prices": {
			snapshot: market.Snapshot{
				Candidates: []market.Candidate{has("a")}, Observations: []market.Observation{seen("x", "10", 1, free)},
			},
			question: market.Question{Group: free, Policy: market.Policy{Ceiling: ceiling("9")}}, want: market.TooDear,
			headline: "web: too dear: 1 Akash provider can run this, from about 4.38 USD/month, ceiling 3.94",
		},
		"a real bid beats what is expected": {
			snapshot: market.Snapshot{
				Candidates:   []market.Candidate{has("akash1a", silent)},
				Observations: []market.Observation{seen("akash1a", "50", 1, free)},
			},
			question: market.Question{Group: free, Bids: []market.Bid{bid("akash1a", "10", 1)}}, want: market.Likely,
			firm: true, headline: "web: 1 Akash provider can run this, about 4.38 USD/month, the SDL allows 438300.00",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := test.snapshot.Judge(test.question)
			prospect, firm := out.Prospect()
			require.Equal(t, test.want, prospect)
			require.Equal(t, test.firm, firm)
			require.Equal(t, test.headline, out.Headline("web", coin.DefaultBlockTime))
			for line := range strings.Lines(out.Tables(coin.DefaultBlockTime, time.Unix(0, 0))) {
				require.True(t, strings.HasPrefix(line, " ") || line == "\n", "%q", line)
			}
		})
	}
}

// TestJudge_properties: everybody is either an offer or excluded once, whatever is asked; prices rise; nobody denied
// and nobody silent is offered.
func TestJudge_properties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var snapshot market.Snapshot
		for i := range rapid.IntRange(0, 12).Draw(t, "sellers") {
			addr := "akash1" + string(rune('a'+i))
			c := has(addr)
			c.Inventory.Nodes[0].CPU = rapid.Uint64Range(0, 9000).Draw(t, "cpu")
			if rapid.Bool().Draw(t, "silent") {
				silent(&c)
			}
			snapshot.Candidates = append(snapshot.Candidates, c)
			if rapid.Bool().Draw(t, "priced") {
				price := rapid.StringMatching(`[1-9][0-9]?`).Draw(t, "price")
				snapshot.Observations = append(snapshot.Observations, seen(addr, price, 1, asks(2)))
			}
		}
		limit := ceiling(rapid.StringMatching(`[1-9][0-9]?`).Draw(t, "ceiling"))
		policy := market.Policy{Ceiling: limit, Deny: []string{"akash1a"}}
		out := snapshot.Judge(market.Question{Group: asks(rapid.Uint32Range(1, 6).Draw(t, "count")), Policy: policy})
		met := map[string]int{}
		for i, o := range out.Offers {
			met[o.Seller.Addr]++
			require.NotEqual(t, "akash1a", o.Seller.Addr)
			if i > 0 && o.Basis != market.NoPrice {
				require.True(t, out.Offers[i-1].Price.Amount.LTE(o.Price.Amount))
			}
		}
		for _, e := range out.Excluded {
			for _, addr := range e.Sellers {
				met[addr]++
			}
		}
		require.Len(t, met, len(snapshot.Candidates))
		for addr, n := range met {
			require.Equal(t, 1, n, addr)
		}
	})
}
