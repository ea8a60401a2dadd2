// SPDX-License-Identifier: Apache-2.0

package grants_test

import (
	"fmt"
	"testing"

	"cosmossdk.io/x/feegrant"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
)

const fees = "akash_fee_grant.fees"

func TestMain(m *testing.M) { acctest.Main(m) }

func feeGrant(grantee string, lines string) string {
	return fmt.Sprintf("resource \"akash_fee_grant\" \"fees\" {\n grantee = %q\n%s\n}\n", grantee, lines)
}

// allowance unpacks a grant's allowance: the limit, the end, and the types of messages when they are restricted.
func allowance(t *testing.T, grant *feegrant.Grant) (limit, end string, types []string) {
	t.Helper()
	require.NotNil(t, grant, "the chain holds an allowance")
	packed := grant.Allowance
	if packed.TypeUrl == "/cosmos.feegrant.v1beta1.AllowedMsgAllowance" {
		var allowed feegrant.AllowedMsgAllowance
		require.NoError(t, allowed.Unmarshal(packed.Value))
		types, packed = allowed.AllowedMessages, allowed.Allowance
	}
	require.Equal(t, "/cosmos.feegrant.v1beta1.BasicAllowance", packed.TypeUrl)
	var basic feegrant.BasicAllowance
	require.NoError(t, basic.Unmarshal(packed.Value))
	if basic.Expiration != nil {
		end = basic.Expiration.UTC().Format("2006-01-02T15:04:05Z")
	}
	return basic.SpendLimit.String(), end, types
}

func TestAccFeeGrant_basic(t *testing.T) {
	t.Parallel()
	net := acctest.StartDevnet(t, "accounts that nobody has granted anything", devnet.Options{})
	config := net.ProviderBlock(t, acctest.Tenant, "")
	owner, grantee := net.Owner(t, acctest.Tenant), net.Owner(t, acctest.Empty)
	update := acctest.Plan(plancheck.ExpectResourceAction(fees, plancheck.ResourceActionUpdate))
	const create = "/akash.deployment.v1beta4.MsgCreateDeployment"
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: config + feeGrant(grantee, ""),
				Check: resource.ComposeTestCheckFunc(
					resource.TestCheckResourceAttr(fees, "id", owner+"/"+grantee),
					resource.TestCheckResourceAttr(fees, "granter", owner),
					resource.TestCheckResourceAttr(fees, "kind", "BasicAllowance"),
					resource.TestCheckNoResourceAttr(fees, "remaining_uakt"),
					acctest.Look(func() {
						limit, end, types := allowance(t, net.FeeGrant(t, owner, grantee))
						require.Equal(t, []any{"", "", []string(nil)}, []any{limit, end, types})
					}),
				),
			},
			{
				Config: config + feeGrant(grantee, `
  spend_limit_uakt = "5000000"
  expires_at       = "2047-01-31T01:00:00+01:00"
  allowed_messages = ["`+create+`"]`),
				ConfigPlanChecks: update,
				Check: resource.ComposeTestCheckFunc(
					resource.TestCheckResourceAttr(fees, "kind", "AllowedMsgAllowance"),
					resource.TestCheckResourceAttr(fees, "remaining_uakt", "5000000"),
					acctest.Look(func() {
						limit, end, types := allowance(t, net.FeeGrant(t, owner, grantee))
						require.Equal(t, []any{"5000000uakt", "2047-01-31T00:00:00Z", []string{create}}, []any{limit, end, types})
					}),
				),
			},
			{
				// The same moment in other words is no change.
				Config: config + feeGrant(grantee, `
  spend_limit_uakt = "5000000"
  expires_at       = "2047-01-31T00:00:00Z"
  allowed_messages = ["`+create+`"]`),
				ConfigPlanChecks: acctest.NoChange(),
			},
			{
				ResourceName: fees, ImportState: true, ImportStateVerify: true, ImportStateVerifyIgnore: []string{"expires_at"},
			},
			{
				ResourceName: fees, ImportState: true, ImportStateId: grantee, ImportStateVerify: true,
				ImportStateVerifyIgnore: []string{"expires_at"},
			},
			{ResourceName: fees, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
			{
				ResourceName: fees, ImportState: true, ImportStateId: "nonsense/nobody",
				ExpectError: acctest.Says("Invalid import id", "granter/grantee"),
			},
			{
				Config:           config + feeGrant(net.Owner(t, acctest.Poor), ""),
				ConfigPlanChecks: acctest.Plan(plancheck.ExpectResourceAction(fees, plancheck.ResourceActionDestroyBeforeCreate)),
				Check: acctest.Look(func() {
					require.Nil(t, net.FeeGrant(t, owner, grantee))
					require.NotNil(t, net.FeeGrant(t, owner, net.Owner(t, acctest.Poor)))
				}),
			},
		},
		CheckDestroy: acctest.Look(func() { require.Nil(t, net.FeeGrant(t, owner, net.Owner(t, acctest.Poor))) }),
	})
}

