// SPDX-License-Identifier: Apache-2.0

package provider_test

import (
	"fmt"
	"testing"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
)

// TestAccProvider_authzGranter_autoMint mints with the owner's AKT for the owner, by a deputy that may.
func TestAccProvider_authzGranter_autoMint(t *testing.T) {
	t.Parallel()
	const mint = "/akash.bme.v1.MsgMintACT"
	net := acctest.StartDevnet(t, "an exchange that is quick", devnet.Options{Economy: devnet.Economy{EpochBlocks: 5}})
	owner, deputy := net.Owner(t, acctest.Poor), net.Owner(t, acctest.Tenant)
	require.NoError(t, net.Inside.Faucet(t.Context(), owner, sdk.NewCoins(sdk.NewInt64Coin(coin.UAKT, 20_000_000))))
	net.Send(t, acctest.Poor, allow(t, owner, deputy, createDeployment), allow(t, owner, deputy, closeDeployment))
	config := net.ProviderBlock(t, acctest.Tenant, fmt.Sprintf("authz_granter = %q\nauto_mint = true", owner)) +
		acctest.Deployment("web", acctest.Web{}.SDL(), "deposit = { usd = 12 }")
	before := net.Balance(t, deputy, coin.UACT)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: config, PlanOnly: true,
				ExpectError: acctest.Says("Missing grant", "Minting 12 ACT", owner, deputy, mint, "Nothing was created or spent",
					`resource "akash_authz_grant" "mint_act"`, "akash tx authz grant "+deputy+" generic --msg-type="+mint),
			},
			{
				PreConfig: func() { net.Send(t, acctest.Poor, allow(t, owner, deputy, mint)) },
				Config:    config,
				Check: acctest.Look(func() {
					require.Len(t, net.Deployments(t, owner, "active"), 1)
					require.Equal(t, before, net.Balance(t, deputy, coin.UACT), "it is the owner's ACT")
				}),
			},
		},
	})
}
