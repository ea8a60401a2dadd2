// SPDX-License-Identifier: Apache-2.0

package lease_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
)

const createFirst = `lifecycle { create_before_destroy = true }`

// TestAccLease_createBeforeDestroy replaces a deployment with its lease while the old one serves, on the same Akash
// provider: the new one takes over the host name before the old one ends.
func TestAccLease_createBeforeDestroy(t *testing.T) {
	t.Parallel()
	dev, _ := startDevnet(t, "a look at its gateways")
	net := dev.Network
	owner := net.Owner(t, acctest.Tenant)
	provider := net.ProviderBlock(t, acctest.Tenant, "")
	const host = "www.example.com"
	with := func(cpu string) string {
		return provider + acctest.Deployment("web", acctest.Web{CPU: cpu, Hosts: []string{host}}.SDL(), createFirst) +
			acctest.Lease("web", allBids, createFirst)
	}
	var id, old, lease string
	served := func() []string { return dev.Hosts(t, acctest.Cheapest) }
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: with("100m"),
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep(deployment, "id", &id), acctest.Keep(deployment, "id", &old),
					acctest.Keep(web, "lease_id", &lease), leasedTo(t, net, &id, acctest.Cheapest),
					acctest.Look(func() { require.Equal(t, []string{host + " " + id + "/1"}, served()) })),
			},
			{
				Config: with("200m"),
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectResourceAction(deployment, plancheck.ResourceActionCreateBeforeDestroy),
					plancheck.ExpectResourceAction(web, plancheck.ResourceActionCreateBeforeDestroy)),
				Check: resource.ComposeTestCheckFunc(
					acctest.Differs(deployment, "id", &id), acctest.Keep(deployment, "id", &id),
					leasedTo(t, net, &id, acctest.Cheapest),
					acctest.Look(func() {
						require.Equal(t, []string{host + " " + id + "/1"}, served())
						require.Len(t, net.Deployments(t, owner, "active"), 1)
						require.Empty(t, activeWith(t, net, old))
						ended, began := net.Leases(t, old)[0].ClosedOn, net.Leases(t, id)[0].CreatedAt
						require.Greater(t, ended, began, "the old lease served until the new one ran")
					})),
			},
			{Config: with("200m"), ConfigPlanChecks: acctest.NoChange()},
		},
		CheckDestroy: acctest.Look(func() { require.Empty(t, net.Deployments(t, owner, "active")) }),
	})
}

// TestAccLease_replacedAlone refuses to replace a lease in its own group while it runs, and does it the other way
// round.
func TestAccLease_replacedAlone(t *testing.T) {
	t.Parallel()
	net := acctest.Start(t, acctest.NoRefusal())
	owner := net.Owner(t, acctest.Tenant)
	config := func(lines ...string) string {
		return acctest.Deployment("web", acctest.Web{}.SDL()) + acctest.Lease("web", lines...)
	}
	w := net.NewWorkspace(t, acctest.Tenant, config(createFirst))
	w.MustRun(t, "apply", "-auto-approve", "-no-color")
	id := owner + "/" + dseqText(net.Deployments(t, owner, "active")[0].Deployment.ID.DSeq)
	leases := net.Leases(t, id)
	require.Len(t, leases, 1)
	unchanged := func() {
		now := net.Leases(t, id)
		require.Len(t, now, 1)
		require.Equal(t, "active", now[0].State.String())
	}
	const replace = "-replace=akash_lease.web"
	text, err := w.Run(t, "apply", "-auto-approve", "-no-color", replace)
	require.Error(t, err)
	require.Contains(t, acctest.Unwrapped(text), "A lease cannot be replaced before it ends: "+id+"/1")
	require.Contains(t, acctest.Unwrapped(text), leaseID(leases[0]))
	unchanged()
	require.Contains(t, w.MustRun(t, "plan", "-no-color"), "No changes")

	// Without the note, as with a plan that was made on another machine, the lease outlives the resource it was of.
	w.MustRun(t, "plan", "-no-color", "-out=saved", replace)
	state := w.StateDir
	w.Setenv("AKASH_STATE_DIR", t.TempDir())
	text = w.MustRun(t, "apply", "-no-color", "saved")
	require.Contains(t, acctest.Unwrapped(text), "Lease kept: "+id+"/1")
	unchanged()
	w.Setenv("AKASH_STATE_DIR", state)

	w.Replace(t, createFirst, "")
	w.MustRun(t, "apply", "-auto-approve", "-no-color", replace)
	now := net.Leases(t, id)
	require.Len(t, now, 2, "ended, then made anew")
	states := []string{now[0].State.String(), now[1].State.String()}
	require.Equal(t, "closed active", strings.Join(states, " "))
	w.MustRun(t, "destroy", "-auto-approve", "-no-color")
}
