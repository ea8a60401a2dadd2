// SPDX-License-Identifier: Apache-2.0

package lease_test

import (
	"strings"
	"testing"

	"cosmossdk.io/math"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
)

// TestAccLease_starved lets a deployment run out of money, which the chain closes for good: the plan says so, and that
// a deposit is needed, and apply begins anew.
func TestAccLease_starved(t *testing.T) {
	t.Parallel()
	dev, _ := startDevnet(t, "prices of the test's own", acctest.NoLoss())
	net := dev.Network
	owner := net.Owner(t, acctest.Tenant)
	dev.AllFaults(akashprovider.Faults{PriceFactor: math.LegacyNewDec(1_000_000)}) // 5 USD last for some 20 blocks
	w := net.NewWorkspace(t, acctest.Tenant,
		acctest.Deployment("web", strings.ReplaceAll(acctest.Web{}.SDL(), "amount: 1000", "amount: 400000"))+
			acctest.Lease("web"))
	w.MustRun(t, "apply", "-auto-approve", "-no-color")
	before := net.Deployments(t, owner, "")
	require.Len(t, before, 1)
	acctest.Eventually(t, "the chain to close what has no money", func() bool {
		return net.Deployments(t, owner, "")[0].Deployment.State.String() == "closed"
	})
	dev.AllFaults(akashprovider.Faults{})
	text := acctest.Unwrapped(w.MustRun(t, "plan", "-no-color"))
	for _, want := range []string{
		"Deployment ran out of money: " + owner, "closed it for good", "raise deposit", "2 to add, 0 to change, 0 to destroy",
	} {
		require.Contains(t, text, want)
	}
	w.MustRun(t, "apply", "-auto-approve", "-no-color")
	require.Len(t, net.Deployments(t, owner, "active"), 1)
	w.MustRun(t, "destroy", "-auto-approve", "-no-color")
	require.Empty(t, net.Deployments(t, owner, "active"))
}
