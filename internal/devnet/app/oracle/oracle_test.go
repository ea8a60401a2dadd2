// SPDX-License-Identifier: Apache-2.0

package oracle_test

import (
	"slices"
	"testing"
	"time"

	"cosmossdk.io/math"
	storetypes "cosmossdk.io/store/types"
	"github.com/cosmos/cosmos-sdk/testutil"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/oracle"
	oraclev2 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/oracle/v2"
)

var (
	pair  = oraclev2.DataID{Denom: oracle.AKT, BaseDenom: oracle.USD}
	start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
)

type feed struct {
	source string
	second int
	price  string
}

func newOracle(t *testing.T, params oraclev2.Params, feeds ...feed) (*oracle.Keeper, sdk.Context) {
	t.Helper()
	key := storetypes.NewKVStoreKey("test")
	ctx := testutil.DefaultContext(key, storetypes.NewTransientStoreKey("transient")).WithBlockTime(start)
	k := oracle.NewKeeper(key)
	params.Sources, params.MaxPriceDeviationBps = []string{"one", "two"}, 150
	params.TwapWindow, params.MaxFutureTimeDrift = 10*time.Second, time.Minute
	params.MaxPriceStalenessPeriod = 30 * time.Second
	require.NoError(t, k.SetParams(ctx, params))
	for _, f := range feeds {
		ctx = ctx.WithBlockTime(start.Add(time.Duration(f.second) * time.Second))
		require.NoError(t, k.Add(ctx, f.source, pair, dec(f.price), ctx.BlockTime()))
	}
	return k, ctx
}

func dec(text string) math.LegacyDec { return math.LegacyMustNewDecFromStr(text) }

func TestAverage(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		feeds   []feed
		seconds int // after start
		want    string
	}{
		"one price before the window":     {[]feed{{"one", 0, "2"}}, 20, "2"},
		"one price within":                {[]feed{{"one", 0, "2"}}, 4, "2"},
		"two, each half of the window":    {[]feed{{"one", 0, "2"}, {"one", 15, "4"}}, 20, "3"},
		"the second held a tenth":         {[]feed{{"one", 0, "2"}, {"one", 19, "4"}}, 20, "2.2"},
		"one at the window's very start":  {[]feed{{"one", 0, "9"}, {"one", 10, "4"}}, 20, "4"},
		"three in the window, one before": {[]feed{{"one", 0, "1"}, {"one", 12, "2"}, {"one", 15, "3"}}, 20, "2.3"},
		"two sources":                     {[]feed{{"one", 0, "2"}, {"two", 1, "2.02"}}, 20, "2.01"},
		"one source stale":                {[]feed{{"one", 0, "2"}, {"two", 20, "3"}}, 40, "3"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k, ctx := newOracle(t, oraclev2.Params{MinPriceSources: 1}, tc.feeds...)
			ctx = ctx.WithBlockTime(start.Add(time.Duration(tc.seconds) * time.Second))
			require.NoError(t, k.EndBlock(ctx))
			got, err := k.Price(ctx, "uakt")
			require.NoError(t, err)
			require.Equal(t, dec(tc.want), got)
		})
	}
}

func TestNoPrice(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		sources uint32
		feeds   []feed
		seconds int
	}{
		"never one":              {1, nil, 0},
		"stale":                  {1, []feed{{"one", 0, "2"}}, 31},
		"too few sources":        {2, []feed{{"one", 0, "2"}}, 5},
		"sources disagree":       {1, []feed{{"one", 0, "2"}, {"two", 0, "2.04"}}, 5},
		"no time since the feed": {1, []feed{{"one", 0, "2"}}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k, ctx := newOracle(t, oraclev2.Params{MinPriceSources: tc.sources}, tc.feeds...)
			ctx = ctx.WithBlockTime(start.Add(time.Duration(tc.seconds) * time.Second))
			require.NoError(t, k.EndBlock(ctx))
			_, err := k.Price(ctx, "uakt")
			require.ErrorIs(t, err, oracle.ErrPriceStalled)
			act, err := k.Price(ctx, "uact")
			require.NoError(t, err)
			require.Equal(t, math.LegacyOneDec(), act, "ACT needs no oracle")
		})
	}
}

func TestFeedRefusals(t *testing.T) {
	t.Parallel()
	k, ctx := newOracle(t, oraclev2.Params{MinPriceSources: 1}, feed{"one", 100, "2"})
	now := ctx.BlockTime()
	for _, tc := range []struct {
		source string
		id     oraclev2.DataID
		price  string
		at     time.Time
		text   string
	}{
		{"three", pair, "1", now, "source three is not authorized oracle provider: unauthorized"},
		{"one", oraclev2.DataID{Denom: "act", BaseDenom: "usd"}, "1", now, "unsupported denom act: invalid request"},
		{"one", oraclev2.DataID{Denom: "akt", BaseDenom: "eur"}, "1", now, "unsupported base denom eur: invalid request"},
		{"one", pair, "0", now, "price must be positive: invalid request"},
		{"one", pair, "1", now.Add(61 * time.Second), "price timestamp is from future: invalid request"},
		{"one", pair, "1", now.Add(-time.Second), "price timestamp is older than existing record: invalid request"},
		{"two", pair, "1", now.Add(-31 * time.Second), "price timestamp is too old: invalid request"},
	} {
		require.EqualError(t, k.Add(ctx, tc.source, tc.id, dec(tc.price), tc.at), tc.text)
	}
	require.NoError(t, k.Add(ctx, "one", pair, dec("3"), now), "the same time again counts on")
	require.NoError(t, k.Add(ctx, "one", pair, dec("3"), now.Add(time.Minute)))
}

// The newest price that is as old as the limit goes, too, and no more than allowed go at a time.
func TestPruning(t *testing.T) {
	t.Parallel()
	k, ctx := newOracle(t, oraclev2.Params{
		MinPriceSources: 1, PruneEpoch: "minute", PriceRetention: 100 * time.Second, MaxPrunePerEpoch: 2,
	}, feed{"one", 0, "1"}, feed{"one", 10, "2"}, feed{"two", 10, "3"}, feed{"one", 21, "4"}, feed{"one", 22, "5"})
	at := func(second int) []string {
		t.Helper()
		ctx = ctx.WithBlockTime(start.Add(time.Duration(second) * time.Second))
		require.NoError(t, k.BeginBlock(ctx))
		res, err := oracle.NewQueryServer(k).Prices(ctx, &oraclev2.QueryPricesRequest{})
		require.NoError(t, err)
		var left []string
		for _, p := range res.Prices {
			left = append(left, p.State.Price.TruncateInt().String())
		}
		slices.Sort(left)
		return left
	}
	all := []string{"1", "2", "3", "4", "5"}
	require.Equal(t, all, at(30), "the first epoch begins")
	require.Equal(t, all, at(90), "not over yet")
	require.Equal(t, all, at(91), "over, but nothing is old enough")
	require.Equal(t, all, at(121), "the next one is not over")
	require.Equal(t, []string{"3", "4", "5"}, at(151), "at most two")
	require.Equal(t, []string{"3", "4", "5"}, at(200))
	require.Equal(t, []string{"3"}, at(211), "the first source's two")
}
