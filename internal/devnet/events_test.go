// SPDX-License-Identifier: Apache-2.0

package devnet_test

import (
	"strings"
	"testing"
	"time"

	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/x/authz"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// story sends messages and tells what they caused, in order: the last part of
// each Akash event's name, and "transfer" for coins that moved.
func (s *stage) story(t *testing.T, msgs ...sdk.Msg) string {
	t.Helper()
	res, err := s.signer(msgs[0]).Send(t.Context(), wallet.Options{}, msgs...)
	require.NoError(t, err)
	require.Zero(t, res.Code, res.RawLog)
	var told []string
	for _, e := range fromABCI(res.Events) {
		switch {
		case isAnte(e.Attributes):
		case e.Type == "transfer":
			told = append(told, "transfer")
		case strings.HasPrefix(e.Type, "akash."):
			told = append(told, e.Type[strings.LastIndex(e.Type, ".Event")+len(".Event"):])
		}
	}
	return strings.Join(told, " ")
}

// The orders of events are from protocol/observed.md sections 5 and 12.
func TestEventOrder(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.replay("seed_prov1")
	s.replay("prov_create2")
	s.do(createDeployment(s.tenant, 1))

	// Transfers: the bid's deposit, then what the lease earned.
	closed := s.lease(1, 1, "10")
	require.Equal(t, "LeaseClosed transfer BidClosed OrderClosed transfer OrderCreated",
		s.story(t, &marketv1beta5.MsgCloseLease{ID: marketv1.LeaseID(closed)}))

	paused := s.lease(1, 2, "10")
	require.Equal(t, "GroupPaused OrderClosed transfer BidClosed LeaseClosed transfer",
		s.story(t, &deploymentv1beta4.MsgPauseGroup{ID: group(s.tenant, 1)}))
	require.Equal(t, "lease_closed_owner", s.getLease(t, paused).Lease.Reason.String())

	require.Equal(t, "GroupStarted OrderCreated", s.story(t, &deploymentv1beta4.MsgStartGroup{ID: group(s.tenant, 1)}))
	left := s.lease(1, 3, "10")
	require.Equal(t, "GroupPaused LeaseClosed transfer BidClosed OrderClosed transfer", s.story(t,
		&marketv1beta5.MsgCloseBid{ID: left, Reason: marketv1.LeaseClosedReason_lease_closed_reason_decommission}))

	s.do(&deploymentv1beta4.MsgStartGroup{ID: group(s.tenant, 1)})
	s.do(createBid(bidID(s.tenant, 1, 4, s.seller2), "10"))
	require.Equal(t, "GroupClosed OrderClosed transfer BidClosed",
		s.story(t, &deploymentv1beta4.MsgCloseGroup{ID: group(s.tenant, 1)}))
	require.Equal(t, "transfer DeploymentClosed", s.story(t, closeDeployment(s.tenant, 1)))

	// A lease closed and its group paused in one transaction leaves no order open.
	s.do(createDeployment(s.tenant, 2))
	both := s.lease(2, 1, "10")
	require.Equal(t,
		"LeaseClosed transfer BidClosed OrderClosed transfer OrderCreated GroupPaused OrderClosed",
		s.story(t, &marketv1beta5.MsgCloseLease{ID: marketv1.LeaseID(both)},
			&deploymentv1beta4.MsgPauseGroup{ID: group(s.tenant, 2)}))
	require.Equal(t, []string{"closed", "closed"}, s.orders(t, 2))
}

func TestAuthzRunsMessagesOnTheOwnersMoney(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ctx := t.Context()
	deputy := s.wallets[walletOf(t, s.net, "2").Address()]
	exec := func(msgs ...sdk.Msg) *authz.MsgExec {
		m := &authz.MsgExec{Grantee: deputy.Address()}
		for _, msg := range msgs {
			packed, err := codectypes.NewAnyWithValue(msg)
			require.NoError(t, err)
			m.Msgs = append(m.Msgs, packed)
		}
		return m
	}
	res, err := deputy.Send(ctx, wallet.Options{}, exec(createDeployment(s.tenant, 1)))
	require.NoError(t, err)
	require.Equal(t, "authz", res.Codespace)
	require.EqualValues(t, 2, res.Code)
	require.Contains(t, res.RawLog, "authorization not found")

	until := time.Now().Add(time.Hour)
	grant, err := authz.NewGrant(time.Now(),
		authz.NewGenericAuthorization(sdk.MsgTypeURL(&deploymentv1beta4.MsgCreateDeployment{})), &until)
	require.NoError(t, err)
	s.do(&authz.MsgGrant{Granter: s.tenant, Grantee: deputy.Address(), Grant: grant})

	owner, mine := s.balance(t, s.tenant), s.balance(t, deputy.Address())
	require.NoError(t, deputy.Broadcast(ctx, exec(createDeployment(s.tenant, 1), createDeployment(s.tenant, 2))))
	require.Equal(t, owner.SubRaw(10_000_000), s.balance(t, s.tenant))
	require.Equal(t, mine, s.balance(t, deputy.Address()))

	// The inner failure keeps its code; the stateless checks hold inside an exec too.
	for _, tc := range []struct {
		msg  *deploymentv1beta4.MsgCreateDeployment
		code uint32
		text string
	}{
		{createDeployment(s.tenant, 1), 3, " : Deployment exists"},
		{&deploymentv1beta4.MsgCreateDeployment{
			ID: deploymentv1.DeploymentID{Owner: s.tenant, DSeq: 5}, Groups: createDeployment(s.tenant, 5).Groups,
			Hash: []byte("short"), Deposit: deposit(500_000, "uact"),
		}, 10, "Invalid: deployment hash"},
	} {
		res, err := deputy.Send(ctx, wallet.Options{}, exec(tc.msg))
		require.NoError(t, err)
		require.Equal(t, "deployment", res.Codespace, res.RawLog)
		require.Equal(t, tc.code, res.Code)
		require.Contains(t, res.RawLog, tc.text)
		require.Contains(t, res.RawLog, "message index: 0")
	}
}
