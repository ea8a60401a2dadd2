// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"cosmossdk.io/x/feegrant"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/x/authz"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// exec wraps messages for a grantee to run.
func exec(t *testing.T, grantee string, msgs ...sdk.Msg) *authz.MsgExec {
	t.Helper()
	m := &authz.MsgExec{Grantee: grantee}
	for _, msg := range msgs {
		packed, err := codectypes.NewAnyWithValue(msg)
		require.NoError(t, err)
		m.Msgs = append(m.Msgs, packed)
	}
	return m
}

// allowMessage is a grant to run messages of one type.
func allowMessage(t *testing.T, granter, grantee string, msg sdk.Msg) *authz.MsgGrant {
	t.Helper()
	grant, err := authz.NewGrant(time.Now(), authz.NewGenericAuthorization(sdk.MsgTypeURL(msg)), nil)
	require.NoError(t, err)
	return &authz.MsgGrant{Granter: granter, Grantee: grantee, Grant: grant}
}

func TestAuthz(t *testing.T) {
	t.Parallel()
	owner, deputy := newActor(t), newActor(t)
	create := &deploymentv1beta4.MsgCreateDeployment{}
	const createURL = "/akash.deployment.v1beta4.MsgCreateDeployment"
	dseq := owner.nextDSeq()
	deputy.refuses(t, refusal{
		"observed.md 12", "a message that nobody granted", exec(t, deputy.addr, owner.creation(dseq)),
		wallet.Options{},
		"authz", 2, "failed to execute message; message index: 0: failed to get grant with given granter: " + owner.addr +
			", grantee: " + deputy.addr + " & msgType: " + createURL + " : authorization not found", false,
	})
	owner.do(t, allowMessage(t, owner.addr, deputy.addr, create))
	check(t, "observed.md 12", "a grantee runs the owner's messages, several at a time", func(t *testing.T) {
		second := owner.nextDSeq()
		had := deputy.balance(t, deputy.addr, coin.UAKT)
		before := owner.balance(t, owner.addr, coin.UAKT)
		res := deputy.do(t, exec(t, deputy.addr, owner.creation(dseq), owner.creation(second)))
		require.Equal(t, had.Sub(fee(t, res)), deputy.balance(t, deputy.addr, coin.UAKT), "the grantee pays the fee")
		require.Equal(t, before, owner.balance(t, owner.addr, coin.UAKT))
		require.Equal(t, "active", owner.deployment(t, dseq).Deployment.State.String())
		require.Equal(t, "active", owner.deployment(t, second).Deployment.State.String())

		var actions []string
		for _, e := range res.Events {
			if action := attribute(e, "action"); action != "" {
				actions = append(actions, action)
			}
			if strings.HasSuffix(e.Type, "EventDeploymentCreated") {
				require.Equal(t, []string{"hash", "id", "authz_msg_index", "msg_index"}, keys(e))
			}
		}
		require.Equal(t, []string{"/cosmos.authz.v1beta1.MsgExec"}, actions, "the inner messages have no action")
	})
	check(t, "observed.md 12", "two execs in one transaction, beside a message of one's own", func(t *testing.T) {
		deputy.do(t, exec(t, deputy.addr, owner.creation(owner.nextDSeq())),
			exec(t, deputy.addr, owner.creation(owner.nextDSeq())), deputy.creation(deputy.nextDSeq()))
	})
	check(t, "observed.md 12", "an exec of one's own message needs no grant", func(t *testing.T) {
		deputy.do(t, exec(t, deputy.addr, deputy.creation(deputy.nextDSeq())))
	})
	check(t, "observed.md 12", "an inner failure keeps code and codespace, after the last colon", func(t *testing.T) {
		res := deputy.try(t, wallet.Options{}, exec(t, deputy.addr, owner.creation(dseq)))
		require.Equal(t, "deployment", res.Codespace)
		require.EqualValues(t, 3, res.Code)
		require.True(t, strings.HasPrefix(res.RawLog,
			"failed to execute message; message index: 0: failed to execute message; message "), res.RawLog)
		require.True(t, strings.HasSuffix(res.RawLog, " : Deployment exists"), res.RawLog)
	})
	check(t, "observed.md 12", "unordered, with an exec inside", func(t *testing.T) {
		deputy.doWith(t, wallet.Options{Timeout: deputy.blockTime(t).Add(time.Minute)},
			exec(t, deputy.addr, owner.creation(owner.nextDSeq())))
	})
	check(t, "messages.md 13", "grants are listed for granter and grantee", func(t *testing.T) {
		got := owner.getOK(t, "/cosmos/authz/v1beta1/grants?granter="+owner.addr+"&grantee="+deputy.addr)
		require.Len(t, at(t, got, "grants"), 1)
		require.Equal(t, "/cosmos.authz.v1beta1.GenericAuthorization",
			at(t, got, "grants", 0, "authorization", "@type"))
		require.Equal(t, createURL, at(t, got, "grants", 0, "authorization", "msg"))
		got = owner.getOK(t, "/cosmos/authz/v1beta1/grants/grantee/"+deputy.addr)
		var granters []any
		grants, _ := at(t, got, "grants").([]any)
		for i := range grants {
			granters = append(granters, at(t, grants, i, "granter"))
		}
		require.ElementsMatch(t, []any{owner.addr, owner.pool.funder.addr}, granters)
	})
	check(t, "messages.md 13", "a revoked grant is over", func(t *testing.T) {
		owner.do(t, &authz.MsgRevoke{Granter: owner.addr, Grantee: deputy.addr, MsgTypeUrl: createURL})
		res := deputy.try(t, wallet.Options{}, exec(t, deputy.addr, owner.creation(owner.nextDSeq())))
		require.Equal(t, "authz", res.Codespace)
		require.EqualValues(t, 2, res.Code)
	})
}

