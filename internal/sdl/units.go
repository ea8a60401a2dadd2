// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

var (
	errNegative = errors.New("must not be negative")
	errUnit     = errors.New("is not a quantity")
)

// byteSuffixes are the suffixes of memory and storage sizes. They are
// case-sensitive; of the two kilo forms the official parser knows only "k".
var byteSuffixes = []struct {
	text string
	unit uint64
}{
	{"Ki", 1 << 10},
	{"Mi", 1 << 20},
	{"Gi", 1 << 30},
	{"Ti", 1 << 40},
	{"Pi", 1 << 50},
	{"Ei", 1 << 60},
	{"k", 1e3},
	{"M", 1e6},
	{"G", 1e9},
	{"T", 1e12},
	{"P", 1e15},
	{"E", 1e18},
}

// parseBytes reads a size such as "512Mi", "1.5G" or "1073741824" in bytes,
// dropping a fraction of a byte. Anything Go's ParseFloat takes may stand
// before the suffix. binaryOnly leaves out the suffixes of powers of 1000.
func parseBytes(s string, binaryOnly bool) (uint64, error) {
	digits, unit := s, uint64(1)
	for _, suffix := range byteSuffixes {
		if binaryOnly && len(suffix.text) == 1 {
			continue
		}
		if rest, ok := strings.CutSuffix(s, suffix.text); ok {
			digits, unit = rest, suffix.unit
			break
		}
	}
	value, err := strconv.ParseFloat(digits, 64)
	if err != nil {
		return 0, errUnit
	}
	value *= float64(unit)
	if value < 0 {
		return 0, errNegative
	}
	return truncate64(value), nil
}

// parseMillicpu reads CPU units in thousandths: "500m", or cores as in "0.5".
// Quirk: cores are multiplied as a float and cut, and wrap around beyond 2^32.
func parseMillicpu(s string) (millis uint32, wrapped bool, err error) {
	if rest, ok := strings.CutSuffix(s, "m"); ok {
		n, err := strconv.ParseUint(rest, 10, 32)
		if err != nil {
			return 0, false, errUnit
		}
		return uint32(n), false, nil
	}
	value, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0, false, errUnit
	}
	value *= 1000
	if value < 0 {
		return 0, false, errNegative
	}
	if math.IsNaN(value) || value >= 1<<63 {
		return 0, true, nil // what the conversion gives on amd64, where the network runs
	}
	whole := uint64(value)
	return uint32(whole & math.MaxUint32), whole > math.MaxUint32, nil
}

// truncate64 cuts a float to a whole number; what fits no uint64 becomes 1<<63, as on amd64.
func truncate64(v float64) uint64 {
	if math.IsNaN(v) || v >= 1<<64 {
		return 1 << 63
	}
	return uint64(v)
}

// remedySize guesses what size was meant: "4Gb" and "512mi" are common.
func remedySize(s string) string {
	number := strings.TrimRight(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ")
	letters := strings.ToLower(strings.TrimSpace(s[len(number):]))
	number = strings.TrimSpace(number)
	letters = strings.TrimSuffix(strings.TrimSuffix(letters, "yte"), "ytes")
	value, err := strconv.ParseFloat(number, 64)
	if err != nil || value < 0 || letters == "" {
		return "write a number and a suffix, such as 512Mi or 1Gi"
	}
	letters = strings.TrimSuffix(letters, "b")
	for _, letter := range "kmgtpe" {
		upper := strings.ToUpper(string(letter))
		decimal := upper
		if letter == 'k' {
			decimal = "k"
		}
		switch letters {
		case string(letter) + "i":
			return fmt.Sprintf("write %s%si", number, upper)
		case string(letter):
			return fmt.Sprintf("write %s%si (powers of 1024) or %s%s (powers of 1000)", number, upper, number, decimal)
		}
	}
	return "write a number and a suffix, such as 512Mi or 1Gi"
}

// formatBytes writes a size so that [parseBytes] reads it back: with the largest binary suffix that divides it.
func formatBytes(n uint64) string {
	for i := 5; i >= 0; i-- {
		if unit := byteSuffixes[i].unit; n >= unit && n%unit == 0 {
			return strconv.FormatUint(n/unit, 10) + byteSuffixes[i].text
		}
	}
	return strconv.FormatUint(n, 10)
}

// showBytes writes a size for people, with at most two digits after the point.
func showBytes(n uint64) string {
	for i := 5; i >= 0; i-- {
		if unit := byteSuffixes[i].unit; n >= unit {
			s := strconv.FormatFloat(float64(n)/float64(unit), 'f', 2, 64)
			return strings.TrimSuffix(strings.TrimRight(s, "0"), ".") + byteSuffixes[i].text
		}
	}
	return strconv.FormatUint(n, 10) + " bytes"
}
