// SPDX-License-Identifier: Apache-2.0

package ipendpoint_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
)

const named = `name = "shop"`

// TestAccIPEndpoint_elsewhere refuses at plan to attach to a group that is leased from another Akash provider, and
// leaves everything as it is.
func TestAccIPEndpoint_elsewhere(t *testing.T) {
	t.Parallel()
	dev, provider := start(t, 0, 8, 8)
	web := acctest.Deployment("web", acctest.Web{}.SDL()) +
		acctest.Lease("web", `bid_policy = { allow = ["`+dev.Address(t, acctest.Dearest)+`"] }`)
	var lease string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: provider + shop(named) + web,
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep(endpoint, "lease_id", &lease),
					resource.TestCheckResourceAttr(endpoint, "provider_address", dev.Address(t, acctest.Middle))),
			},
			{
				Config: provider + shop(attach("web")) + web, PlanOnly: true,
				ExpectError: acctest.Says("Address not moved", "never moves between Akash providers",
					"the address is with "+dev.Address(t, acctest.Middle), "the lease of the group with "+
						dev.Address(t, acctest.Dearest), "bid_policy.allow = [akash_ip_endpoint.NAME.provider_address]"),
			},
			{Config: provider + shop(named) + web, ConfigPlanChecks: acctest.NoChange()},
			{
				Config: provider + shop(named) + web,
				Check: resource.ComposeTestCheckFunc(
					acctest.Same(endpoint, "lease_id", &lease), acctest.Look(func() {
						require.Len(t, dev.LeasedIPs(t, lease), 1, "the holder has its port")
					})),
			},
		},
	})
}

// TestAccIPEndpoint_kept leaves an endpoint that got no address for the next apply, which pays nothing twice.
func TestAccIPEndpoint_kept(t *testing.T) {
	t.Parallel()
	dev, _ := start(t, 0, 4, 4)
	owner := dev.Owner(t, acctest.Tenant)
	block := dev.ProviderBlock(t, acctest.Tenant, `preflight = "off"`)
	keeps := block + shop(named+"\non_failure = \"keep\"\nbid_policy = { window = \"30s\" }")
	dev.AllFaults(akashprovider.Faults{NeverBid: true})
	var id string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             acctest.Look(func() { require.Empty(t, dev.Deployments(t, owner, "active")) }),
		Steps: []resource.TestStep{
			{
				Config: keeps,
				ExpectError: acctest.Says("No Akash provider leases an address", "is kept because on_failure is \"keep\"",
					"Run terraform apply again", "akash tx deployment close --dseq"),
			},
			{
				PreConfig: func() {
					require.Len(t, dev.Deployments(t, owner, "active"), 1, "kept")
					dev.AllFaults(akashprovider.Faults{})
				},
				Config: keeps,
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep(endpoint, "id", &id), resource.TestCheckResourceAttr(endpoint, "state", "active"),
					resource.TestCheckResourceAttr(endpoint, "escrow.deposited_uact", "5000000"),
					acctest.Look(func() { require.Len(t, dev.Deployments(t, owner, ""), 1, "the same one") })),
			},
			{Config: keeps, ConfigPlanChecks: acctest.NoChange()},
		},
	})
}

// TestAccIPEndpoint_follows leases again elsewhere, in the same deployment, when the Akash provider before does not bid
// any more.
func TestAccIPEndpoint_follows(t *testing.T) {
	t.Parallel()
	dev, _ := start(t, 0, 4, 4)
	provider := dev.ProviderBlock(t, acctest.Tenant, `preflight = "warn"`)
	owner := dev.Owner(t, acctest.Tenant)
	full := provider + shop(named+"\nbid_policy = { window = \"30s\" }")
	var id, lease, address string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             acctest.Look(func() { require.Empty(t, dev.Deployments(t, owner, "active")) }),
		Steps: []resource.TestStep{
			{
				Config: full,
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep(endpoint, "id", &id), acctest.Keep(endpoint, "lease_id", &lease),
					resource.TestCheckResourceAttr(endpoint, "provider_address", dev.Address(t, acctest.Middle))),
			},
			{
				PreConfig: func() {
					dev.KillLease(t, lease)
					dev.Seller(t, acctest.Middle).SetFaults(akashprovider.Faults{NeverBid: true})
				},
				Config: full,
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectResourceAction(endpoint, plancheck.ResourceActionUpdate),
					plancheck.ExpectUnknownValue(endpoint, tfjsonpath.New("provider_address"))),
				Check: resource.ComposeTestCheckFunc(
					acctest.Same(endpoint, "id", &id), acctest.Differs(endpoint, "lease_id", &lease),
					acctest.Keep(endpoint, "address", &address), acctest.Keep(endpoint, "lease_id", &lease),
					resource.TestCheckResourceAttr(endpoint, "provider_address", dev.Address(t, acctest.Dearest)),
					acctest.Look(func() {
						require.Len(t, dev.Deployments(t, owner, ""), 1, "the same escrow")
						require.Equal(t, []string{address + ":65535"}, dev.LeasedIPs(t, lease))
					})),
			},
			{Config: full, ConfigPlanChecks: acctest.NoChange()},
		},
	})
}

// TestAccIPEndpoint_imported starts from an import: the plan changes nothing on chain, and a replacement may have the
// name of what it replaces.
func TestAccIPEndpoint_imported(t *testing.T) {
	t.Parallel()
	dev, provider := start(t, 0, 4, 4)
	owner := dev.Owner(t, acctest.Tenant)
	full := provider + shop(named)
	var id, lease string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: full,
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep(endpoint, "id", &id), acctest.Keep(endpoint, "lease_id", &lease)),
			},
			// Terraform forgets it, and nothing happens on chain.
			{Config: provider + "removed {\n  from = akash_ip_endpoint.shop\n  lifecycle { destroy = false }\n}\n"},
			{
				Config: full, ResourceName: endpoint, ImportState: true, ImportStatePersist: true,
				ImportStateIdFunc: func(*terraform.State) (string, error) { return id, nil },
			},
			{Config: full, ConfigPlanChecks: acctest.NoChange()},
			{
				Config: full,
				Check: resource.ComposeTestCheckFunc(
					acctest.Same(endpoint, "id", &id), acctest.Same(endpoint, "lease_id", &lease),
					acctest.Look(func() { require.Len(t, dev.Deployments(t, owner, ""), 1) })),
			},
			{
				Config: provider + shop(named+"\nbid_policy = { deny = [\""+dev.Address(t, acctest.Middle)+"\"] }"),
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectResourceAction(endpoint, plancheck.ResourceActionReplace)),
				Check: resource.ComposeTestCheckFunc(
					acctest.Differs(endpoint, "id", &id), resource.TestCheckResourceAttr(endpoint, "name", "shop"),
					acctest.Look(func() { require.Len(t, dev.Deployments(t, owner, "active"), 1) })),
			},
		},
	})
}
