// SPDX-License-Identifier: Apache-2.0

//go:build unix

package gpuprofile_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
)

// profileAlone is a configuration for a real CLI, whose key comes from the environment.
func profileAlone(lines string) string {
	return fmt.Sprintf("terraform {\n  required_providers {\n    akash = { source = \"akash-iac/akash\" }\n  }\n}\n"+
		"resource \"akash_gpu_profile\" \"ml\" {\n%s\n}\n", lines)
}

// TestAccGPUProfile_killed: a probe whose run was killed is told of by plans, which send nothing, and closed by the
// next apply, also when that wants nothing of the profile any more.
func TestAccGPUProfile_killed(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	before := s.books(t)
	w := s.NewWorkspace(t, acctest.Tenant, "")
	w.Write(t, "main.tf", profileAlone("models = [\"h100\"]\nbid_window = \"24h\"\n"))
	killed := func() string {
		cmd := w.Command(t.Context(), "apply", "-auto-approve")
		require.NoError(t, cmd.Start())
		acctest.Eventually(t, "the probe", func() bool { return len(s.Deployments(t, s.owner, "active")) == 1 })
		require.NoError(t, acctest.KillGroup(cmd))
		require.Error(t, cmd.Wait(), "it was killed")
		id := s.Deployments(t, s.owner, "active")[0].Deployment.ID
		return fmt.Sprintf("%s/%d", id.Owner, id.DSeq)
	}
	probe := killed()
	for range 2 {
		require.Contains(t, acctest.Unwrapped(w.MustRun(t, "plan")), "Unfinished probe "+probe)
		require.Len(t, s.Deployments(t, s.owner, "active"), 1, "a plan sends nothing")
	}
	w.Write(t, "main.tf", profileAlone(`models = ["t4"]`))
	w.MustRun(t, "apply", "-auto-approve")
	s.settled(t, before, 2)
	require.NotContains(t, w.MustRun(t, "plan", "-detailed-exitcode"), "Unfinished")

	w.Write(t, "main.tf", profileAlone("models = [\"h100\"]\nbid_window = \"24h\"\n"))
	killed()
	web := acctest.Web{}
	w.Write(t, "main.tf", profileAlone(`models = ["t4"]`)+acctest.Deployment("web", web.SDL()))
	w.MustRun(t, "apply", "-auto-approve")
	require.Len(t, s.Deployments(t, s.owner, "active"), 1, "the deployment alone")
	w.MustRun(t, "destroy", "-auto-approve")
	s.settled(t, before, 4)
}
