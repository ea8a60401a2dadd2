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
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
)

// TestAccLease_ceilingBelowAll lists every bid with its price, spends nothing more, and goes on in the same deployment
// once the ceiling is raised.
func TestAccLease_ceilingBelowAll(t *testing.T) {
	t.Parallel()
	net, config := start(t, "")
	owner := net.Owner(t, devnet.Tenant)
	before := net.Balance(t, owner, coin.UACT)
	var id string
	tight := config + acctest.Lease("web", allBids, `price_ceiling = { uact_per_block = "0.01" }`)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: tight,
				ExpectError: acctest.Says("No acceptable bid", "USD/month",
					net.Seller(t, acctest.Amber).Address(), "0.22248uact", "over the ceiling of 0.01 uact per block",
					net.Seller(t, acctest.Birch).Address(), "uact",
					net.Seller(t, acctest.Cedar).Address(), "uact",
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
				Config: config + acctest.Lease("web", allBids, `price_ceiling = { uact_per_block = "1" }`),
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectResourceAction(deployment, plancheck.ResourceActionNoop),
					plancheck.ExpectResourceAction(web, plancheck.ResourceActionCreate)),
				Check: resource.ComposeTestCheckFunc(
					acctest.Same(deployment, "id", &id), leasedTo(t, net, &id, acctest.Amber),
					acctest.Look(func() { require.Len(t, net.Deployments(t, owner, ""), 1) })),
			},
		},
	})
}

// TestAccLease_ceilingLowered lowers the ceiling below the price of a running lease: a new auction in the same slot,
// said at plan. Nobody meets it, then somebody does.
func TestAccLease_ceilingLowered(t *testing.T) {
	t.Parallel()
	net, config := start(t, "")
	amber, birch := net.Seller(t, acctest.Amber).Address(), net.Seller(t, acctest.Birch).Address()
	var id, slot, first, price string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: config + acctest.Lease("web", `bid_policy = { min_bids = 2, deny = ["`+amber+`"] }`),
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep(deployment, "id", &id), acctest.Keep(web, "id", &slot),
					acctest.Keep(web, "lease_id", &first), acctest.Keep(web, "price_per_block", &price),
					leasedTo(t, net, &id, acctest.Birch)),
			},
			{
				// 0.3 uact per block lies between amber and birch.
				Config: config + acctest.Lease("web", allBids, `price_ceiling = { uact_per_block = "0.3" }`),
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
						knownvalue.StringRegexp(regexp.MustCompile(birch+`.*0\.3 uact per block`))),
				),
				Check: resource.ComposeTestCheckFunc(
					acctest.Same(web, "id", &slot), acctest.Differs(web, "lease_id", &first),
					acctest.Differs(web, "price_per_block", &price),
					leasedTo(t, net, &id, acctest.Amber),
					acctest.Look(func() { require.Equal(t, []string{"lease_closed_owner"}, closed(t, net, id)) })),
			},
			{
				// A month is 438300 blocks of 6 s: no bid costs so little.
				Config: config + acctest.Lease("web", allBids, `price_ceiling = { usd_per_month = "0.05" }`),
				ExpectError: acctest.Says("No acceptable bid", "0.05 USD per month", "is active; its escrow holds",
					"nothing is spent"),
			},
			{
				PreConfig: func() { require.Empty(t, activeWith(t, net, id)) },
				Config:    config + acctest.Lease("web", allBids, `price_ceiling = { usd_per_month = "0.10" }`),
				ConfigPlanChecks: acctest.Plan(plancheck.ExpectResourceAction(web, plancheck.ResourceActionUpdate),
					plancheck.ExpectResourceAction(deployment, plancheck.ResourceActionNoop)),
				Check: resource.ComposeTestCheckFunc(acctest.Same(web, "id", &slot), leasedTo(t, net, &id, acctest.Amber)),
			},
		},
	})
}

// TestAccLease_providerCeiling gives a ceiling in both places: the tightest wins.
func TestAccLease_providerCeiling(t *testing.T) {
	t.Parallel()
	net, config := start(t, `  price_ceiling = { uact_per_block = "0.3" }`)
	amber := net.Seller(t, acctest.Amber).Address()
	deny := `bid_policy = { min_bids = 2, deny = ["` + amber + `"] }`
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
				Config:      config + acctest.Lease("web", deny, `price_ceiling = { uact_per_block = "100" }`),
				ExpectError: acctest.Says("No acceptable bid", "0.3 uact per block"),
			},
			{
				Config: config + acctest.Lease("web", allBids, `price_ceiling = { uact_per_block = "100" }`),
				Check:  resource.ComposeTestCheckFunc(acctest.Keep(deployment, "id", &id), leasedTo(t, net, &id, acctest.Amber)),
			},
		},
	})
}
