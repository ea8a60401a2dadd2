// SPDX-License-Identifier: Apache-2.0

package migration_test

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m) }

const shop = `
  content = <<-YAML
    services:
      web:
        image: nginx:1.29.3
        ports: ["8080:80", "127.0.0.1:9000:9000"]
        environment: {DB: "postgres://db_main:5432/shop"}
        depends_on: [db_main]
      db_main:
        image: postgres:17.2
        volumes: ["data:/var/lib/postgresql/data"]
    volumes: {data: {}}
  YAML
`

// TestAccCompose_runs takes a Compose file to a running lease, and to nothing again.
func TestAccCompose_runs(t *testing.T) {
	t.Parallel()
	dev := acctest.Start(t)
	block := dev.ProviderBlock(t, acctest.Tenant, "")
	const source = "data.akash_compose.shop"
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config: block + `
data "akash_compose" "shop" {` + shop + `
  volume_sizes  = { data = "2Gi" }
  aws_usd_month = "37.50"
}
resource "akash_deployment" "shop" {
  sdl                 = data.akash_compose.shop.sdl
  deletion_protection = false
}
resource "akash_lease" "shop" {
  group         = akash_deployment.shop.groups["dcloud"]
  price_ceiling = { usd_per_month = 300 }
}
`,
			Check: resource.ComposeTestCheckFunc(
				resource.TestCheckResourceAttr(source, "blockers.#", "0"),
				resource.TestCheckResourceAttr(source, "dropped.0.path", "services.web.depends_on"),
				resource.TestCheckResourceAttr(source, "est_usd_month.aws", "37.50"),
				resource.TestMatchResourceAttr(source, "sdl", regexp.MustCompile(`DB=postgres://db-main:5432/shop`)),
				resource.TestMatchResourceAttr("akash_lease.shop", "uris.web.0", regexp.MustCompile(`\.`)),
			),
		}},
		CheckDestroy: acctest.Look(func() {
			require.Empty(t, dev.Deployments(t, dev.Owner(t, acctest.Tenant), "active"))
		}),
	})
}

// TestAccCompose_refused names each blocker with its path before anything is planned.
func TestAccCompose_refused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ config, want string }{
		"blocker":                  {`content = "services: {web: {build: ., ports: [80]}}"`, `Not on Akash: services\.web`},
		"no Compose file":          {`content = "nonsense"`, `Not readable`},
		"a loss that is none":      {shop + `accept_losses = ["services.web.image"]`, `Not a loss`},
		"a wrong size":             {shop + `memory = "512mb"`, `512mb`},
		"a port that is not there": {shop + `http_ports = { web = 81 }`, `names port 81`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.Factories(),
				Steps: []resource.TestStep{{
					Config:      "data \"akash_compose\" \"shop\" {\n" + c.config + "\n}\n",
					ExpectError: regexp.MustCompile(c.want),
				}},
			})
		})
	}
}
