// SPDX-License-Identifier: Apache-2.0

package sdl_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// TestUpgradePreview names what changes and where, and nothing else of the text.
func TestUpgradePreview(t *testing.T) {
	t.Parallel()
	flow := `{version: "2.0", services: {web: {image: nginx, env: [TOKEN=hunter2]}}, profiles: {placement: {dcloud: ` +
		`{pricing: {web: {denom: uakt, amount: "12.5"}}}}}}`
	block := `profiles:
  compute:
    web: {resources: {memory: {size: 512mi}}}
  placement:
    dcloud:
      pricing:
        db: {denom: uact, amount: 3}
        web:
          denom: uakt
          amount: 10000
`
	shared := "profiles: {placement: {a: {pricing: {web: &p {denom: uakt, amount: 1}, db: *p}}}}"
	for name, test := range map[string]struct {
		src  string
		want []string
	}{
		"one line": {flow, []string{
			"line 1, column 128: profiles.placement.dcloud.pricing.web.denom: uakt → uact",
			"line 1, column 142: profiles.placement.dcloud.pricing.web.amount: 12.5 → 12.5 × usd_per_akt",
		}},
		"many lines": {block, []string{
			"line 3, column 38: profiles.compute.web.resources.memory.size: 512mi → 512Mi",
			"line 9, column 18: profiles.placement.dcloud.pricing.web.denom: uakt → uact",
			"line 10, column 19: profiles.placement.dcloud.pricing.web.amount: 10000 → 10000 × usd_per_akt",
		}},
		"an anchor once": {shared, []string{
			"line 1, column 54: profiles.placement.a.pricing.web.denom: uakt → uact",
			"line 1, column 68: profiles.placement.a.pricing.web.amount: 1 → 1 × usd_per_akt",
		}},
		"today's":      {strings.ReplaceAll(strings.ReplaceAll(block, "uakt", "uact"), "mi}", "Mi}"), nil},
		"not in place": {strings.Replace(block, "denom: uakt", "denom: >-\n            uakt", 1), nil},
		"no YAML":      {"profiles: [", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, test.want, sdl.UpgradePreview([]byte(test.src)))
		})
	}
}
