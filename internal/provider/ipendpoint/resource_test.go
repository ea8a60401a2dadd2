// SPDX-License-Identifier: Apache-2.0

package ipendpoint_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
)

const (
	endpoint = "akash_ip_endpoint.shop"
	blue     = "akash_lease.blue"
	green    = "akash_lease.green"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// start is a devnet whose Akash providers have so many addresses to lease, from cheap to dear.
func start(t *testing.T, addresses ...uint32) (dev *acctest.Devnet, provider string) {
	t.Helper()
	specs := akashprovider.DefaultSpecs()
	for i := range specs {
		specs[i].LeasedIPs = addresses[i]
	}
	dev = acctest.StartDevnet(t, "addresses to lease", devnet.Options{AkashProviders: specs}, acctest.NoRefusal())
	return dev, dev.ProviderBlock(t, acctest.Tenant, "")
}

// shop is an akash_ip_endpoint; lines are put into the block.
func shop(lines string) string {
	return "resource \"akash_ip_endpoint\" \"shop\" {\n" + lines + "\n}\n"
}

// tenant is a deployment that wants port 80 of endpoint shop, and its lease beside the endpoint.
func tenant(name, cpu string) string {
	sdl := fmt.Sprintf(`version: "2.1"
endpoints: {shop: {kind: ip}}
services:
  web:
    image: nginx:1.29.3
    expose: [{port: 80, as: 80, to: [{global: true, ip: shop}]}]
profiles:
  compute:
    web: {resources: {cpu: {units: %s}, memory: {size: 64Mi}, storage: [{size: 128Mi}]}}
  placement:
    dcloud: {pricing: {web: {denom: uact, amount: 1000}}}
deployment:
  web: {dcloud: {profile: web, count: 1}}
`, cpu)
	return acctest.Deployment(name, sdl) +
		acctest.Lease(name, "bid_policy = { allow = [akash_ip_endpoint.shop.provider_address] }")
}

func attach(name string) string {
	return fmt.Sprintf("name = \"shop\"\nattach = akash_deployment.%s.groups[\"dcloud\"]", name)
}

// TestAccIPEndpoint_shared holds an address, shares it, moves a port of it in place, and keeps it while a deployment
// that uses it is replaced.
func TestAccIPEndpoint_shared(t *testing.T) {
	t.Parallel()
	dev, provider := start(t, 0, 8, 8)
	owner := dev.Owner(t, acctest.Tenant)
	var id, address, seller, holder, blueLease, greenLease string
	// has wants who has port 80, by the gateway.
	has := func(who, other *string) resource.TestCheckFunc {
		return acctest.Look(func() {
			require.Equal(t, []string{address + ":80"}, dev.LeasedIPs(t, *who))
			require.Equal(t, []string{address + ":65535"}, dev.LeasedIPs(t, holder), "the holder keeps its port")
			if other != nil {
				require.Empty(t, dev.LeasedIPs(t, *other))
			}
		})
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             acctest.Look(func() { require.Empty(t, dev.Deployments(t, owner, "active")) }),
		Steps: []resource.TestStep{
			{
				Config: provider + shop(attach("blue")) + tenant("blue", "100m") +
					"output \"address\" { value = akash_ip_endpoint.shop.address }",
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectUnknownValue(endpoint, tfjsonpath.New("address")),
					plancheck.ExpectKnownValue(endpoint, tfjsonpath.New("name"), knownvalue.StringExact("shop"))),
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep(endpoint, "id", &id), acctest.Keep(endpoint, "address", &address),
					acctest.Keep(endpoint, "provider_address", &seller), acctest.Keep(endpoint, "lease_id", &holder),
					acctest.Keep(blue, "lease_id", &blueLease),
					resource.TestCheckResourceAttrWith(blue, "services.web.ips.0.ip", func(ip string) error {
						require.Equal(t, address, ip)
						return nil
					}),
					resource.TestCheckResourceAttr(endpoint, "state", "active"),
					resource.TestCheckResourceAttr(endpoint, "escrow.deposited_uact", "5000000"),
					resource.TestCheckResourceAttrSet(endpoint, "funded_until"),
					has(&blueLease, nil),
					acctest.Look(func() {
						require.Equal(t, dev.Address(t, acctest.Middle), seller, "the cheapest with a free address")
						require.Equal(t, "ip-endpoint-shop", dev.Deployment(t, id).Groups[0].GroupSpec.Name)
					})),
			},
			{
				// The other deployment wants the same port: it stays where it is.
				Config: provider + shop(attach("blue")) + tenant("blue", "100m") + tenant("green", "100m"),
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectResourceAction(endpoint, plancheck.ResourceActionNoop),
					plancheck.ExpectResourceAction(blue, plancheck.ResourceActionNoop)),
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep(green, "lease_id", &greenLease), resource.TestCheckResourceAttr(endpoint, "attached", "true"),
					has(&blueLease, &greenLease)),
			},
			{
				Config: provider + shop(attach("green")) + tenant("blue", "100m") + tenant("green", "100m"),
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectResourceAction(endpoint, plancheck.ResourceActionUpdate),
					plancheck.ExpectKnownValue(endpoint, tfjsonpath.New("address"), knownvalue.NotNull()),
					plancheck.ExpectResourceAction(green, plancheck.ResourceActionNoop)),
				Check: resource.ComposeTestCheckFunc(
					acctest.Same(endpoint, "id", &id), acctest.Same(endpoint, "address", &address),
					resource.TestCheckResourceAttr(endpoint, "attached", "true"), has(&greenLease, &blueLease)),
			},
			{
				// Somebody moves it back by hand: the plan sees it.
				PreConfig: func() { dev.MigrateEndpoint(t, blueLease, "shop") },
				Config:    provider + shop(attach("green")) + tenant("blue", "100m") + tenant("green", "100m"),
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectResourceAction(endpoint, plancheck.ResourceActionUpdate)),
				Check: has(&greenLease, &blueLease),
			},
			{
				// Another deployment takes the place of green, with the same address.
				Config: provider + shop(attach("green")) + tenant("green", "200m"),
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectResourceAction("akash_deployment.green", plancheck.ResourceActionReplace)),
				Check: resource.ComposeTestCheckFunc(
					acctest.Differs(green, "lease_id", &greenLease), acctest.Keep(green, "lease_id", &greenLease),
					acctest.Same(endpoint, "address", &address), acctest.Same(endpoint, "lease_id", &holder),
					has(&greenLease, nil)),
			},
			{
				Config:           provider + shop(attach("green")) + tenant("green", "200m"),
				ConfigPlanChecks: acctest.NoChange(),
			},
			{
				ResourceName: endpoint, ImportState: true, ImportStateVerify: true, ImportStateIdFunc: nil,
				// Refreshed at another moment, so perhaps in another hour: funded_until is rounded to one.
				ImportStateVerifyIgnore: []string{"attach", "attached", "auction_reason", "funded_until"},
			},
		},
	})
}
