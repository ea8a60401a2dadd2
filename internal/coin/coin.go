// SPDX-License-Identifier: Apache-2.0

// Package coin holds money: denominations, whole amounts, prices per block and
// their value in US dollars. All arithmetic is exact decimal; rounding happens
// only where a text for people is made. It does no I/O and knows no chain.
package coin

import (
	"errors"
	"fmt"
	"regexp"
	"time"

	"cosmossdk.io/math"
)

// The two denominations of the network, each a millionth of its display unit.
const (
	// UAKT is a millionth of an AKT: stake, transaction fees.
	UAKT = "uakt"
	// UACT is a millionth of an ACT, the compute credit; 1 ACT = 1 USD.
	UACT = "uact"
)

// microPerUnit is how many uact (uakt) make an ACT (AKT).
const microPerUnit = 1_000_000

// DefaultBlockTime is the mean time between blocks on mainnet.
const DefaultBlockTime = 6 * time.Second

// month is the length of the month used for every price: 30.4375 days.
const month = 730*time.Hour + 30*time.Minute

// ErrInvalid is wrapped by every parse error of this package.
var ErrInvalid = errors.New("invalid amount")

// amountText bounds the whole part: every product of two such amounts still fits the chain's decimals.
var amountText = regexp.MustCompile(`^[0-9]{1,24}(\.[0-9]+)?$`)

// ParseDecimal reads a non-negative decimal with at most 24 digits before and 18 after the point, e.g. "12.50". The
// error wraps [ErrInvalid].
func ParseDecimal(s string) (math.LegacyDec, error) {
	if !amountText.MatchString(s) {
		return math.LegacyDec{}, fmt.Errorf(
			"%w: %q is not a decimal such as 12.50 with at most 24 digits before the point", ErrInvalid, s)
	}
	d, err := math.LegacyNewDecFromStr(s)
	if err != nil {
		return math.LegacyDec{}, fmt.Errorf("%w: %q: %w", ErrInvalid, s, err)
	}
	return d, nil
}

// BlocksPerMonth is how many blocks of the given time fit in a month, with 18 decimals.
func BlocksPerMonth(blockTime time.Duration) math.LegacyDec {
	return math.LegacyNewDec(int64(month)).QuoInt64(int64(blockTime))
}

// USD formats an amount of uact in US dollars, rounded half up to cents, e.g. "4.38". It is for people only.
func USD(uact math.LegacyDec) string {
	cents := uact.MulInt64(100).QuoInt64(microPerUnit)
	half := math.LegacyNewDecWithPrec(5, 1)
	whole := cents.Add(half).TruncateInt()
	return fmt.Sprintf("%s.%02d", whole.QuoRaw(100), whole.ModRaw(100).Int64())
}

// FromUSD is the amount of uact worth so many US dollars, exactly.
func FromUSD(usd math.LegacyDec) math.LegacyDec { return usd.MulInt64(microPerUnit) }

// Display writes a whole micro amount in its display unit, e.g. 1500000 uact as "1.5 ACT". Unknown denoms stay as they
// are.
func Display(denom string, amount math.Int) string {
	unit, known := map[string]string{UAKT: "AKT", UACT: "ACT"}[denom]
	if !known {
		return amount.String() + denom
	}
	return fmt.Sprintf("%s %s", Trim(math.LegacyNewDecFromInt(amount).QuoInt64(microPerUnit)), unit)
}

// Trim prints a decimal without trailing zeros, e.g. "1.5", "12".
func Trim(d math.LegacyDec) string {
	s := d.String()
	end := len(s)
	for end > 0 && s[end-1] == '0' {
		end--
	}
	if end > 0 && s[end-1] == '.' {
		end--
	}
	return s[:end]
}
