// SPDX-License-Identifier: Apache-2.0

package chain_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	escrowv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/v1"
)

// TestREST_grants reads every kind of grant from what a gRPC gateway packs with "@type", and of kinds it does not know
// the kind.
func TestREST_grants(t *testing.T) {
	t.Parallel()
	const (
		create = "/akash.deployment.v1beta4.MsgCreateDeployment"
		basic  = `{"@type":"/cosmos.feegrant.v1beta1.BasicAllowance","spend_limit":[{"denom":"uakt","amount":"70"}],` +
			`"expiration":"2027-01-02T03:04:05Z"}`
		unlimited = `{"@type":"/cosmos.feegrant.v1beta1.BasicAllowance","spend_limit":[],"expiration":null}`
		periodic  = `{"@type":"/cosmos.feegrant.v1beta1.PeriodicAllowance","basic":{"spend_limit":[],"expiration":null},` +
			`"period":"60s","period_spend_limit":[{"denom":"uakt","amount":"1"}]}`
		deposits = `{"@type":"/akash.escrow.v1.DepositAuthorization","spend_limits":[{"denom":"uact","amount":"9"}],` +
			`"scopes":["deployment","bid"],"spend_limit":{"denom":"uact","amount":"0"}}`
		generic = `{"@type":"/cosmos.authz.v1beta1.GenericAuthorization","msg":"` + create + `"}`
		send    = `{"@type":"/cosmos.bank.v1beta1.SendAuthorization","spend_limit":[{"denom":"uakt","amount":"1"}],` +
			`"allow_list":[]}`
	)
	allowance := func(inner string) string {
		return `{"allowance":{"granter":"a","grantee":"b","allowance":` + inner + `}}`
	}
	paths := "/cosmos/feegrant/v1beta1/allowance/"
	one := "/cosmos/authz/v1beta1/grants?grantee=b&granter=a&msg_type_url=%2Fakash.deployment.v1beta4.MsgCreateDeployment"
	all := "/cosmos/authz/v1beta1/grants?grantee=b&granter=a&pagination.limit=1000"
	n := &restNode{
		header: http.Header{"Grpc-Metadata-X-Cosmos-Block-Height": {"42"}},
		refuse: map[string]int{
			paths + "a/none": http.StatusNotFound, one + "X": http.StatusNotFound,
			"/cosmos/authz/v1beta1/grants/grantee/none?pagination.limit=1000": http.StatusNotFound,
		},
		answers: map[string]string{
			paths + "a/b": allowance(basic),
			paths + "a/c": allowance(`{"@type":"/cosmos.feegrant.v1beta1.AllowedMsgAllowance","allowance":` + unlimited +
				`,"allowed_messages":["` + create + `"]}`),
			paths + "a/d": allowance(periodic),
			paths + "a/e": allowance(`{"@type":"/cosmos.feegrant.v1beta1.AllowedMsgAllowance","allowance":` + periodic +
				`,"allowed_messages":["` + create + `"]}`),
			paths + "a/none": `{"code":5,"message":"fee-grant not found: not found","details":[]}`,
			one:              `{"grants":[{"authorization":` + generic + `,"expiration":null}],"pagination":null}`,
			one + "X":        `{"code":5,"message":"no authorization found: authorization not found","details":[]}`,
			all: `{"grants":[{"authorization":` + deposits + `,"expiration":"2027-01-02T03:04:05Z"},{"authorization":` + send +
				`,"expiration":null}],"pagination":{"next_key":"AQ==","total":"0"}}`,
			"/cosmos/authz/v1beta1/grants?grantee=b&granter=a&pagination.key=AQ%3D%3D&pagination.limit=1000": `{"grants":[
				{"authorization":` + generic + `,"expiration":null}],"pagination":{"next_key":null,"total":"0"}}`,
			"/cosmos/authz/v1beta1/grants/grantee/b?pagination.limit=1000": `{"grants":[{"granter":"a","grantee":"b",
				"authorization":` + generic + `,"expiration":null}],"pagination":{"next_key":null,"total":"0"}}`,
			"/cosmos/authz/v1beta1/grants/grantee/none?pagination.limit=1000": `{"code":5,"message":` +
				`"authorization not found","details":[]}`,
		},
	}
	client, ctx := n.dial(t), t.Context()
	until := time.Date(2027, 1, 2, 3, 4, 5, 0, time.UTC)

	fees, err := client.FindFeeAllowance(ctx, "a", "b")
	require.NoError(t, err)
	require.Equal(t, chain.KindBasic, fees.Kind)
	require.Equal(t, "70uakt", fees.SpendLimit.String())
	require.Equal(t, until, fees.ExpiresAt)
	fees, err = client.FindFeeAllowance(ctx, "a", "c")
	require.NoError(t, err)
	require.Equal(t, chain.FeeAllowance{
		Granter: "a", Grantee: "c", Kind: chain.KindAllowedMsg, AllowedMessages: []string{create},
	}, fees)
	for grantee, kind := range map[string]string{
		"d": "PeriodicAllowance", "e": "PeriodicAllowance in AllowedMsgAllowance",
	} {
		fees, err = client.FindFeeAllowance(ctx, "a", grantee)
		require.NoError(t, err)
		require.Equal(t, chain.FeeAllowance{Granter: "a", Grantee: grantee, Kind: kind}, fees)
	}
	_, err = client.FindFeeAllowance(ctx, "a", "none")
	require.ErrorIs(t, err, chain.ErrFeeGrantNotFound)

	found, err := client.FindAuthorization(ctx, "a", "b", create)
	require.NoError(t, err)
	require.Equal(t, chain.Authorization{
		Granter: "a", Grantee: "b", Kind: chain.KindGeneric, MessageType: create,
	}, found)
	_, err = client.FindAuthorization(ctx, "a", "b", create+"X")
	require.ErrorIs(t, err, chain.ErrAuthorizationNotFound)
	grants, err := client.ListAuthorizations(ctx, "a", "b")
	require.NoError(t, err)
	require.Len(t, grants, 3)
	require.Equal(t, chain.KindDeposit, grants[0].Kind)
	require.Equal(t, "9uact", grants[0].SpendLimits.String())
	require.Len(t, grants[0].Scopes, 2)
	require.Equal(t, escrowv1.DepositAuthorization_deployment, grants[0].Scopes[0])
	require.Equal(t, until, grants[0].ExpiresAt)
	require.Equal(t, chain.Authorization{Granter: "a", Grantee: "b", Kind: "SendAuthorization"}, grants[1])
	require.Equal(t, create, grants[2].MessageType)
	to, err := client.ListAuthorizationsTo(ctx, "b")
	require.NoError(t, err)
	require.Equal(t, []chain.Authorization{{
		Granter: "a", Grantee: "b", Kind: chain.KindGeneric, MessageType: create,
	}}, to)
	to, err = client.ListAuthorizationsTo(ctx, "none")
	require.NoError(t, err)
	require.Empty(t, to)
}
