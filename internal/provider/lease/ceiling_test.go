// SPDX-License-Identifier: Apache-2.0

package lease_test

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
)

// TestAccLease_ceilingBelowAll lists every bid with its price, spends nothing more, and goes on in the same deployment
// once the ceiling is raised.
func TestAccLease_ceilingBelowAll(t *testing.T) {
	t.Parallel()
	net, config := start(t)
	owner := net.Owner(t, acctest.Tenant)
	before := net.Balance(t, owner, coin.UACT)
	var id string
	asked := net.Price(t, acctest.Cheapest)
	low, high := coin.Trim(asked.QuoInt64(2)), coin.Trim(asked.MulInt64(2))
	ceiling := func(uact string) string {
		return config + acctest.Lease("web", net.AllBids(), `price_ceiling = { uact_per_block = "`+uact+`" }`)
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: ceiling(low),
				ExpectError: acctest.Says("No acceptable bid", "USD/month",
					net.Address(t, acctest.Cheapest), coin.Trim(asked)+"uact",
					"over the ceiling of "+low+" uact per block",
					net.Address(t, acctest.Middle), "uact",
					net.Address(t, acctest.Dearest), "uact",
					"is active; its escrow holds 5 ACT", "nothing is spent", "price_ceiling", "terraform apply"),
			},
			{
				PreConfig: func() {
					found := net.Deployments(t, owner, "active")
					require.Len(t, found, 1)
					require.Empty(t, net.Leases(t, owner+"/"+dseqText(found[0].Deployment.ID.DSeq)))
					require.Equal(t, before.SubRaw(5_000_000), net.Balance(t, owner, coin.UACT))
					id = owner + "/" + dseqText(found[0].Deployment.ID.DSeq)
				},
				Config: ceiling(high),
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectResourceAction(deployment, plancheck.ResourceActionNoop),
					plancheck.ExpectResourceAction(web, plancheck.ResourceActionCreate)),
				Check: resource.ComposeTestCheckFunc(
					acctest.Same(deployment, "id", &id), leasedTo(t, net, &id, acctest.Cheapest),
					acctest.Look(func() { require.Len(t, net.Deployments(t, owner, ""), 1) })),
			},
		},
	})
}

// TestAccLease_ceilingLowered lowers the ceiling below the price of a running lease: a new auction in the same slot,
// said at plan. Nobody meets it, then somebody does.
func TestAccLease_ceilingLowered(t *testing.T) {
	t.Parallel()
	net, config := start(t)
	cheapest, middle := net.Address(t, acctest.Cheapest), net.Address(t, acctest.Middle)
	between := net.Between(t, acctest.Cheapest)
	below, above := net.USDPerMonth(t, acctest.Cheapest, 50), net.USDPerMonth(t, acctest.Cheapest, 103)
	usd := func(ceiling string) string {
		return config + acctest.Lease("web", net.AllBids(), `price_ceiling = { usd_per_month = "`+ceiling+`" }`)
	}
	var id, slot, first, price string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: config + acctest.Lease("web", `bid_policy = { min_bids = 2, deny = ["`+cheapest+`"] }`),
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep(deployment, "id", &id), acctest.Keep(web, "id", &slot),
					acctest.Keep(web, "lease_id", &first), acctest.Keep(web, "price_per_block", &price),
					leasedTo(t, net, &id, acctest.Middle)),
			},
			{
				Config: config + acctest.Lease("web", net.AllBids(), `price_ceiling = { uact_per_block = "`+between+`" }`),
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectResourceAction(deployment, plancheck.ResourceActionNoop),
					plancheck.ExpectResourceAction(web, plancheck.ResourceActionUpdate),
					plancheck.ExpectUnknownValue(web, tfjsonpath.New("lease_id")),
					plancheck.ExpectUnknownValue(web, tfjsonpath.New("uris")),
					plancheck.ExpectKnownValue(web, tfjsonpath.New("id"), knownvalue.StringFunc(func(v string) error {
						require.Equal(t, slot, v)
						return nil
					})),
					plancheck.ExpectKnownValue(web, tfjsonpath.New("auction_reason"),
						knownvalue.StringRegexp(regexp.MustCompile(middle+`.*`+regexp.QuoteMeta(between)+` uact per block`))),
				),
				Check: resource.ComposeTestCheckFunc(
					acctest.Same(web, "id", &slot), acctest.Differs(web, "lease_id", &first),
					acctest.Differs(web, "price_per_block", &price),
					leasedTo(t, net, &id, acctest.Cheapest),
					acctest.Look(func() { require.Equal(t, []string{"lease_closed_owner"}, closed(t, net, id)) })),
			},
			{
				// A month is 438300 blocks of 6 s: no bid costs so little.
				Config: usd(below),
				ExpectError: acctest.Says("No acceptable bid", below+" USD per month", "is active; its escrow holds",
					"nothing is spent"),
			},
			{
				PreConfig: func() { require.Empty(t, activeWith(t, net, id)) },
				Config:    usd(above),
				ConfigPlanChecks: acctest.Plan(plancheck.ExpectResourceAction(web, plancheck.ResourceActionUpdate),
					plancheck.ExpectResourceAction(deployment, plancheck.ResourceActionNoop)),
				Check: resource.ComposeTestCheckFunc(acctest.Same(web, "id", &slot), leasedTo(t, net, &id, acctest.Cheapest)),
			},
		},
	})
}

// TestAccLease_providerCeiling gives a ceiling in both places: the tightest wins.
func TestAccLease_providerCeiling(t *testing.T) {
	t.Parallel()
	net := acctest.Start(t, acctest.NoRefusal())
	between := net.Between(t, acctest.Cheapest)
	config := net.ProviderBlock(t, acctest.Tenant, `price_ceiling = { uact_per_block = "`+between+`" }`) +
		acctest.Deployment("web", acctest.Web{}.SDL())
	deny := `bid_policy = { min_bids = 2, deny = ["` + net.Address(t, acctest.Cheapest) + `"] }`
	var id string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config:      config + acctest.Lease("web", `price_ceiling = { uact_per_block = "1", usd_per_month = "1" }`),
				ExpectError: acctest.Says("Invalid Attribute Combination"),
			},
			{
				Config:      config + acctest.Lease("web", `price_ceiling = { uact_per_block = "-1" }`),
				ExpectError: acctest.Says("Invalid value", "price_ceiling.uact_per_block"),
			},
			{
				Config:      config + acctest.Lease("web", deny, `price_ceiling = { uact_per_block = "100000" }`),
				ExpectError: acctest.Says("No acceptable bid", "on the deny list"), // the order allows no more: others do not bid
			},
			{
				Config: config + acctest.Lease("web", net.AllBids(), `price_ceiling = { uact_per_block = "100000" }`),
				Check:  resource.ComposeTestCheckFunc(acctest.Keep(deployment, "id", &id), leasedTo(t, net, &id, acctest.Cheapest)),
			},
		},
	})
}
