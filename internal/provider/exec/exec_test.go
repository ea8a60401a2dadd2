// SPDX-License-Identifier: Apache-2.0

package exec_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
)

func TestMain(m *testing.M) { acctest.Main(m) }

const (
	exec = "akash_exec.migrate"
	web  = "akash_lease.web"
)

// command is an akash_exec with a line of shell.
func command(script string, lines ...string) string {
	return fmt.Sprintf("resource \"akash_exec\" \"migrate\" {\n  lease_id = akash_lease.web.lease_id\n"+
		"  service = \"web\"\n  command = [\"sh\", \"-c\", %q]\n%s\n}\n", script, strings.Join(lines, "\n"))
}

// TestAccExec_basic runs a command once, again when asked to and when the lease moves, and shows a failure without its
// secrets.
func TestAccExec_basic(t *testing.T) {
	t.Parallel()
	dev := acctest.StartDevnet(t, "a shell and the hand of an Akash provider", devnet.Options{})
	owner := dev.Owner(t, acctest.Tenant)
	var id, lease string
	rest := dev.ProviderBlock(t, acctest.Tenant, "") +
		acctest.Deployment("web", acctest.Web{Env: []string{"PASSWORD=hunter22-secret"}}.SDL()) + acctest.Lease("web")
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy: acctest.Look(func() {
			require.Empty(t, dev.Deployments(t, owner, "active"))
		}),
		Steps: []resource.TestStep{
			{
				Config: rest + command("echo ran with $PASSWORD; echo to stderr >&2"),
				Check: resource.ComposeTestCheckFunc(
					resource.TestCheckResourceAttr(exec, "stdout", "ran with hunter22-secret\n"),
					resource.TestCheckResourceAttr(exec, "stderr", "to stderr\n"),
					resource.TestCheckResourceAttr(exec, "truncated", "false"),
					acctest.Keep(exec, "id", &id), acctest.Keep(web, "lease_id", &lease)),
			},
			{
				Config:           rest + command("echo ran with $PASSWORD; echo to stderr >&2"),
				ConfigPlanChecks: acctest.NoChange(),
			},
			{
				// Its output is shown, its secrets are not.
				Config:      rest + command("echo bad: $PASSWORD >&2; exit 7"),
				ExpectError: regexp.MustCompile(`(?s)exited with code 7.*stderr: bad: \*\*\*.*no\s+transaction was sent`),
			},
			{
				Config: rest + command("echo $HOSTNAME", `triggers = { run = "2" }`),
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectResourceAction(web, plancheck.ResourceActionNoop),
					// The failed run left nothing: there is none to replace.
					plancheck.ExpectResourceAction(exec, plancheck.ResourceActionCreate)),
				Check: resource.ComposeTestCheckFunc(
					acctest.Same(web, "lease_id", &lease), acctest.Differs(exec, "id", &id)),
			},
			{
				PreConfig: func() { dev.KillLease(t, lease) },
				Config:    rest + command("echo $HOSTNAME", `triggers = { run = "2" }`),
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectResourceAction(exec, plancheck.ResourceActionReplace)),
				Check: acctest.Differs(web, "lease_id", &lease),
			},
		},
	})
}

// TestAccExec_refused says at plan what can be known then, and at apply what only the Akash provider knows.
func TestAccExec_refused(t *testing.T) {
	t.Parallel()
	dev := acctest.StartDevnet(t, "a shell", devnet.Options{})
	rest := dev.ProviderBlock(t, acctest.Tenant, "") +
		acctest.Deployment("web", acctest.Web{}.SDL()) + acctest.Lease("web")
	other := strings.Replace(command("true"), "akash_lease.web.lease_id",
		fmt.Sprintf("%q", dev.Address(t, acctest.Dearest)+"/1/1/1/"+dev.Address(t, acctest.Cheapest)), 1)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: rest + strings.Replace(command("true"), "akash_lease.web.lease_id", `"web"`, 1), PlanOnly: true,
				ExpectError: regexp.MustCompile(`Invalid lease id`),
			},
			{Config: rest + other, PlanOnly: true, ExpectError: regexp.MustCompile(`(?i)another account|belongs to`)},
			{
				Config:      rest + strings.Replace(command("true"), `"sh"`, `""`, 1),
				ExpectError: regexp.MustCompile(`string length must be at least 1`),
			},
			{
				Config:      rest + strings.Replace(command("true"), `"web"`+"\n", `"db"`+"\n", 1),
				ExpectError: regexp.MustCompile(`has no service "db"; it has web`),
			},
			{
				Config:      rest + command("true", "replica = 1"),
				ExpectError: regexp.MustCompile(`there is no\s+replica 1`),
			},
			{
				Config:      rest + strings.Replace(command("true"), `"sh"`, `"no-such-program"`, 1),
				ExpectError: regexp.MustCompile(`(?s)was\s+not\s+run: .*does\s+not\s+exist`),
			},
			{
				// A gateway that gives up says nothing of the command.
				PreConfig:   func() { dev.AllFaults(akashprovider.Faults{FailShells: -1}) },
				Config:      rest + command("true"),
				ExpectError: regexp.MustCompile(`(?s)command\s+may\s+have\s+run,\s+wholly\s+or\s+in\s+part`),
			},
		},
	})
}
