// SPDX-License-Identifier: Apache-2.0

package forecast

import (
	"errors"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// maxQuantity bounds the text of a quantity and its exponent: Kubernetes itself writes less.
const (
	maxQuantityText     = 64
	maxQuantityExponent = 30
)

var errQuantity = errors.New("not a quantity")

// suffixes are the powers that a quantity's suffix stands for. Source: Kubernetes, resource quantities.
var suffixes = map[string]struct{ base, exponent int64 }{
	"": {10, 0}, "n": {10, -9}, "u": {10, -6}, "m": {10, -3},
	"k": {10, 3}, "M": {10, 6}, "G": {10, 9}, "T": {10, 12}, "P": {10, 15}, "E": {10, 18},
	"Ki": {2, 10}, "Mi": {2, 20}, "Gi": {2, 30}, "Ti": {2, 40}, "Pi": {2, 50}, "Ei": {2, 60},
}

// parseQuantity reads a quantity of Kubernetes: "3900m", "8Gi", "1.5e3". It is exact.
func parseQuantity(text string) (*big.Rat, error) {
	if len(text) > maxQuantityText {
		return nil, errQuantity
	}
	number := strings.TrimLeft(text, "+-")
	if len(text)-len(number) > 1 {
		return nil, errQuantity
	}
	end := strings.IndexFunc(number, func(r rune) bool { return (r < '0' || r > '9') && r != '.' })
	suffix := ""
	if end >= 0 {
		number, suffix = number[:end], number[end:]
	}
	if strings.Count(number, ".") > 1 || strings.Trim(number, ".") == "" {
		return nil, errQuantity
	}
	value, ok := new(big.Rat).SetString(number)
	if !ok {
		return nil, errQuantity
	}
	power, err := suffixPower(suffix)
	if err != nil {
		return nil, err
	}
	value.Mul(value, power)
	if strings.HasPrefix(text, "-") {
		value.Neg(value)
	}
	return value, nil
}

// suffixPower is what a number with suffix is multiplied by.
func suffixPower(suffix string) (*big.Rat, error) {
	power, ok := suffixes[suffix]
	if !ok {
		digits, found := strings.CutPrefix(strings.ToLower(suffix), "e")
		exponent, err := strconv.ParseInt(digits, 10, 16)
		if !found || err != nil || exponent > maxQuantityExponent || exponent < -maxQuantityExponent {
			return nil, errQuantity
		}
		power.base, power.exponent = 10, exponent
	}
	whole := new(big.Int).Exp(big.NewInt(power.base), big.NewInt(max(power.exponent, -power.exponent)), nil)
	if power.exponent < 0 {
		return new(big.Rat).SetFrac(big.NewInt(1), whole), nil
	}
	return new(big.Rat).SetInt(whole), nil
}

// wholeOf is value times scale, rounded down; what is negative is 0, what is too large the most there is.
func wholeOf(value *big.Rat, scale int64) uint64 {
	scaled := new(big.Rat).Mul(value, new(big.Rat).SetInt64(scale))
	whole := new(big.Int).Quo(scaled.Num(), scaled.Denom())
	switch {
	case whole.Sign() <= 0:
		return 0
	case !whole.IsUint64():
		return math.MaxUint64
	}
	return whole.Uint64()
}
