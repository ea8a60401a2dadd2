// SPDX-License-Identifier: Apache-2.0

package functions_test

import (
	"os"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// TestAccFunctions_examples runs the examples of the documentation in a CLI.
func TestAccFunctions_examples(t *testing.T) {
	t.Parallel()
	for name, checks := range map[string][]statecheck.StateCheck{
		"sdl_hash": {statecheck.ExpectKnownOutputValue("hash", knownvalue.StringExact(hashOf(t)))},
		"sdl_validate": {statecheck.ExpectKnownOutputValue("problems", knownvalue.ListExact([]knownvalue.Check{
			knownvalue.StringExact(`line 8: the text "512mi" is not a size; write 512Mi`),
		}))},
		"sdl_upgrade": {statecheck.ExpectKnownOutputValue("sdl", knownvalue.StringFunc(func(got string) error {
			require.Contains(t, got, "image: nginx:1.29.3 # pinned\n")
			require.Contains(t, got, "memory: {size: 512Mi}")
			require.Contains(t, got, "{denom: uact, amount: 8500}")
			return nil
		}))},
		"parse_id": {statecheck.ExpectKnownOutputValue("slot", knownvalue.StringExact(
			"akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c/1763800000000123/1"))},
		"ecs_task_to_sdl": {
			statecheck.ExpectKnownOutputValue("sdl", knownvalue.StringFunc(func(got string) error {
				require.Contains(t, got, "- REDIS_URL=redis://cache:6379\n")
				return nil
			})),
			statecheck.ExpectKnownOutputValue("losses", knownvalue.ListExact([]knownvalue.Check{
				knownvalue.StringExact("containerDefinitions[0].healthCheck: Akash providers ask no container how it is"),
				knownvalue.StringExact("containerDefinitions[0].portMappings: everybody reaches what is mapped: there is no " +
					"security group in front of it"),
			})),
		},
		"ec2_gpu_profile": {
			statecheck.ExpectKnownOutputValue("gpu", knownvalue.StringExact("1 x a10 with 24Gi: substitute")),
			statecheck.ExpectKnownOutputValue("variants", knownvalue.ListExact([]knownvalue.Check{
				knownvalue.StringExact("a10"), knownvalue.StringExact("rtx4090"), knownvalue.StringExact("rtx3090"),
				knownvalue.StringExact("a5000"),
			})),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile("../../../examples/functions/" + name + "/function.tf")
			require.NoError(t, err)
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.Factories(),
				Steps:                    []resource.TestStep{{Config: string(text), ConfigStateChecks: checks}},
			})
		})
	}
}

// TestAccFunctions_unknown: an argument that only apply knows leaves the result for apply; null is refused by the CLI.
func TestAccFunctions_unknown(t *testing.T) {
	t.Parallel()
	config := func(input, call string) string {
		return `
resource "terraform_data" "x" {
  input = ` + input + `
}
output "out" { value = provider::akash::` + call + ` }
`
	}
	const heredoc = "<<EOT\n" + good + "EOT\n"
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config:           config(heredoc, "sdl_hash(terraform_data.x.output)"),
				ConfigPlanChecks: acctest.Plan(plancheck.ExpectUnknownOutputValue("out")),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownOutputValue("out", knownvalue.StringExact(hashOf(t))),
				},
			},
			{Config: config("1", "sdl_hash(null)"), ExpectError: acctest.Says("argument must not be null")},
			{Config: config("1", "sdl_validate(null)"), ExpectError: acctest.Says("argument must not be null")},
			{Config: config("1", `sdl_upgrade("x", null)`), ExpectError: acctest.Says("argument must not be null")},
			{
				Config: config("1", `ec2_gpu_profile("trn1.2xlarge")`), ExpectError: acctest.Says("Trainium is Amazon's alone"),
			},
			{
				Config:           config(`"p5.48xlarge"`, "ec2_gpu_profile(terraform_data.x.output).cpu"),
				ConfigPlanChecks: acctest.Plan(plancheck.ExpectUnknownOutputValue("out")),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownOutputValue("out", knownvalue.Int64Exact(192)),
				},
			},
			{Config: config("1", `sdl_hash("version: 9")`), ExpectError: acctest.Says("The SDL is invalid", "line 1, column")},
			{
				Config: config(heredoc, "sdl_upgrade(terraform_data.x.input, compact([null])...)"),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownOutputValue("out", knownvalue.StringExact(good)),
				},
			},
		},
	})
}
