// SPDX-License-Identifier: Apache-2.0

package lease_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
)

// TestAccLease_weighted prefers somebody dearer, names everybody in state, and goes to another when a trigger changes:
// the same deployment, the same escrow, one lease at a time.
func TestAccLease_weighted(t *testing.T) {
	t.Parallel()
	net, config := start(t)
	middle, cheapest := net.Address(t, acctest.Middle), net.Address(t, acctest.Cheapest)
	var id, slot string
	weighted := `strategy = "weighted", prefer = ["` + middle + `"], weights = { preference = "1" }`
	policy := func(trigger, rest string) string {
		return config + acctest.Lease("web", `bid_policy = { min_bids = 3, `+rest+` }`,
			`rebid_triggers = { wish = "`+trigger+`" }`)
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: policy("first", weighted),
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep(deployment, "id", &id),
					acctest.Keep(web, "id", &slot),
					leasedTo(t, net, &id, acctest.Middle),
					resource.TestCheckResourceAttr(web, "bids.#", "3"),
					resource.TestCheckResourceAttr(web, "bids.0.provider_address", middle),
					resource.TestCheckResourceAttr(web, "bids.0.score", "1.000"),
					resource.TestCheckResourceAttr(web, "bids.0.reason", "accepted: best score, 1 cheaper"),
					resource.TestCheckResourceAttr(web, "bids.1.provider_address", cheapest),
					resource.TestCheckResourceAttr(web, "bids.1.score", "0.000"),
				),
			},
			{
				Config:           policy("first", `strategy = "cheapest"`),
				ConfigPlanChecks: acctest.Plan(plancheck.ExpectResourceAction(web, plancheck.ResourceActionUpdate)),
				Check:            leasedTo(t, net, &id, acctest.Middle), // sticky
			},
			{
				Config: policy("second", `strategy = "cheapest"`),
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectResourceAction(web, plancheck.ResourceActionUpdate),
					plancheck.ExpectResourceAction(deployment, plancheck.ResourceActionNoop),
					plancheck.ExpectKnownValue(web, tfjsonpath.New("auction_reason"),
						knownvalue.StringExact("rebid_triggers changed: wish"))),
				Check: resource.ComposeTestCheckFunc(
					acctest.Same(web, "id", &slot), acctest.Same(deployment, "id", &id),
					leasedTo(t, net, &id, acctest.Cheapest),
					resource.TestCheckResourceAttr(web, "auction_reason", "rebid_triggers changed: wish"),
				),
			},
		},
	})
}

// TestAccLease_distinct keeps a second lease away from where the first one runs, and fixes what bids may cost on chain.
func TestAccLease_distinct(t *testing.T) {
	t.Parallel()
	net, config := start(t)
	owner := net.Owner(t, acctest.Tenant)
	limit := coin.Trim(net.Price(t, acctest.Middle).MulInt64(2))
	config += acctest.Deployment("other", acctest.Web{}.SDL(), `price_ceiling = { uact_per_block = "`+limit+`" }`) +
		acctest.Lease("web", net.AllBids()) +
		acctest.LeaseOf("other", "other", "dcloud",
			`bid_policy = { min_bids = 2, distinct_from = [akash_lease.web.provider_address] }`)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config: config,
			Check: resource.ComposeTestCheckFunc(
				resource.TestCheckResourceAttr(web, "provider_address", net.Address(t, acctest.Cheapest)),
				resource.TestCheckResourceAttr("akash_lease.other", "provider_address", net.Address(t, acctest.Middle)),
				acctest.Look(func() {
					prices := map[string]bool{}
					for _, d := range net.Deployments(t, owner, "active") {
						prices[coin.Trim(d.Groups[0].GroupSpec.Resources[0].Price.Amount)] = true
					}
					require.Equal(t, map[string]bool{"1000": true, limit: true}, prices)
				}),
			),
		}, {
			Config:           config,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
		}},
	})
}
