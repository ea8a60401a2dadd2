// SPDX-License-Identifier: Apache-2.0

package coin_test

import (
	"testing"
	"time"

	"cosmossdk.io/math"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
)

func TestUSDPerHour(t *testing.T) {
	t.Parallel()
	for price, want := range map[string]string{
		"2000": "1.2000", "1": "0.0006", "0.08": "0.0000", "0.083333333333333334": "0.0001", "10000000": "6000.0000",
	} {
		require.Equal(t, want, coin.PerBlock{Denom: coin.UACT, Amount: dec(price)}.USDPerHour(coin.DefaultBlockTime), price)
	}
	require.Equal(t, "7.2000", coin.PerBlock{Denom: coin.UACT, Amount: dec("2000")}.USDPerHour(time.Second))
	require.Empty(t, coin.PerBlock{Denom: coin.UAKT, Amount: dec("1")}.USDPerHour(time.Second))
	require.Empty(t, coin.PerBlock{}.USDPerHour(time.Second))
}

func TestPerBlockFromUSDPerHourNeverCostsMore(t *testing.T) {
	t.Parallel()
	for _, usd := range []string{"0.01", "1.2", "2.333333333333333333", "31.5"} {
		for _, blockTime := range []time.Duration{coin.DefaultBlockTime, 7 * time.Second, 6098 * time.Millisecond} {
			p := coin.PerBlockFromUSDPerHour(dec(usd), blockTime)
			require.True(t, p.PerHour(blockTime).LTE(coin.FromUSD(dec(usd))), usd)
			more := coin.PerBlock{Denom: coin.UACT, Amount: p.Amount.Add(math.LegacySmallestDec())}
			require.True(t, more.PerHour(blockTime).GTE(coin.FromUSD(dec(usd))), usd)
		}
	}
	require.Equal(t, "2000uact", coin.PerBlockFromUSDPerHour(dec("1.2"), coin.DefaultBlockTime).String())
}
