// SPDX-License-Identifier: Apache-2.0

package acctest_test

import (
	"strings"
	"testing"

	"cosmossdk.io/math"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
)

// TestAccActions does every deed that leaves nothing in state, beside resources that a CLI made, and wants the plan
// that follows to say what is true.
func TestAccActions(t *testing.T) {
	t.Parallel()
	dev := acctest.StartDevnet(t, "a shell", devnet.Options{})
	config := dev.ProviderBlock(t, acctest.Tenant, "") +
		acctest.Deployment("web", acctest.Web{}.SDL()) + acctest.Lease("web")
	var deployment, lease string
	actions := dev.NewActions(t, acctest.Tenant)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: config,
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep("akash_deployment.web", "id", &deployment), acctest.Keep("akash_lease.web", "lease_id", &lease)),
			},
			{
				PreConfig: func() {
					execs(t, actions, lease)
					topsUp(t, dev, actions, deployment)
				},
				Config: config, ConfigPlanChecks: acctest.NoChange(),
				Check: resource.TestCheckResourceAttrWith("akash_deployment.web", "escrow.deposited_uact", func(got string) error {
					paid, ok := math.NewIntFromString(got)
					require.True(t, ok, got)
					require.True(t, paid.GTE(math.NewInt(6_000_000)), got)
					return nil
				}),
			},
			{
				PreConfig: func() { rebids(t, dev, actions, lease) },
				Config:    config,
				Check: resource.ComposeTestCheckFunc(
					acctest.Same("akash_deployment.web", "id", &deployment), acctest.Differs("akash_lease.web", "lease_id", &lease),
					resource.TestCheckResourceAttr("akash_lease.web", "state", "active")),
			},
		},
	})
}

// TestAccActions_rebidKeepsData ends a lease that keeps data with consent alone.
func TestAccActions_rebidKeepsData(t *testing.T) {
	t.Parallel()
	dev := acctest.Start(t)
	var lease string
	actions := dev.NewActions(t, acctest.Tenant)
	state := func() string {
		leases := dev.Leases(t, strings.Join(strings.Split(lease, "/")[:2], "/"))
		return leases[len(leases)-1].State.String()
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config: dev.ProviderBlock(t, acctest.Tenant, "") +
				acctest.Deployment("web", acctest.Web{Volume: "1Gi"}.SDL(), "deletion_protection = false") + acctest.Lease("web"),
			Check: resource.ComposeTestCheckFunc(acctest.Keep("akash_lease.web", "lease_id", &lease), acctest.Look(func() {
				done := actions.Invoke(t, "akash_rebid", map[string]any{"lease_id": lease})
				require.Len(t, done.Errors, 1)
				require.Contains(t, done.Errors[0], "Persistent data would be lost")
				require.Equal(t, "active", state())
				done = actions.Invoke(t, "akash_rebid", map[string]any{"lease_id": lease, "allow_data_loss": true})
				require.Empty(t, done.Errors)
				require.Equal(t, "closed", state())
			})),
			ExpectNonEmptyPlan: true, // the repair
		}},
	})
}

func execs(t *testing.T, actions *acctest.Actions, lease string) {
	t.Helper()
	run := func(script string, show bool) acctest.Done {
		return actions.Invoke(t, "akash_exec", map[string]any{
			"lease_id": lease, "service": "web", "command": []any{"sh", "-c", script}, "show_output": show,
		})
	}
	done := run("echo $GREETING", true)
	require.Empty(t, done.Errors)
	require.Equal(t, []string{"The command ran and exited with code 0.\nhello"}, done.Progress)
	done = run("echo $GREETING", false)
	require.Equal(t, []string{"The command ran and exited with code 0."}, done.Progress, "output is not shown unasked")
	done = actions.Invoke(t, "akash_logs", map[string]any{"lease_id": lease, "tail": 2})
	require.Empty(t, done.Errors)
	require.NotEmpty(t, done.Progress)
	require.True(t, strings.HasPrefix(done.Progress[0], "web "), done.Progress[0])
	done = actions.Invoke(t, "akash_logs", map[string]any{"lease_id": lease, "services": []any{"db"}})
	require.Len(t, done.Errors, 1)
	require.Contains(t, done.Errors[0], `the lease runs no service "db"`)
	done = run("exit 3", false)
	require.Len(t, done.Errors, 1)
	require.Contains(t, done.Errors[0], "exited with code 3")
	require.Empty(t, done.Progress)
}

func topsUp(t *testing.T, dev *acctest.Devnet, actions *acctest.Actions, deployment string) {
	t.Helper()
	before := dev.Balance(t, dev.Owner(t, acctest.Tenant), "uact")
	six := map[string]any{"deployment_id": deployment, "balance_usd": "6"}
	done := actions.Invoke(t, "akash_top_up", six)
	require.Empty(t, done.Errors)
	require.Len(t, done.Progress, 1)
	require.Contains(t, done.Progress[0], "Paid ")
	paid := before.Sub(dev.Balance(t, dev.Owner(t, acctest.Tenant), "uact"))
	require.True(t, paid.GTE(math.NewInt(1_000_000)), "the deposit was 5 USD: %s", paid)

	// Again, for less than it holds: nothing is paid.
	done = actions.Invoke(t, "akash_top_up", map[string]any{"deployment_id": deployment, "balance_uact": "5500000"})
	require.Empty(t, done.Errors)
	require.Contains(t, done.Progress[0], "nothing was paid")
	require.Equal(t, paid, before.Sub(dev.Balance(t, dev.Owner(t, acctest.Tenant), "uact")))

	for name, config := range map[string]map[string]any{
		"part of a uact": {"deployment_id": deployment, "balance_usd": "0.0000001"},
		"somebody else":  {"deployment_id": dev.Address(t, acctest.Dearest) + "/7", "balance_usd": "6"},
		"no deployment":  {"deployment_id": "web", "balance_usd": "6"},
	} {
		require.Len(t, actions.Plan(t, "akash_top_up", config).Errors, 1, name)
	}
}

func rebids(t *testing.T, dev *acctest.Devnet, actions *acctest.Actions, lease string) {
	t.Helper()
	require.Empty(t, actions.Plan(t, "akash_rebid", map[string]any{"lease_id": acctest.Unknown{}}).Errors)
	require.NotEmpty(t, actions.Plan(t, "akash_rebid", map[string]any{"lease_id": "web"}).Errors)
	deployment := strings.Join(strings.Split(lease, "/")[:2], "/")
	done := actions.Invoke(t, "akash_rebid", map[string]any{"lease_id": lease})
	require.Empty(t, done.Errors)
	require.Contains(t, done.Progress[0], "has ended, and the workload stands still")
	for _, one := range dev.Leases(t, deployment) { // a refused manifest may have cost one before
		require.Equal(t, "closed", one.State.String(), one.ID.String())
	}
	done = actions.Invoke(t, "akash_rebid", map[string]any{"lease_id": lease})
	require.Empty(t, done.Errors)
	require.Contains(t, done.Progress[0], "had ended before")
}
