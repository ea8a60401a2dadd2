// SPDX-License-Identifier: Apache-2.0

package lease_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
)

// withWindows is a devnet whose Akash providers announce a day ahead that they take a lease back.
func withWindows(t *testing.T) *acctest.Devnet {
	t.Helper()
	specs := akashprovider.DefaultSpecs()
	for i := range specs {
		specs[i].ReclamationWindow = 24 * time.Hour
	}
	return acctest.StartDevnet(t, "the hand of an Akash provider", devnet.Options{AkashProviders: specs},
		acctest.NoRefusal())
}

// TestAccLease_reclaimed has the Akash provider take the lease back: the plan says until when, and apply moves the
// group to another one before that, in the same deployment.
func TestAccLease_reclaimed(t *testing.T) {
	t.Parallel()
	dev := withWindows(t)
	net := dev.Network
	full := net.ProviderBlock(t, acctest.Tenant, "") + acctest.Deployment("web", acctest.Web{}.SDL()) +
		acctest.Lease("web", allBids)
	var id, slot, lease string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: full,
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep(deployment, "id", &id), acctest.Keep(web, "id", &slot), acctest.Keep(web, "lease_id", &lease),
					resource.TestCheckNoResourceAttr(web, "reclaim_deadline")),
			},
			{
				PreConfig:    func() { dev.ReclaimLease(t, lease) },
				RefreshState: true,
				Check: resource.ComposeTestCheckFunc(
					acctest.Same(web, "lease_id", &lease), resource.TestCheckResourceAttr(web, "state", "reclaiming"),
					resource.TestMatchResourceAttr(web, "reclaim_started_at", regexp.MustCompile(`^\d{4}-.*Z$`)),
					resource.TestMatchResourceAttr(web, "reclaim_deadline", regexp.MustCompile(`^\d{4}-.*Z$`))),
				ExpectNonEmptyPlan: true,
			},
			{
				Config: full,
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectResourceAction(deployment, plancheck.ResourceActionNoop),
					plancheck.ExpectResourceAction(web, plancheck.ResourceActionUpdate),
					plancheck.ExpectUnknownValue(web, tfjsonpath.New("lease_id")),
					plancheck.ExpectKnownValue(web, tfjsonpath.New("auction_reason"),
						knownvalue.StringRegexp(regexp.MustCompile(`takes lease .* back: it may end it from 20\d\d-.*Z on`))),
				),
				Check: resource.ComposeTestCheckFunc(
					acctest.Same(deployment, "id", &id), acctest.Same(web, "id", &slot),
					leasedTo(t, net, &id, acctest.Middle), resource.TestCheckNoResourceAttr(web, "reclaim_deadline"),
					acctest.Look(func() {
						require.Equal(t, []string{"lease_closed_owner"}, closed(t, net, id), "it was ended in good order")
					})),
			},
			{Config: full, ConfigPlanChecks: acctest.NoChange()},
		},
	})
}

// TestAccLease_dataConsent keeps persistent data until the configuration says that it may go.
func TestAccLease_dataConsent(t *testing.T) {
	t.Parallel()
	dev := withWindows(t)
	net := dev.Network
	owner := net.Owner(t, acctest.Tenant)
	provider := net.ProviderBlock(t, acctest.Tenant, "")
	with := func(lines ...string) string {
		return provider + acctest.Deployment("web", acctest.Web{Volume: "1Gi"}.SDL(), `deletion_protection = false`) +
			acctest.Lease("web", lines...)
	}
	const two = `bid_policy = { min_bids = 2 }`
	const consent = `allow_data_loss = true`
	deny := `bid_policy = { min_bids = 1, deny = ["` + net.Address(t, acctest.Cheapest) + `"] }`
	var id, lease string
	unchanged := func() {
		leases := net.Leases(t, id)
		require.Len(t, leases, 1)
		require.Equal(t, lease, leaseID(leases[0]))
		require.Len(t, net.Deployments(t, owner, ""), 1)
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: with(two),
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep(deployment, "id", &id), acctest.Keep(web, "lease_id", &lease),
					leasedTo(t, net, &id, acctest.Cheapest)),
			},
			{
				Config: with(deny), // an own decision
				ExpectError: acctest.Says("Persistent data would be lost: "+owner, "on the deny list", "1 GiB of beta2",
					"allow_data_loss = true"),
			},
			{
				PreConfig: func() { unchanged(); dev.ReclaimLease(t, lease) },
				Config:    with(two), // the Akash provider's: there is time to copy
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectResourceAction(web, plancheck.ResourceActionNoop)),
				Check: resource.ComposeTestCheckFunc(acctest.Same(web, "lease_id", &lease), acctest.Look(unchanged)),
			},
			{
				Config: with(two, consent),
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectResourceAction(deployment, plancheck.ResourceActionNoop),
					plancheck.ExpectResourceAction(web, plancheck.ResourceActionUpdate)),
				Check: leasedTo(t, net, &id, acctest.Middle),
			},
			{Config: with(two, consent), ConfigPlanChecks: acctest.NoChange()},
			{
				Config: with(two), // taking the consent back changes nothing but the setting
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectKnownValue(web, tfjsonpath.New("state"), knownvalue.StringExact("active"))),
			},
		},
	})
}

// TestAccLease_notice hands the notice that the SDL asks for to the lease's group, where the forecast finds it: as
// created, as refreshed and as imported.
func TestAccLease_notice(t *testing.T) {
	t.Parallel()
	dev := withWindows(t)
	full := dev.ProviderBlock(t, acctest.Tenant, "") +
		acctest.Deployment("web", "reclamation: {min_window: 20h}\n"+acctest.Web{}.SDL()) + acctest.Lease("web")
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: full,
				ConfigPlanChecks: acctest.Plan(plancheck.ExpectKnownValue(web,
					tfjsonpath.New("group").AtMapKey("reclamation_min_window"), knownvalue.StringExact("20h"))),
				Check: resource.ComposeTestCheckFunc(
					resource.TestCheckResourceAttr(deployment, "groups.dcloud.reclamation_min_window", "20h"),
					resource.TestCheckResourceAttr(web, "group.reclamation_min_window", "20h")),
			},
			{Config: full, ConfigPlanChecks: acctest.NoChange()},
			{
				ResourceName: deployment, ImportState: true, ImportStateVerify: true,
				ImportStateVerifyIgnore: []string{"sdl", "escrow", "funded_until"},
			},
			{
				ResourceName: web, ImportState: true, ImportStateVerify: true,
				ImportStateVerifyIgnore: []string{"bids", "auction_reason"},
			},
		},
	})
}
