// SPDX-License-Identifier: Apache-2.0

package acctest_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
	"github.com/akash-iac/terraform-provider-akash/internal/forecast"
	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	depositv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/deposit/v1"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

const (
	// evalSellers fit on an order, which takes 21 bids.
	evalSellers = 20
	// evalBlocks is when the slowest of them has bid: delay, jitter, and a bid a block while others' bids are sent.
	evalBlocks = 14
	// evalRunning is how many leases run at a time, so that there is less free and more to learn prices from.
	evalRunning = 12
)

// evaluation is what forecasts said beside what the auctions that followed did.
type evaluation struct {
	groups, exact           int
	foreseen, missed, wrong int
	errors                  map[market.Basis][]math.LegacyDec
}

// TestForecastEval makes a forecast for EVAL_SDLS (10) SDLs of the corpus that EVAL_SEED chooses, holds the auction of
// each, and compares: who would bid, and for how much. `make forecast-eval` does it with 200 and prints the report.
func TestForecastEval(t *testing.T) {
	t.Parallel()
	wanted, seed := number(t, "EVAL_SDLS", 10), uint64(number(t, "EVAL_SEED", 7))
	random := rand.New(rand.NewPCG(seed, 0))
	dev := acctest.StartDevnet(t, "known Akash providers", devnet.Options{
		AkashProviders: akashprovider.GenerateSpecs(evalSellers, seed), BlockTime: 100 * time.Millisecond,
	}, acctest.Calm("late and withdrawn bids are no forecast's fault"))
	client, err := chain.Dial(t.Context(), chain.Config{ChainID: dev.ChainID(), GRPC: []string{dev.Endpoint()}})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, client.Close()) })

	// An order with twenty bids takes more gas to close than the messages of other tests.
	const gas = 10_000_000
	send := func(messages ...sdk.Msg) {
		answer, err := dev.Wallet(t, acctest.Tenant).Send(t.Context(), wallet.Options{Gas: gas}, messages...)
		require.NoError(t, err)
		require.Zero(t, answer.Code, answer.RawLog)
	}

	corpus := readCorpus(t)
	e := evaluation{errors: map[market.Basis][]math.LegacyDec{}}
	var running []deploymentv1.DeploymentID
	for i := range wanted {
		groups := corpus[random.IntN(len(corpus))]
		// A new reader: what an earlier one keeps for minutes is from before the last auction.
		snapshot, err := forecast.New(forecast.Config{
			Chain: client, Gateways: func(hostURI, providerAddr string) (forecast.Gateway, error) {
				return gateway.New(gateway.Config{Certificates: client, HostURI: hostURI, ProviderAddr: providerAddr})
			},
		}).Read(t.Context(), func(market.Seller) bool { return true }, akashprovider.NetworkAuditor)
		require.NoError(t, err)
		id := deploymentv1.DeploymentID{Owner: dev.Owner(t, acctest.Tenant), DSeq: uint64(i + 1)}
		send(&deploymentv1beta4.MsgCreateDeployment{
			ID: id, Groups: groups, Hash: bytes.Repeat([]byte{1}, 32), Deposit: depositv1.Deposit{
				Amount: sdk.NewInt64Coin(coin.UACT, 5_000_000), Sources: []depositv1.Source{depositv1.Source_balance},
			},
		})
		require.NoError(t, dev.Inside.WaitHeight(t.Context(), dev.Inside.Height()+evalBlocks))
		var winners []sdk.Msg
		for g, group := range groups {
			order := ids.OrderID{Owner: id.Owner, DSeq: id.DSeq, GSeq: uint32(g + 1), OSeq: 1}
			bids, err := client.ListBids(t.Context(), order)
			require.NoError(t, err)
			e.compare(snapshot.Judge(market.Question{Group: group}), bids)
			if len(bids) > 0 {
				winners = append(winners, &marketv1beta5.MsgCreateLease{BidID: cheapest(bids).Bid.ID})
			}
		}
		if len(winners) == len(groups) {
			send(winners...)
			running = append(running, id)
		} else {
			send(&deploymentv1beta4.MsgCloseDeployment{ID: id})
		}
		if len(running) > evalRunning {
			send(&deploymentv1beta4.MsgCloseDeployment{ID: running[0]})
			running = running[1:]
		}
	}
	t.Logf("forecast-eval: EVAL_SEED=%d, %d SDLs, %d Akash providers\n%s", seed, wanted, evalSellers, e.report())
	require.Positive(t, e.foreseen)
	require.LessOrEqual(t, (e.missed+e.wrong)*20, e.foreseen, "at most one in twenty is mistaken")
}

