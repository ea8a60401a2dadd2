// SPDX-License-Identifier: Apache-2.0

package account_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
)

func TestMain(m *testing.M) { acctest.Main(m) }

func TestAccAccount(t *testing.T) {
	t.Parallel()
	net := acctest.Start(t)
	provider := net.ProviderBlock(t, acctest.Tenant, "")
	tenant, poor := net.Owner(t, acctest.Tenant), net.Owner(t, acctest.Poor)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config:      provider + `data "akash_account" "bad" { address = "akash1x" }`,
				ExpectError: acctest.Says("Invalid value", "address", "an address such as akash1"),
			},
			{
				Config: provider + `
data "akash_account" "own" {}
data "akash_account" "poor" { address = "` + poor + `" }
data "akash_account" "empty" { address = "` + net.Owner(t, acctest.Empty) + `" }
`,
				Check: resource.ComposeTestCheckFunc(
					resource.TestCheckResourceAttr("data.akash_account.own", "address", tenant),
					resource.TestCheckResourceAttr("data.akash_account.own", "chain_id", net.ChainID()),
					resource.TestCheckResourceAttr("data.akash_account.own", "uact", net.Balance(t, tenant, coin.UACT).String()),
					resource.TestCheckResourceAttr("data.akash_account.own", "uakt", net.Balance(t, tenant, coin.UAKT).String()),
					resource.TestCheckResourceAttr("data.akash_account.own", "balances.uact",
						net.Balance(t, tenant, coin.UACT).String()),
					resource.TestCheckResourceAttr("data.akash_account.poor", "address", poor),
					resource.TestCheckResourceAttr("data.akash_account.poor", "uact", "0"),
					resource.TestCheckResourceAttr("data.akash_account.poor", "uakt", "1000000"),
					resource.TestCheckResourceAttr("data.akash_account.poor", "balances.uakt", "1000000"),
					resource.TestCheckResourceAttr("data.akash_account.empty", "uact", "0"),
					resource.TestCheckResourceAttr("data.akash_account.empty", "uakt", "0"),
					resource.TestCheckResourceAttr("data.akash_account.empty", "balances.%", "0"),
				),
			},
		},
	})
}
