// SPDX-License-Identifier: Apache-2.0

package tx_test

import (
	gomath "math"
	"strings"
	"testing"
	"time"

	"cosmossdk.io/math"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/chain/tx"
)

func TestFee_maximum(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		_, err := newEngine(t, f, func(c *tx.Config) { c.MaxFee = math.NewInt(312) }).Submit(t.Context(), closeMsg(1))
		require.ErrorIs(t, err, tx.ErrMaxFee)
		var dear *tx.MaxFeeError
		require.ErrorAs(t, err, &dear)
		require.Equal(t, math.NewInt(313), dear.FeeUAKT)
		require.Empty(t, f.broadcasts)

		_, err = newEngine(t, f, func(c *tx.Config) { c.MaxFee = math.NewInt(313) }).Submit(t.Context(), closeMsg(1))
		require.NoError(t, err)
	})
}

func TestFee_nodeWantsMore(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		f.minFee = 3125
		engine := newEngine(t, f)
		result, err := engine.Submit(t.Context(), closeMsg(1))
		require.NoError(t, err)
		require.Equal(t, math.NewInt(3125), result.FeeUAKT)
		_, err = engine.Submit(t.Context(), closeMsg(2))
		require.NoError(t, err)
		require.Len(t, f.broadcasts, 3, "the higher price is remembered")

		// A configured price is the user's word.
		_, err = newEngine(t, f, func(c *tx.Config) { c.GasPrices = "0.01uakt" }).Submit(t.Context(), closeMsg(1))
		require.ErrorIs(t, err, chain.ErrInsufficientFee)

		// The limit holds for the raised price as well.
		_, err = newEngine(t, f, func(c *tx.Config) { c.MaxFee = math.NewInt(1000) }).Submit(t.Context(), closeMsg(1))
		require.ErrorIs(t, err, tx.ErrMaxFee)
	})
}

func TestFee_prices(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		cases := map[string]struct {
			node, configured, adjustment string
			fee                          int64
		}{
			"node's minimum":  {"0.01uakt", "", "", 1250},
			"among others":    {"0.5ibc/ABC,0.01uakt", "", "", 1250},
			"node tells none": {"", "", "", 313},
			"configured":      {"0.01uakt", "0.025uakt", "", 3125},
			"adjustment":      {"0.01uakt", "", "2", 2000},
			"rounded up":      {"", "0.000001uakt", "1", 1},
		}
		for name, tc := range cases {
			f := newFakeChain()
			f.minPrices = tc.node
			engine := newEngine(t, f, func(c *tx.Config) {
				c.GasPrices, c.GasAdjustment = tc.configured, tc.adjustment
			})
			result, err := engine.Submit(t.Context(), closeMsg(1))
			require.NoError(t, err, name)
			require.Equal(t, tc.fee, result.FeeUAKT.Int64(), name)
			estimated, err := engine.EstimateFee(t.Context(), 100_000) // what simulations tell here
			require.NoError(t, err, name)
			require.Equal(t, tc.fee, estimated.Int64(), name)
		}
	})
}

func TestFee_granter(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		const granter = "akash1lh6cxaa5hl0wv73jjct2mk7x2z6rq7deagy78u"
		f := newFakeChain()
		_, err := newEngine(t, f, func(c *tx.Config) { c.FeeGranter = granter }).Submit(t.Context(), closeMsg(1))
		require.NoError(t, err)
		require.Equal(t, granter, f.broadcasts[0].auth.Fee.Granter)
		require.Equal(t, granter, f.simulated[0].auth.Fee.Granter)
	})
}

func TestNew_refusals(t *testing.T) {
	t.Parallel()
	good := tx.Config{Chain: newFakeChain(), Key: testKey(t)}
	adjustment := func(text string) func(*tx.Config) { return func(c *tx.Config) { c.GasAdjustment = text } }
	for want, change := range map[string]func(*tx.Config){
		"no chain client":             func(c *tx.Config) { c.Chain = nil },
		"no key":                      func(c *tx.Config) { c.Key = nil },
		"fees are paid in uakt":       func(c *tx.Config) { c.GasPrices = "0.1uact" },
		`gas prices "cheap"`:          func(c *tx.Config) { c.GasPrices = "cheap" },
		`gas adjustment "0.5"`:        adjustment("0.5"),
		`gas adjustment "many"`:       adjustment("many"),
		`want a decimal number from `: adjustment("10.1"),
		`gas adjustment "1000000000`:  adjustment("1" + strings.Repeat("0", 50)),
		`gas adjustment "2000000000`:  adjustment("2" + strings.Repeat("0", 500)),
		"largest fee -1uakt":          func(c *tx.Config) { c.MaxFee = math.NewInt(-1) },
		"fee granter: not an Akash ":  func(c *tx.Config) { c.FeeGranter = "cosmos1" },
	} {
		cfg := good
		change(&cfg)
		_, err := tx.New(cfg)
		require.ErrorContains(t, err, want)
	}
}

func TestGasLimit(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		adjustment string
		used, want uint64
	}{
		{"1", 100_000, 225_000},
		{"10", 100_000, 2_250_000},
		{"", 3, 9}, // 8.4375
		{"10", 1 << 63, gomath.MaxUint64},
		{"1", gomath.MaxUint64, gomath.MaxUint64},
	} {
		limit, err := tx.GasLimit(tc.adjustment, tc.used)
		require.NoError(t, err)
		require.Equal(t, tc.want, limit, "%s of %d", tc.adjustment, tc.used)
	}
}

func TestNextTimeout(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	engine := newEngine(t, newFakeChain(), func(c *tx.Config) { c.Clock = func() time.Time { return now } })
	within := func(want time.Time, got time.Time) {
		t.Helper()
		require.WithinDuration(t, want, got, 2*time.Millisecond)
	}
	within(now.Add(75*time.Second), engine.NextTimeout(now.Add(-6*time.Second)))
	// Our clock is behind: the chain's counts.
	within(now.Add(time.Hour+75*time.Second), engine.NextTimeout(now.Add(time.Hour)))
	// Ours is far ahead, or the chain made no block for long: stay in what it allows.
	within(now.Add(-time.Hour+9*time.Minute), engine.NextTimeout(now.Add(-time.Hour)))

	seen := make(map[time.Time]bool)
	last := time.Time{}
	for range 10_000 {
		timeout := engine.NextTimeout(now)
		require.False(t, seen[timeout])
		require.True(t, timeout.After(last))
		seen[timeout], last = true, timeout
	}
}

func TestFee_isRaisedWhenNoBlockTakesIt(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change func(*tx.Config)
		want   string
	}{
		"half as much again": {func(*tx.Config) {}, "469uakt"},
		"up to the limit":    {func(c *tx.Config) { c.MaxFee = math.NewInt(400) }, "400uakt"},
		"not a fixed price":  {func(c *tx.Config) { c.GasPrices = "0.0025uakt" }, "313uakt"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				f := newFakeChain()
				f.neverInclude = func(_ int, sent fakeTx) bool { return sent.hash == f.broadcasts[0].hash }
				_, err := newEngine(t, f, c.change).Submit(t.Context(), closeMsg(1))
				require.NoError(t, err)
				signed := f.signed()
				require.Len(t, signed, 2)
				require.Equal(t, "313uakt", signed[0].auth.Fee.Amount.String())
				require.Equal(t, c.want, signed[1].auth.Fee.Amount.String())
			})
		})
	}
}
