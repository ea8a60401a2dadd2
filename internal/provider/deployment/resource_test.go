// SPDX-License-Identifier: Apache-2.0

package deployment_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
)

func TestMain(m *testing.M) { acctest.Main(m) }

const webSDL = `
version: "2.0"
services:
  web:
    image: nginx:1.29.3
    env: [GREETING=hello]
    expose:
      - port: 80
        as: 80
        to: [{global: true}]
profiles:
  compute:
    web: {resources: {cpu: {units: 100m}, memory: {size: 64Mi}, storage: [{size: 128Mi}]}}
  placement:
    dcloud: {pricing: {web: {denom: uact, amount: 1000}}}
deployment:
  web: {dcloud: {profile: web, count: 1}}
`

func TestAccDeployment_basic(t *testing.T) {
	t.Parallel()
	net := acctest.Start(t, devnet.Options{})
	config := net.ProviderBlock(t, devnet.Tenant, "") + fmt.Sprintf(`
resource "akash_deployment" "web" {
  sdl = %s
}
resource "akash_lease" "web" {
  group = akash_deployment.web.groups["dcloud"]
}
output "lease" { value = akash_lease.web.lease_id }
`, acctest.Indent(webSDL))
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: config},
			{Config: config, ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}},
		},
	})
}
