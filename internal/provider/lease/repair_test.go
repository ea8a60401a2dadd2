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

// TestAccLease_killed has the Akash provider end the lease: the slot is filled again in the same deployment.
func TestAccLease_killed(t *testing.T) {
	t.Parallel()
	dev, config := startDevnet(t, "the hand of an Akash provider")
	net := dev.Network
	owner := net.Owner(t, acctest.Tenant)
	full := config + acctest.Lease("web", allBids)
	var id, slot, lease string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: full,
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep(deployment, "id", &id), acctest.Keep(web, "id", &slot), acctest.Keep(web, "lease_id", &lease)),
			},
			{
				// A refresh alone tells what happened and keeps the resource.
				PreConfig:    func() { dev.KillLease(t, lease) },
				RefreshState: true,
				Check: resource.ComposeTestCheckFunc(
					acctest.Same(web, "id", &slot), acctest.Same(web, "lease_id", &lease),
					resource.TestCheckResourceAttr(web, "state", "closed"),
					resource.TestCheckResourceAttr(web, "close_reason", "lease_closed_reason_unstable"),
				),
				ExpectNonEmptyPlan: true,
			},
			{
				Config: full,
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectResourceAction(deployment, plancheck.ResourceActionNoop),
					plancheck.ExpectResourceAction(web, plancheck.ResourceActionUpdate),
					plancheck.ExpectUnknownValue(web, tfjsonpath.New("lease_id")),
					plancheck.ExpectKnownValue(web, tfjsonpath.New("auction_reason"),
						knownvalue.StringRegexp(regexp.MustCompile(`ended in block \d+ \(lease_closed_reason_unstable\): its`))),
				),
				Check: resource.ComposeTestCheckFunc(
					acctest.Same(deployment, "id", &id), acctest.Same(web, "id", &slot), acctest.Differs(web, "lease_id", &lease),
					leasedTo(t, net, &id, acctest.Cheapest),
					resource.TestCheckNoResourceAttr(web, "close_reason"),
					acctest.Look(func() {
						require.Equal(t, []string{"lease_closed_reason_unstable"}, closed(t, net, id))
						require.Len(t, net.Deployments(t, owner, ""), 1)
					})),
			},
			{Config: full, ConfigPlanChecks: acctest.NoChange()},
			{
				// The deployment is closed by somebody: both are created again.
				PreConfig: func() { net.CloseDeployment(t, acctest.Tenant, id) },
				Config:    full,
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectResourceAction(deployment, plancheck.ResourceActionCreate),
					plancheck.ExpectResourceAction(web, plancheck.ResourceActionCreate),
				),
				Check: resource.ComposeTestCheckFunc(
					acctest.Differs(deployment, "id", &id), acctest.Keep(deployment, "id", &id),
					leasedTo(t, net, &id, acctest.Cheapest)),
			},
		},
		CheckDestroy: acctest.Look(func() {
			require.Empty(t, net.Deployments(t, owner, "active"))
			require.Empty(t, activeWith(t, net, id))
			spent := net.Deployment(t, id).EscrowAccount.State.Transferred
			require.Len(t, spent, 1)
			require.Equal(t, coin.UACT, spent[0].Denom)
		}),
	})
}

// TestAccLease_killedWithNewManifest changes the workload while its lease is dead.
func TestAccLease_killedWithNewManifest(t *testing.T) {
	t.Parallel()
	dev, _ := startDevnet(t, "the hand of an Akash provider")
	net := dev.Network
	provider := net.ProviderBlock(t, acctest.Tenant, "")
	with := func(greeting string) string {
		return provider + acctest.Deployment("web", acctest.Web{Env: []string{"GREETING=" + greeting}}.SDL()) +
			acctest.Lease("web", allBids)
	}
	var id, lease string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: with("one"),
				Check:  resource.ComposeTestCheckFunc(acctest.Keep(deployment, "id", &id), acctest.Keep(web, "lease_id", &lease)),
			},
			{
				// A new manifest and a dead lease in one plan: the new lease gets the new manifest.
				PreConfig: func() { dev.KillLease(t, lease) },
				Config:    with("two"),
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectResourceAction(deployment, plancheck.ResourceActionUpdate),
					plancheck.ExpectResourceAction(web, plancheck.ResourceActionUpdate),
				),
				Check: resource.ComposeTestCheckFunc(
					acctest.Differs(web, "lease_id", &lease), acctest.Keep(web, "lease_id", &lease),
					acctest.Same(deployment, "id", &id),
					acctest.Look(func() { require.Equal(t, []string{"GREETING=two"}, net.Running(t, lease)["web"]) })),
			},
		},
	})
}
