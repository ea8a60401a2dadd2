// SPDX-License-Identifier: Apache-2.0

package chain_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
)

// TestMissingGrant reads the refusals that an official node was seen to give a grantee, and their simulated forms.
func TestMissingGrant(t *testing.T) {
	t.Parallel()
	const refusal = "failed to execute message; message index: 2: failed to get grant with given granter: " +
		"akash1lh6cxaa5hl0wv73jjct2mk7x2z6rq7deagy78u, grantee: akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c & msgType: " +
		"/akash.deployment.v1beta4.MsgCreateDeployment : authorization not found"
	for name, err := range map[string]*chain.RejectedError{
		"in a block": chain.Reject("authz", 2, refusal, "AB", 7),
		"simulated":  chain.Reject("", 0, refusal+" [cosmos-sdk/x/authz/keeper.go:12] with gas used: '1'", "", 0),
	} {
		require.ErrorIs(t, err, chain.ErrAuthorizationNotFound, name)
		require.Equal(t, 2, err.MessageIndex, name)
		found, ok := chain.MissingGrant(err)
		require.True(t, ok, name)
		require.Equal(t, "/akash.deployment.v1beta4.MsgCreateDeployment", found, name)
	}
	_, ok := chain.MissingGrant(chain.Reject("authz", 2, "authorization not found", "", 0))
	require.False(t, ok)
	_, ok = chain.MissingGrant(chain.ErrAuthorizationNotFound)
	require.False(t, ok)
}

func TestDelegationRefusals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		codespace string
		code      uint32
		log       string
		want      error
	}{
		{
			"sdk", 38, "\x01\x02\xff does not allow to pay fees for \xfe: fee-grant not found: not found",
			chain.ErrFeeGrantNotFound,
		},
		{"feegrant", 2, "a does not allow to pay fees for b: fee limit exceeded", chain.ErrFeeGrantExhausted},
		{"feegrant", 3, "a does not allow to pay fees for b: fee allowance expired", chain.ErrFeeGrantExpired},
		{
			"feegrant", 7, "message does not exist in allowed messages: message not allowed", chain.ErrFeeGrantMessage,
		},
		{
			"sdk", 18, "failed to execute message; message index: 0: fee allowance already exists: invalid request",
			chain.ErrFeeGrantExists,
		},
		{"authz", 6, "failed to execute message; message index: 0: authorization expired", chain.ErrAuthorizationExpired},
		{
			"deployment", 3, "failed to execute message; message index: 1: failed to execute message; message id:<> " +
				"hash:\"\xff\" : Deployment exists", chain.ErrDeploymentExists,
		},
	} {
		require.ErrorIs(t, chain.Reject(c.codespace, c.code, c.log, "AB", 1), c.want, c.log)
		require.ErrorIs(t, chain.Reject("", 0, c.log, "", 0), c.want, "simulated: %s", c.log)
	}
}
