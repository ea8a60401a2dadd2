// SPDX-License-Identifier: Apache-2.0

package coin

import (
	"fmt"
	"time"

	"cosmossdk.io/math"
)

// PerBlockFromUSDPerHour is the uact price per block that costs usd an hour at the given block time, rounded down at 18
// decimals as [PerBlockFromUSDPerMonth] is.
func PerBlockFromUSDPerHour(usd math.LegacyDec, blockTime time.Duration) PerBlock {
	amount := FromUSD(usd).MulInt64(int64(blockTime)).QuoTruncate(math.LegacyNewDec(int64(time.Hour)))
	return PerBlock{Denom: UACT, Amount: amount}
}

// PerHour is what an hour of blocks costs, in micro units of the denom.
func (p PerBlock) PerHour(blockTime time.Duration) math.LegacyDec {
	return p.Amount.MulInt64(int64(time.Hour)).QuoInt64(int64(blockTime))
}

// USDPerHour formats the hourly price in US dollars, rounded half up to four digits after the point, since small GPUs
// cost a few cents; "" when the denom has no fixed value.
func (p PerBlock) USDPerHour(blockTime time.Duration) string {
	if p.Denom != UACT || p.Amount.IsNil() {
		return ""
	}
	parts := p.PerHour(blockTime).QuoInt64(microPerUnit / 10_000)
	whole := parts.Add(math.LegacyNewDecWithPrec(5, 1)).TruncateInt()
	return fmt.Sprintf("%s.%04d", whole.QuoRaw(10_000), whole.ModRaw(10_000).Int64())
}
