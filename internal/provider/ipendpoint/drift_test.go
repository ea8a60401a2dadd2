// SPDX-License-Identifier: Apache-2.0

package ipendpoint_test

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

// TestAccIPEndpoint_lost has the Akash provider end the holder's lease, then a policy that keeps it out, and protects
// what is left.
func TestAccIPEndpoint_lost(t *testing.T) {
	t.Parallel()
	dev, provider := start(t, 0, 4, 4)
	owner := dev.Owner(t, acctest.Tenant)
	var id, name, lease, address string
	elsewhere := `bid_policy = { deny = ["` + dev.Address(t, acctest.Middle) + `"] }`
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             acctest.Look(func() { require.Empty(t, dev.Deployments(t, owner, "active")) }),
		Steps: []resource.TestStep{
			{
				Config: provider + shop(""),
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectUnknownValue(endpoint, tfjsonpath.New("name")),
					plancheck.ExpectKnownValue(endpoint, tfjsonpath.New("max_usd_per_month"), knownvalue.StringExact("30.00"))),
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep(endpoint, "id", &id), acctest.Keep(endpoint, "name", &name),
					acctest.Keep(endpoint, "lease_id", &lease), acctest.Keep(endpoint, "address", &address),
					resource.TestMatchResourceAttr(endpoint, "name", regexp.MustCompile(`^ip-\d+$`)),
					acctest.Look(func() { require.Equal(t, []string{address + ":65535"}, dev.LeasedIPs(t, lease)) })),
			},
			{
				PreConfig:    func() { dev.KillLease(t, lease) },
				RefreshState: true,
				Check: resource.ComposeTestCheckFunc(
					acctest.Same(endpoint, "id", &id), resource.TestCheckResourceAttr(endpoint, "state", "closed")),
				ExpectNonEmptyPlan: true,
			},
			{
				Config: provider + shop(""),
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectResourceAction(endpoint, plancheck.ResourceActionUpdate),
					plancheck.ExpectUnknownValue(endpoint, tfjsonpath.New("address")),
					plancheck.ExpectKnownValue(endpoint, tfjsonpath.New("auction_reason"),
						knownvalue.StringRegexp(regexp.MustCompile(`ended \(lease_closed_reason_unstable\)`)))),
				Check: resource.ComposeTestCheckFunc(
					acctest.Same(endpoint, "id", &id), acctest.Same(endpoint, "name", &name),
					acctest.Differs(endpoint, "lease_id", &lease),
					resource.TestCheckResourceAttr(endpoint, "provider_address", dev.Address(t, acctest.Middle)),
					acctest.Look(func() { require.Len(t, dev.Deployments(t, owner, ""), 1, "the same escrow") })),
			},
			{Config: provider + shop(""), ConfigPlanChecks: acctest.NoChange()},
			{
				// More money in place.
				Config: provider + shop(`deposit = { uact = 6000000 }`),
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectResourceAction(endpoint, plancheck.ResourceActionUpdate)),
				Check: resource.ComposeTestCheckFunc(
					acctest.Same(endpoint, "id", &id),
					resource.TestCheckResourceAttr(endpoint, "escrow.deposited_uact", "6000000")),
			},
			{
				Config: provider + shop("deletion_protection = true\n"+elsewhere),
				// Protected by what is in state: this first apply replaces.
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectResourceAction(endpoint, plancheck.ResourceActionReplace)),
				Check: resource.ComposeTestCheckFunc(
					acctest.Differs(endpoint, "id", &id),
					resource.TestCheckResourceAttr(endpoint, "provider_address", dev.Address(t, acctest.Dearest)),
					acctest.Look(func() { require.Len(t, dev.Deployments(t, owner, "active"), 1) })),
			},
			{
				Config:      provider,
				ExpectError: acctest.Says("Address is protected", "deletion_protection = false"),
			},
			{
				Config:      provider + shop("deletion_protection = true\nprice_ceiling = { uact_per_block = 1 }"),
				ExpectError: acctest.Says("Address is protected", "replaced"),
			},
			{Config: provider + shop(elsewhere)},
		},
	})
}

// TestAccIPEndpoint_noAddress asks where no Akash provider has an address left: nothing stays, and only fees are spent.
func TestAccIPEndpoint_noAddress(t *testing.T) {
	t.Parallel()
	dev, _ := start(t, 0, 0, 0)
	owner := dev.Owner(t, acctest.Tenant)
	before := dev.Balance(t, owner, coin.UACT)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config:      dev.ProviderBlock(t, acctest.Tenant, `preflight = "error"`) + shop(""),
				ExpectError: acctest.Says("nobody can run this", "no free IP address"),
			},
			{
				Config: dev.ProviderBlock(t, acctest.Tenant, `preflight = "off"`) +
					shop("bid_policy = { window = \"30s\" }"),
				ExpectError: acctest.Says("No Akash provider leases an address", "was closed", "refunded",
					"Raise price_ceiling or relax bid_policy"),
			},
		},
	})
	require.Empty(t, dev.Deployments(t, owner, "active"))
	require.Len(t, dev.Deployments(t, owner, "closed"), 1)
	require.Equal(t, before, dev.Balance(t, owner, coin.UACT), "the deposit came back")
}
