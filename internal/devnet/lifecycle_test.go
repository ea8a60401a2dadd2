// SPDX-License-Identifier: Apache-2.0

package devnet_test

import (
	"testing"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	escrowtypes "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/types/v1"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// balance is what an account has in uact.
func (s *stage) balance(t *testing.T, address string) math.Int {
	t.Helper()
	res, err := banktypes.NewQueryClient(s.net.Conn()).Balance(t.Context(),
		&banktypes.QueryBalanceRequest{Address: address, Denom: "uact"})
	require.NoError(t, err)
	return res.Balance.Amount
}

func (s *stage) getLease(t *testing.T, id marketv1.BidID) *marketv1beta5.QueryLeaseResponse {
	t.Helper()
	res, err := marketv1beta5.NewQueryClient(s.net.Conn()).Lease(t.Context(),
		&marketv1beta5.QueryLeaseRequest{ID: marketv1.LeaseID(id)})
	require.NoError(t, err)
	return res
}

func (s *stage) orders(t *testing.T, dseq uint64) []string {
	t.Helper()
	res, err := marketv1beta5.NewQueryClient(s.net.Conn()).Orders(t.Context(), &marketv1beta5.QueryOrdersRequest{
		Filters: marketv1beta5.OrderFilters{Owner: s.tenant, DSeq: dseq},
	})
	require.NoError(t, err)
	var states []string
	for _, o := range res.Orders {
		states = append(states, o.State.String())
	}
	return states
}

func closeDeployment(owner string, dseq uint64) *deploymentv1beta4.MsgCloseDeployment {
	return &deploymentv1beta4.MsgCloseDeployment{ID: deploymentv1.DeploymentID{Owner: owner, DSeq: dseq}}
}

// What the tenant pays is whole units of price times blocks; the rest comes back,
// the bid's deposit too, and nothing stays in escrow.
func TestLeaseIsPaidExactlyAndTheRestRefunded(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.replay("seed_prov1")
	tenantBefore, sellerBefore := s.balance(t, s.tenant), s.balance(t, s.seller1)

	s.do(createDeployment(s.tenant, 1))
	id := s.lease(1, 1, "500.5")
	require.NoError(t, s.net.WaitHeight(t.Context(), s.getLease(t, id).Lease.CreatedAt+5))
	s.do(closeDeployment(s.tenant, 1))

	lease := s.getLease(t, id)
	require.Equal(t, "closed", lease.Lease.State.String())
	require.Equal(t, "lease_closed_owner", lease.Lease.Reason.String())
	blocks := lease.Lease.ClosedOn - lease.Lease.CreatedAt
	paid := math.LegacyMustNewDecFromStr("500.5").MulInt64(blocks).TruncateInt()
	require.Equal(t, paid, lease.EscrowPayment.State.Withdrawn.Amount)
	require.Equal(t, tenantBefore.Sub(paid), s.balance(t, s.tenant))
	require.Equal(t, sellerBefore.Add(paid), s.balance(t, s.seller1))
	require.Equal(t, "0", s.balance(t, "akash14pphss726thpwws3yc458hggufynm9x77l4l2u").String())

	account := s.deployment(1).EscrowAccount.State
	require.Equal(t, escrowtypes.State_closed, account.State)
	require.Equal(t, paid.String(), account.Transferred[0].Amount.TruncateInt().String())
	require.Empty(t, account.Deposits)
}

func TestDepositsGoBackToWhoeverMadeThem(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	other := walletOf(t, s.net, "2").Address()
	s.do(createDeployment(s.tenant, 1))
	before := s.balance(t, other)
	msg := accountDeposit(s.tenant, 1, "uact", 700_000)
	msg.Signer = other
	s.do(msg)
	require.Equal(t, before.SubRaw(700_000), s.balance(t, other))
	require.Equal(t, math.LegacyNewDec(5_700_000), uactAmount(s.deployment(1)))
	s.do(closeDeployment(s.tenant, 1))
	require.Equal(t, before, s.balance(t, other))
}

func TestTenantClosingALeaseReopensTheOrder(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.replay("seed_prov1")
	s.do(createDeployment(s.tenant, 1))
	id := s.lease(1, 1, "10")
	require.Equal(t, []string{"active"}, s.orders(t, 1))
	s.do(&marketv1beta5.MsgCloseLease{ID: marketv1.LeaseID(id), Reason: 10002})
	require.Equal(t, []string{"closed", "open"}, s.orders(t, 1))
	require.Equal(t, "lease_closed_owner", s.getLease(t, id).Lease.Reason.String(), "the message's reason is ignored")
	require.Equal(t, "active", s.deployment(1).Deployment.State.String())
	require.Equal(t, "open", s.deployment(1).Groups[0].State.String())
}

func TestSellerClosingALeasePausesTheGroup(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.replay("seed_prov1")
	s.do(createDeployment(s.tenant, 1))
	id := s.lease(1, 1, "10")
	s.do(&marketv1beta5.MsgCloseBid{ID: id, Reason: marketv1.LeaseClosedReason_lease_closed_reason_unstable})
	require.Equal(t, []string{"closed"}, s.orders(t, 1), "no new order")
	require.Equal(t, "paused", s.deployment(1).Groups[0].State.String())
	require.Equal(t, "lease_closed_reason_unstable", s.getLease(t, id).Lease.Reason.String())
	require.Equal(t, "open", s.deployment(1).EscrowAccount.State.State.String(), "the account stays open")

	s.do(&deploymentv1beta4.MsgStartGroup{ID: group(s.tenant, 1)})
	require.Equal(t, []string{"closed", "open"}, s.orders(t, 1))
	s.lease(1, 2, "20")
}

func TestWithdrawnBidIsRefundedAndStaysInTheWay(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.replay("seed_prov1")
	before := s.balance(t, s.seller1)
	s.do(createDeployment(s.tenant, 1))
	id := bidID(s.tenant, 1, 1, s.seller1)
	s.do(createBid(id, "10"))
	require.Equal(t, before.SubRaw(500_000), s.balance(t, s.seller1))
	s.do(&marketv1beta5.MsgCloseBid{ID: id, Reason: marketv1.LeaseClosedReason_lease_closed_reason_unspecified})
	require.Equal(t, before, s.balance(t, s.seller1))
	require.Equal(t, []string{"open"}, s.orders(t, 1))
	s.refuse(t, []refusal{
		{"lease of a withdrawn bid", &marketv1beta5.MsgCreateLease{BidID: id}, "market", 12, "bid not open"},
		{"close again", &marketv1beta5.MsgCloseBid{
			ID: id, Reason: marketv1.LeaseClosedReason_lease_closed_reason_unspecified,
		}, "market", 8, "unknown lease for bid"},
		{"bid again", createBid(id, "5"), "market", 21, "invalid bid: bid exists from provider"},
	})
}

// Without AKT or a new deposit nothing happens when the money is used up, until
// somebody settles.
func TestOverdrawIsNoticedLate(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.replay("seed_prov1")
	msg := createDeployment(s.tenant, 1)
	unit(msg).Price = sdk.NewInt64DecCoin("uact", 250_000)
	msg.Deposit = deposit(500_000, "uact")
	s.do(msg)
	id := s.lease(1, 1, "200000")
	require.NoError(t, s.net.WaitHeight(t.Context(), s.getLease(t, id).Lease.CreatedAt+6))
	require.Equal(t, "active", s.getLease(t, id).Lease.State.String())
	require.Equal(t, math.LegacyNewDec(500_000), uactAmount(s.deployment(1)), "settlement is lazy")

	s.do(&marketv1beta5.MsgWithdrawLease{ID: marketv1.LeaseID(id)})
	lease, d := s.getLease(t, id), s.deployment(1)
	require.Equal(t, "insufficient_funds", lease.Lease.State.String())
	require.Equal(t, "overdrawn", lease.EscrowPayment.State.State.String())
	require.Equal(t, int64(500_000), lease.EscrowPayment.State.Withdrawn.Amount.Int64())
	require.Equal(t, "closed", d.Deployment.State.String())
	require.Equal(t, "insufficient_funds", d.Groups[0].State.String())
	require.Equal(t, "overdrawn", d.EscrowAccount.State.State.String())
	owed := lease.EscrowPayment.State.Unsettled.Amount
	require.True(t, owed.IsPositive())
	require.Equal(t, owed.Neg(), uactAmount(d))
}

func TestUnorderedTransactions(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	w := s.wallets[s.tenant]
	until := time.Now().Add(time.Minute)
	res, err := w.Send(t.Context(), wallet.Options{Timeout: until}, createDeployment(s.tenant, 1))
	require.NoError(t, err)
	require.Zero(t, res.Code, res.RawLog)
	for name, tc := range map[string]struct {
		timeout time.Time
		code    uint32
		text    string
	}{
		"same timestamp": {until, 18, "already used timeout"},
		"too far":        {time.Now().Add(11 * time.Minute), 18, "unordered tx ttl exceeds 10m0s"},
		"past":           {time.Now().Add(-time.Minute), 42, "tx timeout"},
	} {
		res, err := w.Send(t.Context(), wallet.Options{Timeout: tc.timeout, Gas: 300_000}, createDeployment(s.tenant, 2))
		require.NoError(t, err, name)
		require.Equal(t, tc.code, res.Code, "%s: %s", name, res.RawLog)
		require.Contains(t, res.RawLog, tc.text, name)
	}
	// The account's sequence was neither used nor raised.
	zero := uint64(0)
	res, err = w.Send(t.Context(), wallet.Options{Sequence: &zero}, createDeployment(s.tenant, 3))
	require.NoError(t, err)
	require.Zero(t, res.Code, res.RawLog)
}
