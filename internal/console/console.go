// SPDX-License-Identifier: Apache-2.0

// Package console reads what the Akash Console publishes for everybody: no account, no key. It judges nothing, and
// nobody should depend on it: the chain is what counts. Only data.akash_gpu_prices uses it, and only when told to.
package console

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"cosmossdk.io/math"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
)

const (
	// answerTime bounds one question.
	answerTime = 8 * time.Second
	// maxAnswer bounds an answer, in bytes: today's is some dozens of kilobytes.
	maxAnswer = 4 << 20
	maxModels = 2000
)

// ErrInvalidURL is wrapped for an address that nothing is asked of.
var ErrInvalidURL = errors.New("want https://host, or http:// on this machine")

// GPUPrice is what the Console knows of one kind of GPU.
type GPUPrice struct {
	Vendor, Model, RAM, Interface string
	// Available of Total GPUs are free, as the Console last saw.
	Total, Available int64
	// Min, Median and Max are USD an hour; nil where the Console tells no price.
	Min, Median, Max *math.LegacyDec
}

// CheckURL refuses what is no address of a Console: queries would go in the clear, or nowhere.
func CheckURL(text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return fmt.Errorf("%q: %w", text, ErrInvalidURL)
	}
	local := u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1" || u.Hostname() == "::1"
	if u.Scheme != "https" && (u.Scheme != "http" || !local) {
		return fmt.Errorf("%q: %w", text, ErrInvalidURL)
	}
	return nil
}

// GPUPrices asks the Console at base, such as "https://console-api.akash.network". It follows no redirect. What it does
// not understand in an entry is left out. Source: console-api, GET /v1/gpu-prices.
func GPUPrices(ctx context.Context, base string) ([]GPUPrice, error) {
	if err := CheckURL(base); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(base, "/")+"/v1/gpu-prices", nil)
	if err != nil {
		return nil, fmt.Errorf("ask the Console: %w", err)
	}
	request.Header.Set("Accept", "application/json")
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("ask the Console: %w", err)
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer+1))
	if err = errors.Join(err, answer.Body.Close()); err != nil {
		return nil, fmt.Errorf("read the Console's answer: %w", err)
	}
	switch {
	case answer.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("the Console answers %s", answer.Status)
	case len(body) > maxAnswer:
		return nil, fmt.Errorf("the Console's answer is longer than %d bytes", maxAnswer)
	}
	return readGPUPrices(body)
}

// counts are numbers of GPUs.
type counts struct {
	Total     json.Number `json:"total"`
	Available json.Number `json:"available"`
}

type prices struct {
	Currency string      `json:"currency"`
	Min      json.Number `json:"min"`
	Max      json.Number `json:"max"`
	Median   json.Number `json:"med"`
}

func readGPUPrices(body []byte) ([]GPUPrice, error) {
	var told struct {
		Models []struct {
			Vendor       string  `json:"vendor"`
			Model        string  `json:"model"`
			RAM          string  `json:"ram"`
			Interface    string  `json:"interface"`
			Availability counts  `json:"availability"`
			Price        *prices `json:"price"`
		} `json:"models"`
	}
	if err := json.Unmarshal(body, &told); err != nil {
		return nil, fmt.Errorf("the Console's answer is not understood: %w", err)
	}
	if len(told.Models) > maxModels {
		return nil, fmt.Errorf("the Console tells of %d models, more than there are", len(told.Models))
	}
	found := make([]GPUPrice, 0, len(told.Models))
	for _, m := range told.Models {
		if m.Model == "" {
			continue
		}
		one := GPUPrice{
			Vendor: m.Vendor, Model: m.Model, RAM: m.RAM, Interface: m.Interface,
			Total: whole(m.Availability.Total), Available: whole(m.Availability.Available),
		}
		if p := m.Price; p != nil && (p.Currency == "" || p.Currency == "USD") {
			one.Min, one.Median, one.Max = decimal(p.Min), decimal(p.Median), decimal(p.Max)
		}
		found = append(found, one)
	}
	return found, nil
}

func whole(n json.Number) int64 {
	value, err := n.Int64()
	if err != nil {
		return 0
	}
	return max(value, 0)
}

// decimal reads a number as it is written; nil for one that is none of money.
func decimal(n json.Number) *math.LegacyDec {
	text := n.String()
	if whole, fraction, ok := strings.Cut(text, "."); ok && len(fraction) > math.LegacyPrecision {
		text = whole + "." + fraction[:math.LegacyPrecision]
	}
	value, err := coin.ParseDecimal(text)
	if err != nil {
		return nil
	}
	return &value
}
