// SPDX-License-Identifier: Apache-2.0

package coin_test

import (
	"testing"
	"time"

	"cosmossdk.io/math"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
)

func perBlock(amount string) coin.PerBlock {
	return coin.PerBlock{Denom: coin.UACT, Amount: math.LegacyMustNewDecFromStr(amount)}
}

func TestCost(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		price    string
		lasting  time.Duration
		block    time.Duration
		wantUACT int64
	}{
		"a month":              {price: "10", lasting: 720 * time.Hour, block: 6 * time.Second, wantUACT: 4_320_000},
		"a begun block":        {price: "10", lasting: time.Second, block: 6 * time.Second, wantUACT: 10},
		"a fraction":           {price: "0.3", lasting: 6 * time.Second, block: 6 * time.Second, wantUACT: 1},
		"fractions that add":   {price: "0.5", lasting: 24 * time.Second, block: 6 * time.Second, wantUACT: 2},
		"another chain":        {price: "10", lasting: time.Hour, block: 5 * time.Second, wantUACT: 7200},
		"blocks do not divide": {price: "10", lasting: time.Minute, block: 7 * time.Second, wantUACT: 90},
		"nothing":              {price: "0", lasting: time.Hour, block: 6 * time.Second},
		"no time":              {price: "10", block: 6 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, math.NewInt(test.wantUACT).String(), perBlock(test.price).Cost(test.lasting, test.block).String())
		})
	}
	require.Equal(t, "0", coin.PerBlock{}.Cost(time.Hour, time.Second).String())
}

func TestLasts(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		price, amount string
		want          time.Duration
		free          bool
	}{
		"a month":         {price: "10", amount: "4320000", want: 720 * time.Hour},
		"one short":       {price: "10", amount: "4319999", want: 720*time.Hour - 6*time.Second},
		"nothing left":    {price: "10", amount: "0"},
		"owed":            {price: "10", amount: "-5"},
		"free":            {price: "0", amount: "5", free: true},
		"longer than any": {price: "0.000000000000000001", amount: "1000000000000", want: 100 * 365 * 24 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, ok := perBlock(test.price).Lasts(math.LegacyMustNewDecFromStr(test.amount), 6*time.Second)
			require.Equal(t, !test.free, ok)
			require.Equal(t, test.want, got)
		})
	}
}

// TestCostLasts wants what is paid for a time to last that time, and no whole block longer.
func TestCostLasts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		price := perBlock(rapid.StringMatching(`[1-9][0-9]{0,5}(\.[0-9]{1,18})?`).Draw(t, "price"))
		block := time.Duration(rapid.Int64Range(int64(100*time.Millisecond), int64(20*time.Second)).Draw(t, "block"))
		runway := time.Duration(rapid.Int64Range(1, int64(10*365*24*time.Hour)).Draw(t, "runway"))
		cost := price.Cost(runway, block)
		lasts, ok := price.Lasts(cost.ToLegacyDec(), block)
		require.True(t, ok)
		require.GreaterOrEqual(t, lasts, runway)
		require.Less(t, lasts, runway+2*block, "%s for %s costs %s", price, runway, cost)
		less, ok := price.Lasts(cost.SubRaw(1).ToLegacyDec(), block)
		require.True(t, ok)
		require.LessOrEqual(t, less, lasts)
	})
}
