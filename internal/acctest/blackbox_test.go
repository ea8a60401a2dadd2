// SPDX-License-Identifier: Apache-2.0

//go:build unix

package acctest_test

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
)

// These tests run the built binary under a real CLI, so that plan and apply are different processes, as for a user.

const webConfiguration = `
resource "akash_deployment" "web" {
  sdl = <<-EOT
    version: "2.0"
    services:
      web:
        image: nginx:1.29.3
        expose: [{port: 80, as: 80, to: [{global: true}]}]
    profiles:
      compute:
        web: {resources: {cpu: {units: 100m}, memory: {size: 64Mi}, storage: [{size: 128Mi}]}}
      placement:
        dcloud: {pricing: {web: {denom: uact, amount: 1000}}}
    deployment:
      web: {dcloud: {profile: web, count: 1}}
  EOT
}

resource "akash_lease" "web" {
  group = akash_deployment.web.groups["dcloud"]
}

output "deployment" { value = akash_deployment.web.id }
output "lease" { value = akash_lease.web.lease_id }
`

// victim is a run that a fault kills from outside.
type victim struct {
	mu   sync.Mutex
	cmd  *exec.Cmd
	done bool
}

// strike kills the run once, when it is set.
func (v *victim) strike(t *testing.T) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.cmd == nil || v.done {
		return
	}
	v.done = true
	if err := acctest.KillGroup(v.cmd); err != nil {
		t.Errorf("kill the run: %v", err)
	}
}

func (v *victim) start(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	v.mu.Lock()
	defer v.mu.Unlock()
	require.NoError(t, cmd.Start())
	v.cmd = cmd
}

func TestAccBlackBox_killedWhileCreating(t *testing.T) {
	t.Parallel()
	var run victim
	net := acctest.StartDevnet(t, "faults", devnet.Options{Faults: devnet.Faults{FailAnswer: func([]byte) error {
		run.strike(t) // the transaction is accepted, its sender is dead
		return nil
	}}})
	w := net.NewWorkspace(t, acctest.Tenant, webConfiguration)
	cmd := w.Command(t.Context(), "apply", "-auto-approve")
	run.start(t, cmd)
	require.Error(t, cmd.Wait(), "it was killed")
	require.True(t, run.done)

	w.MustRun(t, "apply", "-auto-approve")
	owner := net.Owner(t, acctest.Tenant)
	all := net.Deployments(t, owner, "")
	require.Len(t, all, 1, "what the killed run paid for was adopted")
	id := chain.DeploymentIDOf(all[0].Deployment.ID).String()
	require.Equal(t, id, output(t, w, "deployment"))
	require.Contains(t, w.MustRun(t, "plan", "-detailed-exitcode"), "No changes")
	w.MustRun(t, "destroy", "-auto-approve")
	require.Empty(t, net.Deployments(t, owner, "active"))
}

// The plugin outlives a killed CLI by some seconds and holds its intent: a run at once must wait for it.
func TestAccBlackBox_onlyTheCLIKilledAndRunAgainAtOnce(t *testing.T) {
	t.Parallel()
	var cmd atomic.Pointer[exec.Cmd]
	net := acctest.StartDevnet(t, "faults", devnet.Options{Faults: devnet.Faults{FailAnswer: func([]byte) error {
		if c := cmd.Swap(nil); c != nil {
			if err := c.Process.Kill(); err != nil {
				t.Errorf("kill the CLI: %v", err)
			}
		}
		return nil
	}}})
	w := net.NewWorkspace(t, acctest.Tenant, webConfiguration)
	run := w.Command(t.Context(), "apply", "-auto-approve")
	require.NoError(t, run.Start())
	cmd.Store(run)
	require.Error(t, run.Wait(), "it was killed")
	w.MustRun(t, "apply", "-auto-approve")
	require.Len(t, net.Deployments(t, net.Owner(t, acctest.Tenant), ""), 1, "a second deployment was paid for")
}

