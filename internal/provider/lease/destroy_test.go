// SPDX-License-Identifier: Apache-2.0

package lease_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
)

// TestRegressDestroyWhileNobodyElseCanRunIt destroys a lease that the only Akash provider there is takes back.
// A CLI plans as usual before it plans to destroy, so a refused forecast kept people from stopping what costs money.
func TestRegressDestroyWhileNobodyElseCanRunIt(t *testing.T) {
	t.Parallel()
	specs := akashprovider.DefaultSpecs()[:1]
	specs[0].ReclamationWindow = 24 * time.Hour
	dev := acctest.StartDevnet(t, "the hand of an Akash provider", devnet.Options{AkashProviders: specs},
		acctest.NoRefusal())
	owner := dev.Owner(t, acctest.Tenant)
	w := dev.NewWorkspace(t, acctest.Tenant, dev.ProviderBlock(t, acctest.Tenant, `preflight = "error"`)+
		acctest.Deployment("web", acctest.Web{}.SDL())+acctest.Lease("web")+
		"output \"lease\" { value = akash_lease.web.lease_id }\n")
	w.MustRun(t, "apply", "-auto-approve", "-no-color")
	dev.ReclaimLease(t, strings.TrimSpace(w.MustRun(t, "output", "-raw", "lease")))
	require.Contains(t, w.MustRun(t, "plan", "-no-color"), "nobody can run this")
	w.MustRun(t, "destroy", "-auto-approve", "-no-color")
	require.Empty(t, dev.Deployments(t, owner, "active"))
}
