// SPDX-License-Identifier: Apache-2.0

package migration_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
)

const ecsExample = "../../../examples/data-sources/akash_ecs_task/"

// TestAccECSTask_runs follows the guide "From AWS", whose files are those of the example, from a task definition to a
// running lease, and to nothing again.
func TestAccECSTask_runs(t *testing.T) {
	t.Parallel()
	dev := acctest.Start(t)
	const source = "data.akash_ecs_task.shop"
	example, err := os.ReadFile(ecsExample + "data-source.tf")
	require.NoError(t, err)
	task, err := os.ReadFile(ecsExample + "task.json")
	require.NoError(t, err)
	// Only what belongs to the world around is another: where the file is, and that a test destroys what it made.
	text := strings.NewReplacer(`file("task.json")`, "var.task", `# deletion_protection`, "deletion_protection").
		Replace(string(example))
	require.Contains(t, text, "\n  deletion_protection = false")
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config: dev.ProviderBlock(t, acctest.Tenant, "") + "variable \"task\" {\n  type = string\n}\n" + text,
			ConfigVariables: config.Variables{
				"task": config.StringVariable(string(task)), "api_token": config.StringVariable("sk_test_1"),
			},
			Check: resource.ComposeTestCheckFunc(
				resource.TestCheckResourceAttr(source, "blockers.#", "0"),
				resource.TestCheckResourceAttr(source, "secret_variables.shop.0", "API_TOKEN"),
				resource.TestCheckResourceAttr(source, "est_usd_month.aws", "44.00"),
				resource.TestMatchResourceAttr(source, "sdl", regexp.MustCompile(`REDIS_URL=redis://cache:6379/0`)),
				resource.TestMatchResourceAttr("akash_lease.shop", "uris.shop.0", regexp.MustCompile(`\.`)),
			),
		}},
		CheckDestroy: acctest.Look(func() {
			require.Empty(t, dev.Deployments(t, dev.Owner(t, acctest.Tenant), "active"))
		}),
	})
}

// TestAccECSTask_refused names each blocker with its path, and each option that names nothing.
func TestAccECSTask_refused(t *testing.T) {
	t.Parallel()
	const web = `[{ name = "web", image = "nginx:1.29.3", portMappings = [{ containerPort = 80 }] }]`
	for name, c := range map[string]struct{ config, want string }{
		"a blocker": {
			`content = jsonencode({ taskRoleArn = "arn:aws:iam::1:role/x", containerDefinitions = ` + web + ` })`,
			`Not on Akash: taskRoleArn`,
		},
		"no definition":       {`content = "nonsense"`, `Not readable`},
		"a loss that is none": {`content = jsonencode(` + web + `)` + "\n" + `accept_losses = ["family"]`, `Not a loss`},
		"no such container":   {`content = jsonencode(` + web + `)` + "\n" + `images = { db = "x" }`, `no container "db"`},
		"too many tasks":      {`content = jsonencode(` + web + `)` + "\n" + `desired_count = 51`, `desired_count`},
		"a GPU that is not ours": {
			`content = jsonencode(` + web + `)` + "\n" + `instance_type = "g4ad.xlarge"`, `has no counterpart`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.Factories(),
				Steps: []resource.TestStep{{
					Config:      "data \"akash_ecs_task\" \"shop\" {\n" + c.config + "\n}\n",
					ExpectError: regexp.MustCompile(c.want),
				}},
			})
		})
	}
}
