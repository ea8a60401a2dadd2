// SPDX-License-Identifier: Apache-2.0

package forecast_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
)

// told is what a plan says of the lease, and what the data source says beside it.
var (
	toldByPlan   = regexp.MustCompile(`Warning: (web: [^\n]*)`)
	toldBySource = regexp.MustCompile(`\+ headline += "(.*)"\n`)
	winner       = regexp.MustCompile(`\+ winner += "(.*)"\n`)
)

// TestAccForecast_asThePlan gives a lease and a forecast one policy, in parts the provider block's: both say the same.
func TestAccForecast_asThePlan(t *testing.T) {
	t.Parallel()
	dev := acctest.StartDevnet(t, "known Akash providers and prices", lately(t), acctest.Calm("the text is compared"))
	cheapest, middle := dev.Address(t, acctest.Cheapest), dev.Address(t, acctest.Middle)
	for name, test := range map[string]struct {
		block, policy, ceiling string
		headline               string
		winner                 string
	}{
		"nothing": {headline: "3 Akash providers can run this, 4.38–13.15 USD/month", winner: cheapest},
		"all of it": {
			policy: fmt.Sprintf(`{
    window = "90s", min_bids = 2, strategy = "cheapest", regions = ["us-*", "eu-*"], attributes = { organization = "*" }
    allow = [%q, %q], deny = [%q], prefer = [%q]
  }`, cheapest, middle, cheapest, middle),
			headline: `nobody can run this: "no attribute organization = *" rules out 1 of 3`,
		},
		"the provider block's": {
			block:    `bid_policy = { regions = ["us-*"] }`,
			headline: "2 Akash providers can run this, 4.38–13.15 USD/month", winner: cheapest,
		},
		"of both": {
			block:  `bid_policy = { regions = ["us-*"], prefer = ["` + middle + `"] }`,
			policy: `{ window = "90s", regions = ["us-*", "eu-*"] }`, ceiling: "9",
			headline: "2 of 3 that can run this fit, 4.38–13.15 USD/month, ceiling 9.00", winner: middle,
		},
		"distinct": {
			policy:   fmt.Sprintf(`{ min_bids = 3, distinct_from = [%q] }`, cheapest),
			headline: "2 Akash providers can run this, 8.77–13.15 USD/month", winner: middle,
		},
		"a ceiling that lowers the group": {
			block:    `price_ceiling = { usd_per_month = "10" }`,
			headline: "2 of 3 that can run this fit, 4.38–13.15 USD/month, ceiling 10.00", winner: cheapest,
		},
		"another's signature": {
			policy:   fmt.Sprintf(`{ auditors = [%q] }`, middle),
			headline: fmt.Sprintf(`nobody can run this: "not audited by %s" rules out 3 of 3`, middle),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			policy, ceiling := "null", "null"
			if test.policy != "" {
				policy = test.policy
			}
			if test.ceiling != "" {
				ceiling = "{ usd_per_month = " + test.ceiling + " }"
			}
			w := dev.NewWorkspace(t, acctest.Tenant, dev.ProviderBlock(t, acctest.Tenant, test.block)+fmt.Sprintf(`
locals {
  policy  = %s
  ceiling = %s
}
output "headline" {
  value = data.akash_forecast.web.groups["dcloud"].headline
}
output "winner" {
  value = coalesce(data.akash_forecast.web.groups["dcloud"].expected_provider_address, "nobody")
}
`, policy, ceiling)+ask(acctest.Web{}.SDL(), "\n  bid_policy = local.policy\n  price_ceiling = local.ceiling")+
				acctest.Deployment("web", acctest.Web{}.SDL())+
				acctest.Lease("web", "  bid_policy = local.policy\n  price_ceiling = local.ceiling"))
			out := w.MustRun(t, "plan", "-no-color")
			plan, source := toldByPlan.FindStringSubmatch(out), toldBySource.FindStringSubmatch(out)
			require.Len(t, plan, 2, out)
			require.Len(t, source, 2, out)
			said := strings.ReplaceAll(source[1], `\"`, `"`)
			require.Equal(t, plan[1], said)
			require.Contains(t, said, test.headline)
			if test.winner == "" {
				test.winner = "nobody"
			}
			require.Equal(t, test.winner, winner.FindStringSubmatch(out)[1])
		})
	}
}
