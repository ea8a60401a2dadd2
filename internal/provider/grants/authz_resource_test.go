// SPDX-License-Identifier: Apache-2.0

package grants_test

import (
	"fmt"
	"testing"

	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	"github.com/cosmos/cosmos-sdk/x/authz"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	escrowv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/v1"
)

const (
	grant       = "akash_authz_grant.ci"
	createLease = "/akash.market.v1beta5.MsgCreateLease"
	closeLease  = "/akash.market.v1beta5.MsgCloseLease"
	depositType = "/akash.escrow.v1.MsgAccountDeposit"
)

func authzGrant(grantee, lines string) string {
	return fmt.Sprintf("resource \"akash_authz_grant\" \"ci\" {\n grantee = %q\n%s\n}\n", grantee, lines)
}

// generic wants exactly one grant, to send one type of message, and returns when it ends.
func generic(t *testing.T, grants []*authz.Grant, messageType string) (end string) {
	t.Helper()
	require.Len(t, grants, 1)
	require.Equal(t, "/cosmos.authz.v1beta1.GenericAuthorization", grants[0].Authorization.TypeUrl)
	var found authz.GenericAuthorization
	require.NoError(t, found.Unmarshal(grants[0].Authorization.Value))
	require.Equal(t, messageType, found.Msg)
	if grants[0].Expiration == nil {
		return ""
	}
	return grants[0].Expiration.UTC().Format("2006-01-02T15:04:05Z")
}

// deposits wants exactly one grant, to deposit, and returns what is left and its scopes.
func deposits(t *testing.T, grants []*authz.Grant) (limits, scopes string) {
	t.Helper()
	require.Len(t, grants, 1)
	require.Equal(t, "/akash.escrow.v1.DepositAuthorization", grants[0].Authorization.TypeUrl)
	var found escrowv1.DepositAuthorization
	require.NoError(t, found.Unmarshal(grants[0].Authorization.Value))
	return fmt.Sprint(found.SpendLimits), fmt.Sprint(found.Scopes)
}

func TestAccAuthzGrant_generic(t *testing.T) {
	t.Parallel()
	net := acctest.StartDevnet(t, "accounts that nobody has granted anything", devnet.Options{})
	config := net.ProviderBlock(t, acctest.Tenant, "")
	owner, grantee := net.Owner(t, acctest.Tenant), net.Owner(t, acctest.Empty)
	lease := func(lines string) string {
		return config + authzGrant(grantee, fmt.Sprintf("message_type = %q\n%s", createLease, lines))
	}
	revoke := &authz.MsgRevoke{Granter: owner, Grantee: grantee, MsgTypeUrl: createLease}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: lease(""),
				Check: resource.ComposeTestCheckFunc(
					resource.TestCheckResourceAttr(grant, "id", owner+"/"+grantee+createLease),
					resource.TestCheckResourceAttr(grant, "granter", owner),
					resource.TestCheckResourceAttr(grant, "kind", "GenericAuthorization"),
					acctest.Look(func() { require.Empty(t, generic(t, net.Grants(t, owner, grantee), createLease)) }),
				),
			},
			{
				Config:           lease(`expires_at = "2047-01-31T00:00:00Z"`),
				ConfigPlanChecks: acctest.Plan(plancheck.ExpectResourceAction(grant, plancheck.ResourceActionUpdate)),
				Check: acctest.Look(func() {
					require.Equal(t, "2047-01-31T00:00:00Z", generic(t, net.Grants(t, owner, grantee), createLease))
				}),
			},
			{ResourceName: grant, ImportState: true, ImportStateVerify: true},
			{
				ResourceName: grant, ImportState: true, ImportStateVerify: true, ImportStateId: grantee + createLease,
			},
			{ResourceName: grant, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
			{
				ResourceName: grant, ImportState: true, ImportStateId: grantee,
				ExpectError: acctest.Says("Invalid import id", "granter/grantee/message-type"),
			},
			{
				PreConfig:        func() { net.Send(t, acctest.Tenant, revoke) },
				Config:           lease(`expires_at = "2047-01-31T00:00:00Z"`),
				ConfigPlanChecks: acctest.Plan(plancheck.ExpectResourceAction(grant, plancheck.ResourceActionCreate)),
			},
			{
				Config:           config + authzGrant(grantee, fmt.Sprintf("message_type = %q", closeLease)),
				ConfigPlanChecks: acctest.Plan(plancheck.ExpectResourceAction(grant, plancheck.ResourceActionDestroyBeforeCreate)),
				Check:            acctest.Look(func() { generic(t, net.Grants(t, owner, grantee), closeLease) }),
			},
			{Config: config},
			{
				PreConfig: func() {
					packed, err := codectypes.NewAnyWithValue(authz.NewGenericAuthorization(depositType))
					require.NoError(t, err)
					net.Send(t, acctest.Tenant, &authz.MsgGrant{
						Granter: owner, Grantee: grantee, Grant: authz.Grant{Authorization: packed},
					})
				},
				Config: config + authzGrant(grantee, `deposit = { spend_limit_uact = "5" }`),
				ExpectError: acctest.Says("Grant exists", "GenericAuthorization",
					"terraform import akash_authz_grant.NAME "+owner+"/"+grantee+depositType),
			},
			{Config: config + authzGrant(grantee, fmt.Sprintf("message_type = %q", depositType))},
		},
		CheckDestroy: acctest.Look(func() { require.Empty(t, net.Grants(t, owner, grantee)) }),
	})
}

