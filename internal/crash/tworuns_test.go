// SPDX-License-Identifier: Apache-2.0

//go:build linux

package crash_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
)

// Two teams apply at the same time with one account.
func TestTwoRunsOnOneAccountDoNotDisturbEachOther(t *testing.T) {
	t.Parallel()
	net := acctest.StartDevnet(t, "many deployments at once", devnet.Options{})
	const each = 5
	web := acctest.Web{}
	configuration := acctest.Deployment("web", web.SDL(), "count = 5", "deposit = { uact = 500000 }")
	var runs []*acctest.Workspace
	for range 2 {
		runs = append(runs, net.NewWorkspace(t, acctest.Tenant, configuration))
	}
	owner := net.Owner(t, acctest.Tenant)
	for _, step := range []struct {
		command string
		active  int
	}{{"apply", 2 * each}, {"destroy", 0}} {
		var both sync.WaitGroup
		for _, w := range runs {
			both.Go(func() {
				out, err := w.Command(t.Context(), step.command, "-auto-approve", "-no-color").CombinedOutput()
				if err != nil || strings.Contains(string(out), "Unfinished") {
					t.Errorf("%s: %v\n%s", step.command, err, out)
				}
			})
		}
		both.Wait()
		require.Len(t, net.Deployments(t, owner, "active"), step.active)
	}
}