// TestAccFeeGrant_drift lets others meddle: use lowers what remains and is no change, anything else is put right.
func TestAccFeeGrant_drift(t *testing.T) {
	t.Parallel()
	net := acctest.StartDevnet(t, "accounts that nobody has granted anything", devnet.Options{})
	config := net.ProviderBlock(t, acctest.Tenant, "")
	owner, grantee := net.Owner(t, acctest.Tenant), net.Owner(t, acctest.Poor)
	want := config + feeGrant(grantee, `spend_limit_uakt = "1000000"`)
	revoke := &feegrant.MsgRevokeAllowance{Granter: owner, Grantee: grantee}
	elsewhere := func(limit int64) func() {
		return func() {
			packed, err := codectypes.NewAnyWithValue(&feegrant.BasicAllowance{
				SpendLimit: sdk.NewCoins(sdk.NewInt64Coin(coin.UAKT, limit)),
			})
			require.NoError(t, err)
			net.Send(t, acctest.Tenant, revoke, &feegrant.MsgGrantAllowance{Granter: owner, Grantee: grantee, Allowance: packed})
		}
	}
	whole := acctest.Look(func() {
		limit, _, _ := allowance(t, net.FeeGrant(t, owner, grantee))
		require.Equal(t, "1000000uakt", limit)
	})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: want, Check: whole},
			{PreConfig: elsewhere(400_000), Config: want, ConfigPlanChecks: acctest.NoChange()},
			{
				Config: want, Check: resource.TestCheckResourceAttr(fees, "remaining_uakt", "400000"),
			},
			{
				PreConfig: elsewhere(7_000_000), Config: want, Check: whole,
				ConfigPlanChecks: acctest.Plan(plancheck.ExpectResourceAction(fees, plancheck.ResourceActionUpdate)),
			},
			{
				PreConfig: func() { net.Send(t, acctest.Tenant, revoke) }, Config: want, Check: whole,
				ConfigPlanChecks: acctest.Plan(plancheck.ExpectResourceAction(fees, plancheck.ResourceActionCreate)),
			},
			{
				PreConfig: func() {
					inner, err := codectypes.NewAnyWithValue(&feegrant.PeriodicAllowance{
						Period: 1, PeriodSpendLimit: sdk.NewCoins(sdk.NewInt64Coin(coin.UAKT, 9)),
						PeriodCanSpend: sdk.NewCoins(sdk.NewInt64Coin(coin.UAKT, 9)),
					})
					require.NoError(t, err)
					net.Send(t, acctest.Tenant, revoke,
						&feegrant.MsgGrantAllowance{Granter: owner, Grantee: grantee, Allowance: inner})
				},
				Config: want, Check: whole,
				ConfigPlanChecks: acctest.Plan(plancheck.ExpectResourceAction(fees, plancheck.ResourceActionUpdate)),
			},
			// What is gone already need not be revoked.
			{PreConfig: func() { net.Send(t, acctest.Tenant, revoke) }, Config: config},
			// What somebody granted before is not overwritten unseen; an equal one is taken over.
			{
				PreConfig: func() {
					packed, err := codectypes.NewAnyWithValue(&feegrant.BasicAllowance{})
					require.NoError(t, err)
					net.Send(t, acctest.Tenant, &feegrant.MsgGrantAllowance{Granter: owner, Grantee: grantee, Allowance: packed})
				},
				Config: want,
				ExpectError: acctest.Says("Grant exists", grantee, "BasicAllowance", "No grant was changed",
					"terraform import akash_fee_grant.NAME "+owner+"/"+grantee),
			},
			{Config: config + feeGrant(grantee, "")},
		},
		CheckDestroy: acctest.Look(func() { require.Nil(t, net.FeeGrant(t, owner, grantee)) }),
	})
}

func TestAccFeeGrant_refused(t *testing.T) {
	t.Parallel()
	net := acctest.Start(t)
	config := net.ProviderBlock(t, acctest.Tenant, "")
	owner, grantee := net.Owner(t, acctest.Tenant), net.Owner(t, acctest.Poor)
	plan := func(body string, texts ...string) resource.TestStep {
		return resource.TestStep{Config: config + body, PlanOnly: true, ExpectError: acctest.Says(texts...)}
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			plan(feeGrant(owner, ""), "Grant to oneself", owner),
			plan(feeGrant("akash1nobody", ""), "Invalid value", "grantee"),
			plan(feeGrant(grantee, `expires_at = "2020-01-31T00:00:00Z"`), "Grant would have ended already", "expires_at"),
			plan(feeGrant(grantee, `expires_at = "soon"`), "Invalid value", "expires_at"),
			plan(feeGrant(grantee, `spend_limit_uakt = "1.5"`), "Invalid value", "whole number"),
			plan(feeGrant(grantee, `allowed_messages = ["MsgCreateLease"]`), "Invalid value", "type of message"),
			plan(feeGrant(grantee, `allowed_messages = []`), "at least 1"),
		},
	})
}