func TestAccAuthzGrant_deposit(t *testing.T) {
	t.Parallel()
	net := acctest.StartDevnet(t, "accounts that nobody has granted anything", devnet.Options{})
	config := net.ProviderBlock(t, acctest.Tenant, "")
	owner, grantee := net.Owner(t, acctest.Tenant), net.Owner(t, devnet.Tenant2)
	update := acctest.Plan(plancheck.ExpectResourceAction(grant, plancheck.ResourceActionUpdate))
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: config + authzGrant(grantee, `deposit = { spend_limit_uact = "7000000" }`),
				Check: resource.ComposeTestCheckFunc(
					resource.TestCheckResourceAttr(grant, "id", owner+"/"+grantee+depositType),
					resource.TestCheckResourceAttr(grant, "message_type", depositType),
					resource.TestCheckResourceAttr(grant, "kind", "DepositAuthorization"),
					resource.TestCheckResourceAttr(grant, "remaining_uact", "7000000"),
					resource.TestCheckNoResourceAttr(grant, "remaining_uakt"),
					acctest.Look(func() {
						limits, scopes := deposits(t, net.Grants(t, owner, grantee))
						require.Equal(t, "[7000000uact] [deployment]", limits+" "+scopes)
					}),
				),
			},
			{ResourceName: grant, ImportState: true, ImportStateVerify: true},
			{
				Config: config + authzGrant(grantee,
					`deposit = { spend_limit_uact = "8000000", spend_limit_uakt = "1", scopes = ["bid", "deployment"] }`),
				ConfigPlanChecks: update,
				Check: acctest.Look(func() {
					limits, scopes := deposits(t, net.Grants(t, owner, grantee))
					require.Equal(t, "[8000000uact 1uakt] [deployment bid]", limits+" "+scopes)
				}),
			},
			{
				// The other kind stands under the same type of message: it is overwritten in place.
				Config: config + authzGrant(grantee, fmt.Sprintf("message_type = %q", depositType)), ConfigPlanChecks: update,
				Check: acctest.Look(func() { generic(t, net.Grants(t, owner, grantee), depositType) }),
			},
		},
		CheckDestroy: acctest.Look(func() { require.Empty(t, net.Grants(t, owner, grantee)) }),
	})
}

func TestAccAuthzGrant_refused(t *testing.T) {
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
			plan(authzGrant(owner, fmt.Sprintf("message_type = %q", createLease)), "Grant to oneself", owner),
			plan(authzGrant(grantee, ""), "message_type", "deposit"),
			plan(authzGrant(grantee, `deposit = {}`), "spend_limit_uact"),
			plan(authzGrant(grantee, `deposit = { spend_limit_uact = "0" }`), "Invalid value", "whole number"),
			plan(authzGrant(grantee, `deposit = { spend_limit_uact = "1", scopes = ["all"] }`), "scopes"),
			plan(authzGrant(grantee, `message_type = "MsgCreateLease"`), "Invalid value", "type of message"),
			plan(authzGrant(grantee, fmt.Sprintf("message_type = %q\nexpires_at = \"2020-01-31T00:00:00Z\"", createLease)),
				"Grant would have ended already"),
			{
				Config:      config + authzGrant(grantee, `message_type = "/akash.market.v1beta5.MsgNothing"`),
				ExpectError: acctest.Says("Transaction failed", "doesn't exist", "No grant was changed"),
			},
		},
	})
}
