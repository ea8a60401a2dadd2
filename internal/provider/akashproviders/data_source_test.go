// SPDX-License-Identifier: Apache-2.0

package akashproviders_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
)

func TestMain(m *testing.M) { acctest.Main(m) }

func TestAccProviders(t *testing.T) {
	t.Parallel()
	net := acctest.Start(t, devnet.Options{BlockTime: acctest.BlockTime})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config: net.ProviderBlock(t, devnet.Tenant, "") + `
data "akash_providers" "all" {}
data "akash_providers" "premium" { attributes = { tier = "premium" } }
data "akash_providers" "europe" { attributes = { tier = "premium", region = "eu-central" } }
data "akash_providers" "none" { attributes = { region = "moon" } }
output "sorted" {
  value = data.akash_providers.all.providers[*].address == sort(data.akash_providers.all.providers[*].address)
}
`,
			Check: resource.ComposeTestCheckFunc(
				resource.TestCheckResourceAttr("data.akash_providers.all", "providers.#", "3"),
				resource.TestCheckResourceAttr("data.akash_providers.premium", "providers.#", "2"),
				resource.TestCheckResourceAttr("data.akash_providers.europe", "providers.#", "1"),
				resource.TestCheckResourceAttr("data.akash_providers.europe", "providers.0.address",
					net.Seller(t, acctest.Birch).Address()),
				resource.TestCheckResourceAttr("data.akash_providers.europe", "providers.0.host_uri",
					net.Seller(t, acctest.Birch).HostURI()),
				resource.TestCheckResourceAttr("data.akash_providers.europe", "providers.0.attributes.organization", "birch"),
				resource.TestCheckResourceAttr("data.akash_providers.none", "providers.#", "0"),
				resource.TestCheckOutput("sorted", "true"),
			),
		}},
	})
}