func TestAccBlackBox_anotherNetworkByMistake(t *testing.T) {
	t.Parallel()
	right := acctest.StartDevnet(t, "two chains", devnet.Options{})
	wrong := acctest.StartDevnet(t, "two chains", devnet.Options{ChainID: right.ChainID() + "-other"})
	w := right.NewWorkspace(t, acctest.Tenant, webConfiguration)
	w.MustRun(t, "apply", "-auto-approve")
	there := wrong.NewWorkspace(t, acctest.Tenant, webConfiguration)
	there.Dir = w.Dir
	for _, args := range [][]string{{"plan"}, {"plan", "-refresh=false"}, {"destroy", "-auto-approve"}} {
		out, err := there.Run(t, args...)
		require.Error(t, err, "%v\n%s", args, out)
		require.Contains(t, unwrap(out), "Resource of another network")
	}
	require.Len(t, right.Deployments(t, right.Owner(t, acctest.Tenant), "active"), 1)
	require.Contains(t, w.MustRun(t, "plan", "-detailed-exitcode"), "No changes")
}

func TestAccBlackBox_killedWhileLeasing(t *testing.T) {
	t.Parallel()
	var run victim
	calls := 0
	net := acctest.StartDevnet(t, "faults", devnet.Options{Faults: devnet.Faults{FailAnswer: func([]byte) error {
		if calls++; calls == 2 { // the first is the create, the second the lease
			run.strike(t)
		}
		return nil
	}}}, acctest.NoRefusal())
	w := net.NewWorkspace(t, acctest.Tenant, webConfiguration)
	cmd := w.Command(t.Context(), "apply", "-auto-approve")
	run.start(t, cmd)
	require.Error(t, cmd.Wait(), "it was killed")

	w.MustRun(t, "apply", "-auto-approve")
	owner := net.Owner(t, acctest.Tenant)
	all := net.Deployments(t, owner, "")
	require.Len(t, all, 1)
	id := chain.DeploymentIDOf(all[0].Deployment.ID).String()
	leases := net.Leases(t, id)
	require.Len(t, leases, 1, "the lease of the killed run was continued, not bought again")
	require.Equal(t, marketv1.Lease_active, leases[0].State)
	require.Equal(t, chain.LeaseIDOf(leases[0].ID).String(), output(t, w, "lease"))
	require.Contains(t, w.MustRun(t, "plan", "-detailed-exitcode"), "No changes")
}

func TestAccBlackBox_interruptedWhileWaiting(t *testing.T) {
	t.Parallel()
	net := acctest.StartDevnet(t, "faults", devnet.Options{})
	net.AllFaults(akashprovider.Faults{NeverReady: true})
	w := net.NewWorkspace(t, acctest.Tenant, webConfiguration)
	cmd := w.Command(t.Context(), "apply", "-auto-approve")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	require.NoError(t, cmd.Start())
	owner := net.Owner(t, acctest.Tenant)
	acctest.Eventually(t, "a lease", func() bool {
		found := net.Deployments(t, owner, "active")
		return len(found) == 1 &&
			len(net.Leases(t, chain.DeploymentIDOf(found[0].Deployment.ID).String())) == 1
	})
	require.NoError(t, acctest.InterruptGroup(cmd))
	require.Error(t, cmd.Wait())
	require.Contains(t, unwrap(out.String()), "costs", "the message says what is still paid for")

	net.AllFaults(akashprovider.Faults{})
	w.MustRun(t, "apply", "-auto-approve")
	require.Len(t, net.Deployments(t, owner, ""), 1)
	require.Len(t, net.Leases(t, output(t, w, "deployment")), 1, "the next run continued with the same lease")
}

func TestAccBlackBox_savedPlan(t *testing.T) {
	t.Parallel()
	net := acctest.Start(t)
	w := net.NewWorkspace(t, acctest.Tenant, webConfiguration)
	w.MustRun(t, "plan", "-out=plan.bin")
	w.MustRun(t, "apply", "plan.bin")
	out, err := w.Run(t, "apply", "plan.bin")
	require.Error(t, err, "a plan is applied once")
	require.Contains(t, unwrap(out), "stale")
	require.Len(t, net.Deployments(t, net.Owner(t, acctest.Tenant), ""), 1)
	require.Contains(t, w.MustRun(t, "plan", "-detailed-exitcode", "-refresh=false"), "No changes")
}

// output reads an output of the applied state.
func output(t *testing.T, w *acctest.Workspace, name string) string {
	t.Helper()
	var text string
	require.NoError(t, json.Unmarshal([]byte(w.MustRun(t, "output", "-json", name)), &text))
	return text
}

// unwrap undoes the CLI's line breaks and frames.
func unwrap(text string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(text, "│", " ")), " ")
}
