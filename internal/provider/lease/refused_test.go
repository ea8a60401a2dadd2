// SPDX-License-Identifier: Apache-2.0

package lease_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
)

// only is the one deployment an owner has.
func only(t *testing.T, net *acctest.Network) string {
	t.Helper()
	owner := net.Owner(t, acctest.Tenant)
	found := net.Deployments(t, owner, "")
	require.Len(t, found, 1)
	require.Equal(t, "active", found[0].Deployment.State.String())
	return owner + "/" + dseqText(found[0].Deployment.ID.DSeq)
}

// TestAccLease_refusedByBest has the cheapest Akash provider refuse the manifest: the next best gets it in the same
// apply.
func TestAccLease_refusedByBest(t *testing.T) {
	t.Parallel()
	dev, config := startDevnet(t, "faults")
	net := dev.Network
	dev.Seller(t, acctest.Cheapest).SetFaults(akashprovider.Faults{RefuseManifests: -1})
	var id string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config: config + acctest.Lease("web", allBids),
			Check: resource.ComposeTestCheckFunc(
				acctest.Keep(deployment, "id", &id), leasedTo(t, net, &id, acctest.Middle),
				acctest.Look(func() {
					require.Equal(t, []string{"lease_closed_owner"}, closed(t, net, id), "nothing is paid to who refused")
				})),
		}},
	})
}

// TestAccLease_downBest has the gateway of the cheapest Akash provider not answer: it gets no lease at all.
func TestAccLease_downBest(t *testing.T) {
	t.Parallel()
	dev, config := startDevnet(t, "faults")
	net := dev.Network
	dev.Seller(t, acctest.Cheapest).SetFaults(akashprovider.Faults{GatewayDown: true})
	dev.Seller(t, acctest.Middle).SetFaults(akashprovider.Faults{HideLeases: 2})
	var id string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config: config + acctest.Lease("web", allBids),
			Check: resource.ComposeTestCheckFunc(
				acctest.Keep(deployment, "id", &id), leasedTo(t, net, &id, acctest.Middle),
				acctest.Look(func() { require.Len(t, net.Leases(t, id), 1) })),
		}},
	})
}

// TestAccLease_refusedByAll ends the lease by default, so that nothing more is spent, and goes on from there.
func TestAccLease_refusedByAll(t *testing.T) {
	t.Parallel()
	dev, config := startDevnet(t, "faults")
	net := dev.Network
	dev.AllFaults(akashprovider.Faults{RefuseManifests: -1})
	full := config + acctest.Lease("web", allBids)
	var id string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: full,
				ExpectError: acctest.Says("Manifest refused", "did not take the manifest", "is active; its escrow holds",
					"no lease in this group", `The lease was ended because on_failure is "close"`, "terraform apply"),
			},
			{
				PreConfig: func() {
					id = only(t, net)
					require.Empty(t, activeWith(t, net, id))
					require.Equal(t, "paused", groupState(t, net, id))
					dev.AllFaults(akashprovider.Faults{})
				},
				Config: full,
				ConfigPlanChecks: acctest.Plan(plancheck.ExpectResourceAction(deployment, plancheck.ResourceActionNoop),
					plancheck.ExpectResourceAction(web, plancheck.ResourceActionCreate)),
				Check: resource.ComposeTestCheckFunc(acctest.Same(deployment, "id", &id), leasedTo(t, net, &id, acctest.Cheapest)),
			},
		},
	})
}

// TestAccLease_keep leaves a lease whose services do not come up in time, and the next apply goes on with it.
func TestAccLease_keep(t *testing.T) {
	t.Parallel()
	dev, config := startDevnet(t, "faults", acctest.NoLoss())
	net := dev.Network
	dev.AllFaults(akashprovider.Faults{NeverReady: true})
	with := func(lines ...string) string { return config + acctest.Lease("web", append(lines, allBids)...) }
	var id, lease string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: with(`on_failure = "keep"`, `timeouts = { create = "6s" }`),
				ExpectError: acctest.Says("Services not ready", "web 0/1", "is active and costs 0.22248uact per block",
					"terraform apply"),
			},
			{
				PreConfig: func() {
					id = only(t, net)
					leases := net.Leases(t, id)
					require.Len(t, leases, 1)
					require.Equal(t, "active", leases[0].State.String())
					lease = leaseID(leases[0])
					dev.AllFaults(akashprovider.Faults{SlowReadyBlocks: 5})
				},
				Config: with(`on_failure = "keep"`),
				Check: resource.ComposeTestCheckFunc(acctest.Same(deployment, "id", &id), acctest.Same(web, "lease_id", &lease),
					resource.TestCheckResourceAttr(web, "services.web.available", "1")),
			},
		},
	})
}