// allowance lets somebody pay fees out of the granter's AKT.
func allowance(t *testing.T, granter, grantee string, limit int64) *feegrant.MsgGrantAllowance {
	t.Helper()
	packed, err := codectypes.NewAnyWithValue(&feegrant.BasicAllowance{
		SpendLimit: sdk.NewCoins(sdk.NewInt64Coin(coin.UAKT, limit)),
	})
	require.NoError(t, err)
	return &feegrant.MsgGrantAllowance{Granter: granter, Grantee: grantee, Allowance: packed}
}

func TestFeegrant(t *testing.T) {
	t.Parallel()
	granter, user := newActor(t), newActor(t)
	granter.do(t, allowance(t, granter.addr, user.addr, 100_000))
	check(t, "observed.md 5", "the granter pays, and two more events come first", func(t *testing.T) {
		had, before := user.balance(t, user.addr, coin.UAKT), granter.balance(t, granter.addr, coin.UAKT)
		res := user.doWith(t, wallet.Options{FeeGranter: granter.addr}, user.creation(user.nextDSeq()))
		require.Equal(t, had, user.balance(t, user.addr, coin.UAKT))
		require.Equal(t, before.Sub(fee(t, res)), granter.balance(t, granter.addr, coin.UAKT))
		ante, _ := eventTypes(res.Events)
		require.Equal(t, append([]string{"use_feegrant", "update_feegrant"}, anteEvents...), ante)
		require.Equal(t, granter.addr, attribute(res.Events[6], "fee_payer"))
	})
	check(t, "observed.md 12", "unordered with a granter: eight events", func(t *testing.T) {
		res := user.doWith(t, wallet.Options{FeeGranter: granter.addr, Timeout: user.blockTime(t).Add(time.Minute)},
			user.creation(user.nextDSeq()))
		ante, _ := eventTypes(res.Events)
		require.Len(t, ante, 8)
	})
	granter.refuses(t, refusal{
		"observed.md 12", "an allowance that exists", allowance(t, granter.addr, user.addr, 1),
		wallet.Options{},
		"sdk", 18, "fee allowance already exists: invalid request", false,
	})
	user.refuses(t, refusal{
		"observed.md 12", "fees of somebody who allows none", user.creation(user.nextDSeq()),
		wallet.Options{Gas: 200_000, FeeGranter: newActor(t).addr},
		"sdk", 38, "fee-grant not found: not found", true,
	})
	check(t, "messages.md 13", "an allowance is read with what is left", func(t *testing.T) {
		got := granter.getOK(t, "/cosmos/feegrant/v1beta1/allowance/"+granter.addr+"/"+user.addr)
		require.Equal(t, "/cosmos.feegrant.v1beta1.BasicAllowance", at(t, got, "allowance", "allowance", "@type"))
		require.Equal(t, "uakt", at(t, got, "allowance", "allowance", "spend_limit", 0, "denom"))
		require.NotEqual(t, "100000", at(t, got, "allowance", "allowance", "spend_limit", 0, "amount"))
	})
	check(t, "observed.md 12", "a grant to an address without account makes the account", func(t *testing.T) {
		// Derived, but never funded: on a branch of its own.
		fresh, err := granter.actorAt(fmt.Sprintf("m/44'/118'/%s'/1/%d", granter.pool.run, granter.pool.unfunded.Add(1)))
		require.NoError(t, err)
		path := "/cosmos/auth/v1beta1/account_info/" + fresh.addr
		require.Equal(t, http.StatusNotFound, granter.get(t, path).status)
		granter.do(t, allowance(t, granter.addr, fresh.addr, 100_000))
		require.Equal(t, http.StatusOK, granter.get(t, path).status)
		fresh.doWith(t, wallet.Options{FeeGranter: granter.addr}, allowance(t, fresh.addr, granter.addr, 1))
	})
}
