// SPDX-License-Identifier: Apache-2.0

package lease_test

import (
	"fmt"
	"net/http/httptest"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
)

// TestAccLease_waitForPage has services ready whose page does not answer as it should: the apply fails with the last
// answer and ends the lease; later it answers, and then changing what is waited for touches the state alone.
func TestAccLease_waitForPage(t *testing.T) {
	t.Parallel()
	dev, config := startDevnet(t, "faults", acctest.NoLoss())
	net := dev.Network
	ingress := httptest.NewServer(dev.Seller(t, acctest.Cheapest).Ingress())
	t.Cleanup(ingress.Close)
	with := func(service, more string) string {
		return config + acctest.Lease("web", allBids, fmt.Sprintf(
			"wait_for = { http = [{ service = %q, path = \"/up\", address = %q%s }] }",
			service, ingress.Listener.Addr().String(), more))
	}
	dev.AllFaults(akashprovider.Faults{IngressStatus: 502})
	var id string
	var height int64
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config:      with("wob", ""),
				ExpectError: acctest.Says(`wait_for.http[0] names service "wob"`, `group "dcloud" has web`, "Nothing was created"),
			},
			{
				Config: with("web", `, timeout = "1s"`),
				ExpectError: acctest.Says("Service does not answer", "GET http://", ".ingress.amber.test/up",
					"last answer 502 Bad Gateway", "its timeout is over after 1s", "Log of web",
					`The lease was ended because on_failure is "close"`, "terraform apply"),
			},
			{
				PreConfig: func() {
					id = only(t, net)
					require.Empty(t, activeWith(t, net, id))
					require.Equal(t, "paused", groupState(t, net, id))
				},
				Config: with("web", `, statuses = [204, 502]`),
				Check: resource.ComposeTestCheckFunc(acctest.Same(deployment, "id", &id),
					leasedTo(t, net, &id, acctest.Cheapest),
					acctest.Look(func() { height = net.Leases(t, id)[len(net.Leases(t, id))-1].CreatedAt })),
			},
			{
				Config: with("web", ""),
				ConfigPlanChecks: acctest.Plan(plancheck.ExpectResourceAction(deployment, plancheck.ResourceActionNoop),
					plancheck.ExpectResourceAction(web, plancheck.ResourceActionUpdate)),
				Check: acctest.Look(func() {
					all := net.Leases(t, id)
					require.Equal(t, height, all[len(all)-1].CreatedAt, "no page is asked for, no auction held")
				}),
			},
			{Config: with("web", ""), ConfigPlanChecks: acctest.NoChange()},
		},
	})
}

// TestAccLease_waitForReplicas does not wait for a service that never comes up when it is told so.
func TestAccLease_waitForReplicas(t *testing.T) {
	t.Parallel()
	dev, config := startDevnet(t, "faults")
	dev.AllFaults(akashprovider.Faults{NeverReady: true})
	with := func(number int) string {
		return config + acctest.Lease("web", allBids, fmt.Sprintf("wait_for = { replicas = { web = %d } }", number))
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: with(2), ExpectError: acctest.Says(`wait_for.replicas wants 2 of service "web", which has 1`)},
			{Config: with(0), Check: resource.TestCheckResourceAttr(web, "services.web.available", "0")},
		},
	})
}
