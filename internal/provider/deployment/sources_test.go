// SPDX-License-Identifier: Apache-2.0

package deployment_test

import (
	"testing"

	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/x/authz"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	escrowv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/v1"
)

// TestAccDeployment_depositSources lets an account without any ACT deploy with what another one allows it to deposit.
func TestAccDeployment_depositSources(t *testing.T) {
	t.Parallel()
	net := acctest.StartDevnet(t, "accounts that grant", devnet.Options{})
	config := net.ProviderBlock(t, acctest.Poor, "")
	owner, granter := net.Owner(t, acctest.Poor), net.Owner(t, devnet.Granter)
	deployment := func(lines ...string) string {
		return config + acctest.Deployment("web", acctest.Web{}.SDL(), lines...)
	}
	before := net.Balance(t, granter, coin.UACT)
	var id string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: deployment(`deposit_sources = ["grant", "grant"]`), PlanOnly: true,
				ExpectError: acctest.Says("Duplicate List Value", "deposit_sources"),
			},
			{
				Config: deployment(`deposit_sources = ["grant"]`), PlanOnly: true,
				ExpectError: acctest.Says("Grants do not cover the deposit", "5 ACT", "0 ACT",
					"Nothing was created or spent", `resource "akash_authz_grant"`, owner),
			},
			{
				PreConfig: func() {
					packed, err := codectypes.NewAnyWithValue(&escrowv1.DepositAuthorization{
						SpendLimit:  sdk.NewInt64Coin(coin.UAKT, 0),
						SpendLimits: sdk.NewCoins(sdk.NewInt64Coin(coin.UACT, 7_000_000)),
						Scopes:      []escrowv1.DepositAuthorization_Scope{escrowv1.DepositAuthorization_deployment},
					})
					require.NoError(t, err)
					net.Send(t, devnet.Granter, &authz.MsgGrant{
						Granter: granter, Grantee: owner, Grant: authz.Grant{Authorization: packed},
					})
				},
				Config: deployment(`deposit_sources = ["grant", "balance"]`),
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep(web, "id", &id),
					acctest.Look(func() {
						require.Equal(t, before.SubRaw(5_000_000), net.Balance(t, granter, coin.UACT))
						deposits := net.Deployment(t, id).EscrowAccount.State.Deposits
						require.Len(t, deposits, 1)
						require.Equal(t, granter+" grant", deposits[0].Owner+" "+deposits[0].Source.String())
					}),
				),
			},
			// The sources of later deposits change nothing that is there.
			{
				Config: deployment(`deposit_sources = ["grant"]`), Check: acctest.Same(web, "id", &id),
			},
			{
				Config: deployment(`deposit_sources = ["grant"]`, `deposit = { usd = "7" }`),
				Check: acctest.Look(func() {
					require.Equal(t, before.SubRaw(7_000_000), net.Balance(t, granter, coin.UACT))
				}),
			},
			{
				Config: deployment(`deposit_sources = ["grant"]`, `deposit = { usd = "8" }`), PlanOnly: true,
				ExpectError: acctest.Says("Grants do not cover the deposit", "1 ACT", "0 ACT"),
			},
			{Config: deployment(`deposit_sources = ["grant"]`, `deposit = { usd = "7" }`), ConfigPlanChecks: acctest.NoChange()},
		},
		CheckDestroy: acctest.Look(func() {
			require.Equal(t, before, net.Balance(t, granter, coin.UACT), "what was not spent returns to the granter")
		}),
	})
}
