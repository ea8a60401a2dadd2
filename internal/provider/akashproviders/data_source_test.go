// SPDX-License-Identifier: Apache-2.0

package akashproviders_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// TestAccProviders_listed finds an Akash provider as the chain has it, whoever else is there.
func TestAccProviders_listed(t *testing.T) {
	t.Parallel()
	net := acctest.Start(t)
	address := net.Address(t, acctest.Cheapest)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config: net.ProviderBlock(t, acctest.Tenant, "") + fmt.Sprintf(`
data "akash_providers" "all" {}
data "akash_providers" "none" { attributes = { region = "moon" } }
output "host_uri" {
  value = one([for p in data.akash_providers.all.providers : p.host_uri if p.address == %q])
}
output "sorted" {
  value = data.akash_providers.all.providers[*].address == sort(data.akash_providers.all.providers[*].address)
}
`, address),
			Check: resource.ComposeTestCheckFunc(
				resource.TestCheckOutput("host_uri", net.HostURI(t, address)),
				resource.TestCheckOutput("sorted", "true"),
				resource.TestCheckResourceAttr("data.akash_providers.none", "providers.#", "0"),
			),
		}},
	})
}

// TestAccProviders_attributes asks for some of the devnet's.
func TestAccProviders_attributes(t *testing.T) {
	t.Parallel()
	net := acctest.StartDevnet(t, "Akash providers of known attributes", devnet.Options{})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config: net.ProviderBlock(t, acctest.Tenant, "") + `
data "akash_providers" "all" {}
data "akash_providers" "premium" { attributes = { tier = "premium" } }
data "akash_providers" "europe" { attributes = { tier = "premium", region = "eu-central" } }
`,
			Check: resource.ComposeTestCheckFunc(
				resource.TestCheckResourceAttr("data.akash_providers.all", "providers.#", "3"),
				resource.TestCheckResourceAttr("data.akash_providers.premium", "providers.#", "2"),
				resource.TestCheckResourceAttr("data.akash_providers.europe", "providers.#", "1"),
				resource.TestCheckResourceAttr("data.akash_providers.europe", "providers.0.address",
					net.Address(t, acctest.Middle)),
				resource.TestCheckResourceAttr("data.akash_providers.europe", "providers.0.host_uri",
					net.Seller(t, acctest.Middle).HostURI()),
				resource.TestCheckResourceAttr("data.akash_providers.europe", "providers.0.attributes.organization", "birch"),
			),
		}},
	})
}
