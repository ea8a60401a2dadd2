// SPDX-License-Identifier: Apache-2.0

package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"cosmossdk.io/x/feegrant"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/x/authz"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
)

// allow is the message with which granter lets grantee send messages of a type.
func allow(t *testing.T, granter, grantee, messageType string) sdk.Msg {
	t.Helper()
	packed, err := codectypes.NewAnyWithValue(authz.NewGenericAuthorization(messageType))
	require.NoError(t, err)
	return &authz.MsgGrant{Granter: granter, Grantee: grantee, Grant: authz.Grant{Authorization: packed}}
}

// payFees is the message with which granter pays grantee's fees, for messages of these types if there are any.
func payFees(t *testing.T, granter, grantee string, types ...string) sdk.Msg {
	t.Helper()
	packed, err := codectypes.NewAnyWithValue(&feegrant.BasicAllowance{})
	require.NoError(t, err)
	if len(types) > 0 {
		packed, err = codectypes.NewAnyWithValue(&feegrant.AllowedMsgAllowance{Allowance: packed, AllowedMessages: types})
		require.NoError(t, err)
	}
	return &feegrant.MsgGrantAllowance{Granter: granter, Grantee: grantee, Allowance: packed}
}

const (
	createDeployment = "/akash.deployment.v1beta4.MsgCreateDeployment"
	updateDeployment = "/akash.deployment.v1beta4.MsgUpdateDeployment"
	closeDeployment  = "/akash.deployment.v1beta4.MsgCloseDeployment"
	accountDeposit   = "/akash.escrow.v1.MsgAccountDeposit"
)

// TestAccProvider_authzGranter runs as a deputy with nothing but fees: the owner's grants are asked for at plan, one by
// one as they are missing, and then its coins are deposited and come back to it.
func TestAccProvider_authzGranter(t *testing.T) {
	t.Parallel()
	net := acctest.StartDevnet(t, "accounts that grant", devnet.Options{})
	owner, deputy := net.Owner(t, acctest.Tenant), net.Owner(t, acctest.Poor)
	config := net.ProviderBlock(t, acctest.Poor, fmt.Sprintf("authz_granter = %q", owner))
	web := func(env string, lines ...string) string {
		return config + acctest.Deployment("web", acctest.Web{Env: []string{env}}.SDL(), lines...)
	}
	before, akt := net.Balance(t, owner, coin.UACT), net.Balance(t, owner, coin.UAKT)
	var id string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: web("A=1"), PlanOnly: true,
				ExpectError: acctest.Says("Missing grant", owner, deputy, createDeployment, closeDeployment,
					"Nothing was created or spent", `resource "akash_authz_grant" "create_deployment"`, deputy,
					"akash tx authz grant "+deputy+" generic --msg-type="+createDeployment),
			},
			{
				PreConfig: func() {
					fees := net.Balance(t, owner, coin.UAKT)
					net.Send(t, acctest.Tenant, allow(t, owner, deputy, createDeployment), allow(t, owner, deputy, closeDeployment))
					akt = akt.Sub(fees).Add(net.Balance(t, owner, coin.UAKT))
				},
				Config: web("A=1"),
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep("akash_deployment.web", "id", &id),
					resource.TestCheckResourceAttr("akash_deployment.web", "owner", owner),
					acctest.Look(func() {
						require.True(t, strings.HasPrefix(id, owner+"/"), id)
						require.Equal(t, before.SubRaw(5_000_000), net.Balance(t, owner, coin.UACT), "the owner deposits")
						require.Equal(t, akt, net.Balance(t, owner, coin.UAKT), "the deputy pays the fees")
						require.Empty(t, net.Deployments(t, deputy, ""))
					}),
				),
			},
			{
				Config: web("A=2"),
				ExpectError: acctest.Says("Missing grant", updateDeployment, id, "runs the old manifest",
					`message_type = "`+updateDeployment+`"`),
			},
			{
				PreConfig: func() {
					net.Send(t, acctest.Tenant, allow(t, owner, deputy, updateDeployment), allow(t, owner, deputy, accountDeposit))
				},
				Config: web("A=2", `deposit = { usd = "6" }`),
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectResourceAction("akash_deployment.web", plancheck.ResourceActionUpdate)),
				Check: acctest.Look(func() {
					require.Equal(t, before.SubRaw(6_000_000), net.Balance(t, owner, coin.UACT))
				}),
			},
			// A manifest could not be delivered, so nothing that costs is begun.
			{
				Config: web("A=2", `deposit = { usd = "6" }`) + acctest.Lease("web"), PlanOnly: true,
				ExpectError: acctest.Says("No access to gateways", deputy, owner, "Nothing was created or spent"),
			},
			{Config: web("A=2", `deposit = { usd = "6" }`), ConfigPlanChecks: acctest.NoChange()},
		},
		CheckDestroy: acctest.Look(func() {
			require.Equal(t, "closed", net.Deployment(t, id).Deployment.State.String())
			require.Equal(t, before, net.Balance(t, owner, coin.UACT), "the deposit comes back to the owner")
			require.Len(t, net.Deployments(t, owner, ""), 1)
		}),
	})
}

