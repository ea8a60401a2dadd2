// SPDX-License-Identifier: Apache-2.0

package migration_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
)

// TestAccCompose_inputs takes Compose files that people run to leases, and to nothing again.
func TestAccCompose_inputs(t *testing.T) {
	t.Parallel()
	dev := acctest.Start(t)
	config := dev.ProviderBlock(t, acctest.Tenant, "")
	var checks []resource.TestCheckFunc
	for _, name := range []string{"gitea-postgres", "nextcloud-redis-mariadb", "wordpress-mysql"} {
		text, err := os.ReadFile("../../migrate/testdata/compose/" + name + "--compose.yaml")
		require.NoError(t, err)
		config += fmt.Sprintf(`
data "akash_compose" %[1]q {
  content = %[2]s
}
resource "akash_deployment" %[1]q {
  sdl                 = data.akash_compose.%[1]s.sdl
  deletion_protection = false
}
resource "akash_lease" %[1]q {
  group         = akash_deployment.%[1]s.groups["dcloud"]
  price_ceiling = { usd_per_month = 500 }
}
`, name, acctest.Indent(strings.ReplaceAll(string(text), "${", "$${")))
		checks = append(checks, resource.TestCheckResourceAttrSet("akash_lease."+name, "provider_address"),
			resource.TestCheckResourceAttr("data.akash_compose."+name, "blockers.#", "0"))
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps:                    []resource.TestStep{{Config: config, Check: resource.ComposeTestCheckFunc(checks...)}},
		CheckDestroy: acctest.Look(func() {
			require.Empty(t, dev.Deployments(t, dev.Owner(t, acctest.Tenant), "active"))
		}),
	})
}
