// SPDX-License-Identifier: Apache-2.0

package coin

import (
	"fmt"
	"time"

	"cosmossdk.io/math"
)

// PerBlock is a price for one block of running, in micro units of Denom. The
// zero value means no price. Values are immutable and safe to share.
type PerBlock struct {
	Denom  string
	Amount math.LegacyDec
}

// PerBlockFromUSDPerMonth is the uact price per block that costs usd a month at the given block time.
//
// The division is rounded down at 18 decimals, so the price never costs more than asked for.
func PerBlockFromUSDPerMonth(usd math.LegacyDec, blockTime time.Duration) PerBlock {
	amount := FromUSD(usd).MulInt64(int64(blockTime)).QuoTruncate(math.LegacyNewDec(int64(month)))
	return PerBlock{Denom: UACT, Amount: amount}
}

// IsZero reports whether p holds no price or a price of nothing.
func (p PerBlock) IsZero() bool { return p.Amount.IsNil() || p.Amount.IsZero() }

// String prints amount and denom, e.g. "12.5uact"; "" for the zero value.
func (p PerBlock) String() string {
	if p.Amount.IsNil() {
		return ""
	}
	return Trim(p.Amount) + p.Denom
}

// PerMonth is what a month of blocks costs, in micro units of the denom.
func (p PerBlock) PerMonth(blockTime time.Duration) math.LegacyDec {
	return p.Amount.Mul(BlocksPerMonth(blockTime))
}

// USDPerMonth formats the monthly price in US dollars, rounded half up to cents; "" when the denom has no fixed value.
func (p PerBlock) USDPerMonth(blockTime time.Duration) string {
	if p.Denom != UACT || p.Amount.IsNil() {
		return ""
	}
	return USD(p.PerMonth(blockTime))
}

// Compare is -1, 0 or +1 as p costs less than, as much as or more than q. Prices of different denoms have no order.
func (p PerBlock) Compare(q PerBlock) (int, error) {
	if p.Denom != q.Denom {
		return 0, fmt.Errorf("cannot compare %s with %s", p, q)
	}
	switch {
	case p.Amount.LT(q.Amount):
		return -1, nil
	case p.Amount.GT(q.Amount):
		return 1, nil
	default:
		return 0, nil
	}
}

// Blocks is how many whole blocks an amount pays for at this price; ok is false for a price of nothing.
func (p PerBlock) Blocks(amount math.LegacyDec) (n int64, ok bool) {
	if p.IsZero() {
		return 0, false
	}
	blocks := amount.Quo(p.Amount).TruncateInt()
	if !blocks.IsInt64() {
		return 0, false
	}
	return blocks.Int64(), true
}