// TestAccLease_notReady ends a lease whose services do not come up in time, once the error is returned.
func TestAccLease_notReady(t *testing.T) {
	t.Parallel()
	dev, config := startDevnet(t, "faults", acctest.NoLoss())
	net := dev.Network
	dev.AllFaults(akashprovider.Faults{NeverReady: true})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config:      config + acctest.Lease("web", allBids, `timeouts = { create = "6s" }`),
				ExpectError: acctest.Says("Services not ready", "web 0/1", "no lease in this group", `on_failure is "close"`),
			},
			{
				Config: config,
				Check: acctest.Look(func() {
					id := only(t, net)
					require.Equal(t, "paused", groupState(t, net, id))
					require.Equal(t, []string{"lease_closed_owner"}, closed(t, net, id))
				}),
			},
		},
	})
}

// TestAccLease_refusedUpdate has a gateway refuse a new manifest: the running lease is never given up for that.
func TestAccLease_refusedUpdate(t *testing.T) {
	t.Parallel()
	dev, config := startDevnet(t, "faults")
	net := dev.Network
	changed := net.ProviderBlock(t, acctest.Tenant, "") +
		acctest.Deployment("web", acctest.Web{Env: []string{"GREETING=changed"}}.SDL()) + acctest.Lease("web", allBids)
	var id, lease string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: config + acctest.Lease("web", allBids),
				Check:  resource.ComposeTestCheckFunc(acctest.Keep(deployment, "id", &id), acctest.Keep(web, "lease_id", &lease)),
			},
			{
				PreConfig:   func() { dev.AllFaults(akashprovider.Faults{RefuseManifests: -1}) },
				Config:      changed,
				ExpectError: acctest.Says("Manifest refused", "is active and costs", "terraform apply"),
			},
			{
				PreConfig: func() {
					require.Len(t, activeWith(t, net, id), 1)
					require.Equal(t, []string{"GREETING=hello"}, net.Running(t, lease)["web"])
					dev.AllFaults(akashprovider.Faults{})
				},
				Config: changed,
				ConfigPlanChecks: acctest.Plan(plancheck.ExpectResourceAction(deployment, plancheck.ResourceActionNoop),
					plancheck.ExpectResourceAction(web, plancheck.ResourceActionUpdate)),
				Check: resource.ComposeTestCheckFunc(
					acctest.Same(web, "lease_id", &lease),
					acctest.Look(func() { require.Equal(t, []string{"GREETING=changed"}, net.Running(t, lease)["web"]) })),
			},
		},
	})
}

// TestAccLease_endsWhileStarting has every Akash provider give its lease up at once: each is tried, the error names the
// reason and nothing is left that costs money. When only the cheapest does, the next best gets the workload.
func TestAccLease_endsWhileStarting(t *testing.T) {
	t.Parallel()
	dev, config := startDevnet(t, "faults")
	net := dev.Network
	dev.AllFaults(akashprovider.Faults{CloseLeases: true})
	full := config + acctest.Lease("web", allBids)
	var id string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: full,
				ExpectError: acctest.Says("Lease ended", "gave up: the lease ended", "lease_closed_reason_unstable",
					"is active; its escrow holds", "no lease in this group, so nothing is spent", "terraform apply"),
			},
			{
				PreConfig: func() {
					id = only(t, net)
					require.Empty(t, activeWith(t, net, id))
					require.Equal(t, "paused", groupState(t, net, id))
					dev.AllFaults(akashprovider.Faults{})
					dev.Seller(t, acctest.Cheapest).SetFaults(akashprovider.Faults{CloseLeases: true})
				},
				Config: full,
				Check:  resource.ComposeTestCheckFunc(acctest.Same(deployment, "id", &id), leasedTo(t, net, &id, acctest.Middle)),
			},
		},
	})
}
