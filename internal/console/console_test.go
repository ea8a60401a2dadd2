// SPDX-License-Identifier: Apache-2.0

package console_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/console"
)

func ask(t *testing.T, status int, body string) ([]console.GPUPrice, error) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v1/gpu-prices" || r.Method != http.MethodGet {
			t.Errorf("asked for %s %s", r.Method, r.URL.Path)
		}
		w.Header().Set("Location", "http://127.0.0.1:1/")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body)) // the client may have hung up
	}))
	t.Cleanup(server.Close)
	return console.GPUPrices(t.Context(), server.URL+"/")
}

func TestGPUPrices(t *testing.T) {
	t.Parallel()
	found, err := ask(t, http.StatusOK, `{"availability": {"total": 9, "available": 4}, "models": [
		{"vendor": "nvidia", "model": "h100", "ram": "80Gi", "interface": "SXM5",
		 "availability": {"total": 8, "available": 3}, "providerAvailability": {"total": 2, "available": 1},
		 "price": {"currency": "USD", "min": 1.5, "max": 2.123456789012345678901, "avg": 1.7,
		  "weightedAverage": 1.6, "med": 1.6}},
		{"vendor": "nvidia", "model": "t4", "ram": "16Gi", "interface": "PCIe",
		 "availability": {"total": 1, "available": -1}, "price": null},
		{"vendor": "nvidia", "model": "p4", "price": {"currency": "EUR", "min": 1}},
		{"vendor": "nvidia", "price": {"min": 1}}]}`)
	require.NoError(t, err)
	require.Len(t, found, 3)
	require.Equal(t, "1.500000000000000000", found[0].Min.String())
	require.Equal(t, "1.600000000000000000", found[0].Median.String())
	require.Equal(t, "2.123456789012345678", found[0].Max.String())
	require.EqualValues(t, 8, found[0].Total)
	require.EqualValues(t, 3, found[0].Available)
	require.Equal(t, "80Gi", found[0].RAM)
	require.Nil(t, found[1].Min)
	require.Zero(t, found[1].Available)
	require.Nil(t, found[2].Min, "of another currency")
}

func TestGPUPricesRefusesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status     int
		body, want string
	}{
		"error":    {http.StatusTooManyRequests, "{}", "429"},
		"redirect": {http.StatusFound, "{}", "302"},
		"no JSON":  {http.StatusOK, "<html>", "not understood"},
		"long":     {http.StatusOK, strings.Repeat(" ", 4<<20+1), "longer than"},
		"many":     {http.StatusOK, `{"models": [` + strings.Repeat(`{},`, 2000) + `{}]}`, "more than there are"},
	} {
		_, err := ask(t, c.status, c.body)
		require.ErrorContains(t, err, c.want, name)
	}
}

func TestCheckURL(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"https://console-api.akash.network", "http://localhost:3080", "http://127.0.0.1:1/api"} {
		require.NoError(t, console.CheckURL(good))
	}
	for _, bad := range []string{
		"", "console-api.akash.network", "http://console-api.akash.network", "ftp://localhost", "https://u:p@host",
		"https://host?key=1", "https://", "file:///etc/passwd",
	} {
		require.ErrorIs(t, console.CheckURL(bad), console.ErrInvalidURL, bad)
	}
	_, err := console.GPUPrices(t.Context(), "http://example.org")
	require.ErrorIs(t, err, console.ErrInvalidURL)
}

func FuzzGPUPrices(f *testing.F) {
	f.Add([]byte(`{"models": [{"model": "t4", "availability": {"total": "1"}, "price": {"min": 1e400, "med": "x"}}]}`))
	f.Add([]byte(`{"models": null}`))
	f.Fuzz(func(_ *testing.T, body []byte) { _, _ = console.ReadGPUPrices(body) })
}
