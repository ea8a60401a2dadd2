// SPDX-License-Identifier: Apache-2.0

package devnet

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"cosmossdk.io/math"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/odds"
)

const (
	// maxFaultCount and maxFaultFactor keep values where nothing overflows.
	maxFaultCount  = 1_000_000
	maxFaultFactor = 1_000_000
	everyTime      = "always"
)

// faultValue is a kind of value that a fault takes.
type faultValue struct {
	// form is its place holder in help texts; "" for none.
	form string
	// normal checks a value and gives its plainest spelling; "" is no value.
	normal func(text string) (string, error)
}

// The kinds of values.
var (
	noValue = faultValue{form: "", normal: func(text string) (string, error) {
		if text != "" {
			return "", errors.New("it takes no value")
		}
		return "", nil
	}}
	oddsValue = faultValue{form: "HOW-OFTEN", normal: func(text string) (string, error) {
		o, err := odds.Parse(text)
		return o.String(), err
	}}
	countValue = faultValue{form: "COUNT|" + everyTime, normal: func(text string) (string, error) {
		n, err := readCount(text)
		if n == -1 {
			return everyTime, err
		}
		return strconv.Itoa(n), err
	}}
	numberValue = faultValue{form: "NUMBER", normal: func(text string) (string, error) {
		n, err := strconv.ParseUint(text, 10, 32)
		if err != nil || n == 0 || n > maxFaultCount {
			return "", fmt.Errorf("its value is a number from 1 to %d", maxFaultCount)
		}
		return strconv.FormatUint(n, 10), nil
	}}
	durationValue = faultValue{form: "DURATION", normal: func(text string) (string, error) {
		d, err := time.ParseDuration(text)
		if err != nil || d <= 0 {
			return "", errors.New(`its value is a duration such as "100ms" or "2s"`)
		}
		return d.String(), nil
	}}
	percentValue = faultValue{form: "PERCENT", normal: func(text string) (string, error) {
		n, err := strconv.ParseUint(text, 10, 16)
		if err != nil || n == 0 || n > 1000 {
			return "", errors.New("its value is a percentage from 1 to 1000, without a sign")
		}
		return strconv.FormatUint(n, 10), nil
	}}
	factorValue = faultValue{form: "FACTOR", normal: func(text string) (string, error) {
		d, err := readFactor(text)
		if err != nil {
			return "", err
		}
		return plainDec(d), nil
	}}
	attestationValue = faultValue{form: "WHAT", normal: func(text string) (string, error) {
		if !slices.Contains(akashprovider.AttestationFaults(), text) {
			return "", fmt.Errorf("its value is one of %s", strings.Join(akashprovider.AttestationFaults(), ", "))
		}
		return text, nil
	}}
	chainValue = faultValue{form: "CHAIN-ID", normal: func(text string) (string, error) {
		if !chainIDShape.MatchString(text) {
			return "", errors.New("its value is a chain id: letters, digits and dashes, 50 at most")
		}
		return text, nil
	}}
)

var chainIDShape = regexp.MustCompile(`^[A-Za-z0-9-]{1,50}$`)

// readCount is a number of times; -1 is always, which is also what no value means.
func readCount(text string) (int, error) {
	if text == "" || text == everyTime {
		return -1, nil
	}
	n, err := strconv.ParseUint(text, 10, 32)
	if err != nil || n == 0 || n > maxFaultCount {
		return 0, fmt.Errorf("its value is %q or a number from 1 to %d", everyTime, maxFaultCount)
	}
	return int(n), nil
}

func readFactor(text string) (math.LegacyDec, error) {
	want := fmt.Errorf("its value is a positive decimal such as \"1.5\", %d at most", maxFaultFactor)
	d, err := math.LegacyNewDecFromStr(text)
	if err != nil || !d.IsPositive() || d.GT(math.LegacyNewDec(maxFaultFactor)) {
		return math.LegacyDec{}, want
	}
	return d, nil
}

// plainDec is a decimal without the zeros that end it.
func plainDec(d math.LegacyDec) string {
	return strings.TrimSuffix(strings.TrimRight(d.String(), "0"), ".")
}
