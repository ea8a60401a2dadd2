// SPDX-License-Identifier: Apache-2.0

package sdl_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// TestLimits holds the last value that passes and the first that does not.
func TestLimits(t *testing.T) {
	t.Parallel()
	gpus := "        gpu: {units: N, attributes: {vendor: {nvidia: }}}\n        memory:\n"
	for _, c := range []struct{ old, form, good, bad string }{
		{"units: 500m", "units: N", "10m", "9m"},
		{"units: 500m", "units: N", "384", "384001m"},
		{"size: 256Mi", "size: N", "1Mi", "1048575"},
		{"size: 256Mi", "size: N", "2Ti", "2199023255553"},
		{"size: 1Gi", "size: N", "5Mi", "5242879"},
		{"size: 1Gi", "size: N", "32Ti", "35184372088833"},
		{"amount: 10", "amount: N", "10000000", "10000000.000000000000000001"},
		{"amount: 10", "amount: N", "0.000000000000000001", "0"},
		{"        memory:\n", gpus, "24", "25"},
		{"port: 80", "port: N", "65535", "65536"},
		{"count: 1", "count: N", "38400", "38401"},
		{"count: 1", "count: N", "1", "0"},
	} {
		accept(t, change(t, c.old, strings.Replace(c.form, "N", c.good, 1)))
		refuse(t, change(t, c.old, strings.Replace(c.form, "N", c.bad, 1)))
	}
}

// TestExposes_order: service, port, protocol, then global before internal.
func TestExposes_order(t *testing.T) {
	t.Parallel()
	d := accept(t, change(t, "      - port: 80\n        to:\n          - global: true\n",
		"      - {port: 7, proto: udp, to: [{global: true}]}\n      - {port: 7, to: [{global: false}, {global: true}]}\n"+
			"      - {port: 5, to: [{service: a}]}\n      - {port: 9}\n"))
	var got []string
	for _, e := range services(t, d)[0]["expose"].([]any) {
		m := e.(map[string]any)
		got = append(got, m["service"].(string)+"/"+m["proto"].(string)+map[bool]string{true: "/global"}[m["global"].(bool)])
	}
	require.Equal(t, []string{"/TCP/global", "/TCP", "/UDP/global", "/TCP", "a/TCP"}, got)
	_, problems := sdl.Parse([]byte(quirkBase))
	require.Empty(t, problems)
}