// TestAccProvider_feeGranter lets another account pay the fees of one that has nothing at all.
func TestAccProvider_feeGranter(t *testing.T) {
	t.Parallel()
	net := acctest.StartDevnet(t, "accounts that grant", devnet.Options{})
	owner, deputy, payer := net.Owner(t, acctest.Tenant), net.Owner(t, acctest.Empty), net.Owner(t, devnet.Granter)
	config := net.ProviderBlock(t, acctest.Empty, fmt.Sprintf("authz_granter = %q\nfee_granter = %q", owner, payer)) +
		acctest.Deployment("web", acctest.Web{}.SDL())
	const exec = "/cosmos.authz.v1beta1.MsgExec"
	net.Send(t, acctest.Tenant, allow(t, owner, deputy, createDeployment), allow(t, owner, deputy, closeDeployment))
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: config, PlanOnly: true,
				ExpectError: acctest.Says("Missing fee grant", payer, deputy, "Nothing was created or spent",
					`resource "akash_fee_grant" "fees"`, "akash tx feegrant grant "+payer+" "+deputy),
			},
			{
				PreConfig: func() { net.Send(t, devnet.Granter, payFees(t, payer, deputy, createDeployment)) },
				Config:    config, PlanOnly: true,
				ExpectError: acctest.Says("Fee grant for other messages", exec, `allowed_messages = ["`+exec+`"]`),
			},
			{
				PreConfig: func() {
					net.Send(t, devnet.Granter, &feegrant.MsgRevokeAllowance{Granter: payer, Grantee: deputy},
						payFees(t, payer, deputy, exec))
				},
				Config: config,
				Check: acctest.Look(func() {
					require.True(t, net.Balance(t, deputy, coin.UAKT).IsZero())
					require.Len(t, net.Deployments(t, owner, "active"), 1)
				}),
			},
		},
		CheckDestroy: acctest.Look(func() { require.Empty(t, net.Deployments(t, owner, "active")) }),
	})
}

// TestAccProvider_anotherOwner points a configuration at what belongs to somebody else: nothing is signed.
func TestAccProvider_anotherOwner(t *testing.T) {
	t.Parallel()
	net := acctest.StartDevnet(t, "two accounts with coins", devnet.Options{})
	owner, other := net.Owner(t, acctest.Tenant), net.Owner(t, devnet.Tenant2)
	ours := net.ProviderBlock(t, acctest.Tenant, "")
	theirs := net.ProviderBlock(t, devnet.Tenant2, fmt.Sprintf("allowed_owners = [%q]", other))
	body := acctest.Deployment("web", acctest.Web{}.SDL())
	changed := acctest.Deployment("web", acctest.Web{Env: []string{"A=2"}}.SDL())
	fees := net.Balance(t, other, coin.UAKT)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: ours + body},
			{
				Config: theirs + changed, PlanOnly: true,
				ExpectError: acctest.Says("Deployment of another account", owner, other, "Nothing was signed", "authz_granter"),
			},
			{Config: theirs, ExpectError: acctest.Says("Deployment of another account", owner, other)},
			{Config: ours + body},
		},
	})
	require.Equal(t, fees, net.Balance(t, other, coin.UAKT))
}