func number(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	require.NoError(t, err, name)
	return n
}

// readCorpus is the groups of every SDL there is that the chain takes, priced in uact.
func readCorpus(t *testing.T) [][]deploymentv1beta4.GroupSpec {
	t.Helper()
	var corpus [][]deploymentv1beta4.GroupSpec
	for _, pattern := range []string{
		"../sdl/testdata/golden/*.yaml", "../../../shared/conformance/sdl/*.yaml",
		"../../../shared/conformance/sdl-generated/*.yaml",
	} {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, file := range files {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			doc, _ := sdl.Parse(text)
			if doc == nil {
				continue
			}
			if groups, ok := inUACT(doc.Groups()); ok {
				corpus = append(corpus, groups)
			}
		}
	}
	require.NotEmpty(t, corpus)
	return corpus
}

// inUACT makes the price of every unit one in uact; ok is false for what no chain takes.
func inUACT(groups []deploymentv1beta4.GroupSpec) (_ []deploymentv1beta4.GroupSpec, ok bool) {
	const mostUnits = 8 // more do not fit a transaction of the usual gas
	units := 0
	for g := range groups {
		units += len(groups[g].Resources)
		for u := range groups[g].Resources {
			groups[g].Resources[u].Price.Denom = coin.UACT
		}
	}
	return groups, units > 0 && units <= mostUnits
}

func cheapest(bids []marketv1beta5.QueryBidResponse) marketv1beta5.QueryBidResponse {
	return slices.MinFunc(bids, func(a, b marketv1beta5.QueryBidResponse) int {
		return a.Bid.Price.Amount.BigInt().Cmp(b.Bid.Price.Amount.BigInt())
	})
}

// compare counts an outlook against the bids of its group.
func (e *evaluation) compare(outlook market.Outlook, bids []marketv1beta5.QueryBidResponse) {
	e.groups++
	asked := map[string]math.LegacyDec{}
	for _, b := range bids {
		asked[b.Bid.ID.Provider] = b.Bid.Price.Amount
	}
	mistakes := e.missed + e.wrong
	for _, offer := range outlook.Offers {
		price, bid := asked[offer.Seller.Addr]
		delete(asked, offer.Seller.Addr)
		if bid && offer.Basis != market.NoPrice {
			off := offer.Price.Amount.Sub(price).Abs().Quo(price)
			e.errors[offer.Basis] = append(e.errors[offer.Basis], off)
		}
		switch {
		case bid:
			e.foreseen++
		case offer.Refusal == "" && offer.Basis != market.NoPrice:
			e.wrong++
		}
	}
	e.missed += len(asked)
	if e.missed+e.wrong == mistakes {
		e.exact++
	}
}

func (e *evaluation) report() string {
	var b bytes.Buffer
	percent := func(part, whole int) string {
		if whole == 0 {
			return "-"
		}
		return math.LegacyNewDec(int64(part)*100).QuoInt64(int64(whole)).RoundInt().String() + " %"
	}
	fmt.Fprintf(&b, " groups %d, bidders foreseen exactly in %s\n", e.groups, percent(e.exact, e.groups))
	fmt.Fprintf(&b, " bids %d, foreseen %s; foreseen and not bid %s\n", e.foreseen+e.missed,
		percent(e.foreseen, e.foreseen+e.missed), percent(e.wrong, e.foreseen+e.wrong))
	for basis := market.FromBid; basis <= market.FromNetwork; basis++ {
		off := e.errors[basis]
		if len(off) == 0 {
			continue
		}
		slices.SortFunc(off, func(a, b math.LegacyDec) int { return a.BigInt().Cmp(b.BigInt()) })
		at := func(percentile int) string {
			return off[(len(off)-1)*percentile/100].MulInt64(100).RoundInt().String() + " %"
		}
		fmt.Fprintf(&b, " price from %s: %d, off by %s (median), %s (p90)\n", basis, len(off), at(50), at(90))
	}
	return b.String()
}
