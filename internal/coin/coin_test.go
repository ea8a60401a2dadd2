// SPDX-License-Identifier: Apache-2.0

package coin_test

import (
	"strings"
	"testing"
	"time"

	"cosmossdk.io/math"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
)

func dec(s string) math.LegacyDec { return math.LegacyMustNewDecFromStr(s) }

func TestBlocksPerMonthIsExactAtSixSeconds(t *testing.T) {
	t.Parallel()
	require.Equal(t, dec("438300"), coin.BlocksPerMonth(coin.DefaultBlockTime))
}

func TestUSDPerMonth(t *testing.T) {
	t.Parallel()
	for price, want := range map[string]string{
		"1":          "0.44",
		"10":         "4.38", // 4.383
		"22.82":      "10.00",
		"2281.54232": "1000.00",
		"0.011407":   "0.00",
		"0.01140772": "0.01", // 0.50000… cents round up
		"10000000":   "4383000.00",
	} {
		got := coin.PerBlock{Denom: coin.UACT, Amount: dec(price)}.USDPerMonth(coin.DefaultBlockTime)
		require.Equal(t, want, got, price)
	}
	require.Empty(t, coin.PerBlock{Denom: coin.UAKT, Amount: dec("1")}.USDPerMonth(time.Second))
}

func TestPerBlockFromUSDPerMonthNeverCostsMore(t *testing.T) {
	t.Parallel()
	for _, usd := range []string{"0.01", "1", "10", "33.33", "4299"} {
		p := coin.PerBlockFromUSDPerMonth(dec(usd), coin.DefaultBlockTime)
		require.True(t, p.PerMonth(coin.DefaultBlockTime).LTE(coin.FromUSD(dec(usd))), usd)
		more := coin.PerBlock{Denom: coin.UACT, Amount: p.Amount.Add(math.LegacySmallestDec())}
		require.True(t, more.PerMonth(coin.DefaultBlockTime).GT(coin.FromUSD(dec(usd))), usd)
	}
}

func TestParseDecimal(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{
		"", "-1", "+1", "1e3", ".5", "5.", "1,5", " 1", "0.0000000000000000001", "NaN", strings.Repeat("9", 25),
	} {
		_, err := coin.ParseDecimal(bad)
		require.ErrorIs(t, err, coin.ErrInvalid, bad)
	}
	d, err := coin.ParseDecimal("12.50")
	require.NoError(t, err)
	require.Equal(t, "12.5", coin.Trim(d))
}

func TestTheLargestAmountsDoNotOverflow(t *testing.T) {
	t.Parallel()
	largest, err := coin.ParseDecimal(strings.Repeat("9", 24) + "." + strings.Repeat("9", 18))
	require.NoError(t, err)
	require.NotPanics(t, func() {
		_ = coin.USD(coin.FromUSD(largest))
		p := coin.PerBlockFromUSDPerMonth(largest, coin.DefaultBlockTime)
		_ = p.USDPerMonth(coin.DefaultBlockTime)
		_ = coin.PerBlock{Denom: coin.UACT, Amount: largest}.USDPerMonth(time.Millisecond)
	})
}

func TestDisplay(t *testing.T) {
	t.Parallel()
	require.Equal(t, "1.5 ACT", coin.Display(coin.UACT, math.NewInt(1_500_000)))
	require.Equal(t, "0 AKT", coin.Display(coin.UAKT, math.ZeroInt()))
	require.Equal(t, "7ibc/AA", coin.Display("ibc/AA", math.NewInt(7)))
}

func TestCompareNeedsOneDenom(t *testing.T) {
	t.Parallel()
	a := coin.PerBlock{Denom: coin.UACT, Amount: dec("1.5")}
	b := coin.PerBlock{Denom: coin.UACT, Amount: dec("2")}
	got, err := a.Compare(b)
	require.NoError(t, err)
	require.Equal(t, -1, got)
	_, err = a.Compare(coin.PerBlock{Denom: coin.UAKT, Amount: dec("1")})
	require.Error(t, err)
}

func TestBlocks(t *testing.T) {
	t.Parallel()
	n, ok := coin.PerBlock{Denom: coin.UACT, Amount: dec("500.5")}.Blocks(dec("13013"))
	require.True(t, ok)
	require.Equal(t, int64(26), n)
	_, ok = coin.PerBlock{}.Blocks(dec("1"))
	require.False(t, ok)
}
