// SPDX-License-Identifier: Apache-2.0

package network_test

import (
	"strconv"
	"testing"

	"cosmossdk.io/math"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
)

func TestMain(m *testing.M) { acctest.Main(m) }

func of(check knownvalue.Check, steps ...string) statecheck.StateCheck {
	at := tfjsonpath.New(steps[0])
	for _, step := range steps[1:] {
		at = at.AtMapKey(step)
	}
	return statecheck.ExpectKnownValue("data.akash_network.this", at, check)
}

func TestAccNetwork_basic(t *testing.T) {
	t.Parallel()
	dev := acctest.StartDevnet(t, "the network's default rules", devnet.Options{})
	require.NoError(t, dev.Inside.WaitHeight(t.Context(), 8), "some blocks, between which there is a time to measure")
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config: dev.ProviderBlock(t, acctest.Tenant, "") + `data "akash_network" "this" {}`,
			ConfigStateChecks: []statecheck.StateCheck{
				of(knownvalue.StringExact(dev.ChainID()), "chain_id"), of(knownvalue.Bool(true), "complete"),
				of(knownvalue.StringExact("6"), "assumed_block_time_seconds"),
				of(knownvalue.MapExact(map[string]knownvalue.Check{
					"uact": knownvalue.StringExact("500000"), "uakt": knownvalue.StringExact("500000"),
				}), "min_deposits"),
				of(knownvalue.NotNull(), "min_gas_prices", coin.UAKT), of(knownvalue.NotNull(), "node_version"),
				of(knownvalue.Int64Exact(20), "order_max_bids"), of(knownvalue.Int64Exact(3), "registered_providers"),
				of(knownvalue.StringExact("1h0m0s"), "min_reclamation_window"),
				of(knownvalue.StringExact("720h0m0s"), "max_reclamation_window"),
				of(knownvalue.Bool(true), "mint", "allowed"), of(knownvalue.StringExact("0.25"), "mint", "spread_percent"),
				of(knownvalue.StringExact("10000000"), "mint", "min_uact"), of(knownvalue.NotNull(), "mint", "usd_per_akt"),
			},
			Check: resource.ComposeTestCheckFunc(
				resource.TestCheckResourceAttrWith("data.akash_network.this", "measured_block_time_seconds",
					func(value string) error {
						measured, err := coin.ParseDecimal(value)
						require.NoError(t, err)
						require.True(t, measured.IsPositive() && measured.LT(math.LegacyNewDec(6)), value)
						return nil
					}),
				resource.TestCheckResourceAttrWith("data.akash_network.this", "height", func(value string) error {
					height, err := strconv.ParseInt(value, 10, 64)
					require.NoError(t, err)
					require.Positive(t, height)
					require.LessOrEqual(t, height, dev.Inside.Height())
					return nil
				}),
			),
		}},
	})
}
