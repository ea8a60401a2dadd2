// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

func (w *world) market() marketv1beta5.QueryClient { return marketv1beta5.NewQueryClient(w.conn) }

func (w *world) marketParams(t *testing.T) marketv1beta5.Params {
	t.Helper()
	res, err := w.market().Params(t.Context(), &marketv1beta5.QueryParamsRequest{})
	require.NoError(t, err)
	return res.Params
}

func (a *actor) order(t *testing.T, dseq uint64, gseq, oseq uint32) marketv1beta5.Order {
	t.Helper()
	res, err := a.market().Order(t.Context(), &marketv1beta5.QueryOrderRequest{
		ID: marketv1.OrderID{Owner: a.addr, DSeq: dseq, GSeq: gseq, OSeq: oseq},
	})
	require.NoError(t, err)
	return res.Order
}

// orderStates are those of a deployment's orders, in order.
func (a *actor) orderStates(t *testing.T, dseq uint64) []string {
	t.Helper()
	res, err := a.market().Orders(t.Context(), &marketv1beta5.QueryOrdersRequest{
		Filters: marketv1beta5.OrderFilters{Owner: a.addr, DSeq: dseq},
	})
	require.NoError(t, err)
	var states []string
	for _, o := range res.Orders {
		states = append(states, o.State.String())
	}
	return states
}

func (w *world) bid(t *testing.T, id marketv1.BidID) *marketv1beta5.QueryBidResponse {
	t.Helper()
	res, err := w.market().Bid(t.Context(), &marketv1beta5.QueryBidRequest{ID: id})
	require.NoError(t, err)
	return res
}

func (w *world) lease(t *testing.T, id marketv1.BidID) *marketv1beta5.QueryLeaseResponse {
	t.Helper()
	res, err := w.market().Lease(t.Context(), &marketv1beta5.QueryLeaseRequest{ID: marketv1.LeaseID(id)})
	require.NoError(t, err)
	return res
}

// leased brings a new deployment to a lease with a seller.
func (a *actor) leased(t *testing.T, seller *actor, price string, changes ...func(*creation)) (uint64, marketv1.BidID) {
	t.Helper()
	dseq := a.nextDSeq()
	a.do(t, a.creation(dseq, changes...))
	return dseq, a.leaseWith(t, dseq, 1, seller, price)
}

// leaseWith lets a seller bid on an open order and takes the bid.
func (a *actor) leaseWith(t *testing.T, dseq uint64, oseq uint32, seller *actor, price string) marketv1.BidID {
	t.Helper()
	id := a.bidFor(dseq, oseq, seller)
	seller.do(t, bid(id, price))
	a.do(t, lease(id))
	return id
}

func bidJSON(id marketv1.BidID) map[string]any {
	return map[string]any{
		"owner": id.Owner, "dseq": fmt.Sprint(id.DSeq), "gseq": float64(id.GSeq), "oseq": float64(id.OSeq),
		"provider": id.Provider, "bseq": 0.0,
	}
}

func TestMarketParams(t *testing.T) {
	t.Parallel()
	w := chain(t)
	check(t, "conformance node/queries params_market", "params, windows in seconds", func(t *testing.T) {
		got := at(t, w.getOK(t, pathMarket+"params"), "params")
		require.IsType(t, 0.0, at(t, got, "order_max_bids"))
		require.Equal(t, "uakt", at(t, got, "bid_min_deposit", "denom"))
		require.Regexp(t, `^\d+s$`, at(t, got, "min_reclamation_window"))
		require.Regexp(t, `^\d+s$`, at(t, got, "max_reclamation_window"))
		denoms := []any{at(t, got, "bid_min_deposits", 0, "denom"), at(t, got, "bid_min_deposits", 1, "denom")}
		require.Equal(t, []any{"uact", "uakt"}, denoms)
	})
}

func TestAuction(t *testing.T) {
	t.Parallel()
	tenant, winner, loser := newActor(t), newSeller(t), newSeller(t)
	dseq := tenant.nextDSeq()
	tenant.do(t, tenant.creation(dseq))
	won, lost := tenant.bidFor(dseq, 1, winner), tenant.bidFor(dseq, 1, loser)
	price := map[string]any{"denom": "uact", "amount": "500.500000000000000000"}
	check(t, "observed.md 5", "a bid tells of itself, then its deposit moves", func(t *testing.T) {
		had := winner.balance(t, winner.addr, coin.UAKT)
		res := winner.do(t, bid(won, "500.5"))
		require.Equal(t, "BidCreated transfer", story(res))
		require.Equal(t, map[string]any{"id": bidJSON(won), "price": price}, told(t, res, "akash.market.v1.EventBidCreated"))
		require.Equal(t, had.Sub(fee(t, res)).SubRaw(bidDeposit), winner.balance(t, winner.addr, coin.UAKT))
	})
	loser.do(t, bid(lost, "600"))
	check(t, "lifecycle.md 4, messages.md 4", "a bid's deposit has an escrow account of its own", func(t *testing.T) {
		got := tenant.bid(t, won)
		require.Equal(t, "open", got.Bid.State.String())
		require.Equal(t, "500.500000000000000000uact", got.Bid.Price.String())
		require.Equal(t, "bid", got.EscrowAccount.ID.Scope.String())
		require.Equal(t, fmt.Sprintf("%s/%d/1/1/%s", tenant.addr, dseq, winner.addr), got.EscrowAccount.ID.XID)
		require.Equal(t, winner.addr, got.EscrowAccount.State.Owner)
		require.Equal(t, "open", got.EscrowAccount.State.State.String())
		require.Len(t, got.EscrowAccount.State.Deposits, 1)
		require.Equal(t, "balance", got.EscrowAccount.State.Deposits[0].Source.String())
	})
	lostHad := loser.balance(t, loser.addr, coin.UAKT)
	leased := tenant.do(t, lease(won))
	check(t, "observed.md 5", "a lease tells of itself; the loser only gets its deposit back", func(t *testing.T) {
		require.Equal(t, "LeaseCreated transfer", story(leased))
		require.Equal(t, map[string]any{"id": bidJSON(won), "price": price},
			told(t, leased, "akash.market.v1.EventLeaseCreated"))
		require.Equal(t, lostHad.AddRaw(bidDeposit), loser.balance(t, loser.addr, coin.UAKT))
	})
	check(t, "lifecycle.md 5, observed.md 6", "winner active, loser lost, order active, group open", func(t *testing.T) {
		require.Equal(t, "active", tenant.bid(t, won).Bid.State.String())
		require.Equal(t, "lost", tenant.bid(t, lost).Bid.State.String())
		require.Equal(t, "closed", tenant.bid(t, lost).EscrowAccount.State.State.String())
		require.Equal(t, []string{"active"}, tenant.orderStates(t, dseq))
		require.Equal(t, "open", tenant.deployment(t, dseq).Groups[0].State.String())
	})
	check(t, "observed.md 6", "an active lease says when it began, and nothing of an end", func(t *testing.T) {
		got := tenant.lease(t, won)
		require.Equal(t, leased.Height, got.Lease.CreatedAt)
		require.Zero(t, got.Lease.ClosedOn)
		require.Equal(t, "lease_closed_invalid", got.Lease.Reason.String())
		require.Equal(t, "active", got.Lease.State.String())
		require.Nil(t, got.Lease.Reclamation)
		require.Equal(t, "open", got.EscrowPayment.State.State.String())
		require.Equal(t, "500.500000000000000000uact", got.EscrowPayment.State.Rate.String())
		require.Equal(t, tenant.xid(dseq), got.EscrowPayment.ID.AID.XID)
		require.Equal(t, "1/1/"+winner.addr, got.EscrowPayment.ID.XID)
		require.Equal(t, winner.addr, got.EscrowPayment.State.Owner)
	})
	closed := tenant.do(t, tenant.closing(dseq))
	check(t, "observed.md 5", "close with a lease: payouts, deployment, group, order, bid, lease", func(t *testing.T) {
		require.Equal(t, "transfer transfer DeploymentClosed GroupClosed OrderClosed transfer BidClosed LeaseClosed",
			story(closed))
		require.Equal(t, map[string]any{"id": bidJSON(won), "reason": "lease_closed_owner"},
			told(t, closed, "akash.market.v1.EventLeaseClosed"))
		got := tenant.lease(t, won)
		require.Equal(t, "closed", got.Lease.State.String())
		require.Equal(t, closed.Height, got.Lease.ClosedOn)
		require.Equal(t, "lease_closed_owner", got.Lease.Reason.String())
	})
}

func TestLeaseEnds(t *testing.T) {
	t.Parallel()
	tenant, seller := newActor(t), newSeller(t)
	dseq, first := tenant.leased(t, seller, "10")
	check(t, "observed.md 5, lifecycle.md 5", "the tenant closes a lease: a new order opens", func(t *testing.T) {
		msg := closeLease(first)
		msg.Reason = marketv1.LeaseClosedReason_lease_closed_reason_unspecified
		res := tenant.do(t, msg)
		require.Equal(t, "LeaseClosed transfer BidClosed OrderClosed transfer OrderCreated", story(res))
		require.Equal(t, []string{"closed", "open"}, tenant.orderStates(t, dseq))
		got := tenant.lease(t, first)
		require.Equal(t, "lease_closed_owner", got.Lease.Reason.String(), "the message's reason is ignored")
		require.Equal(t, "closed", got.EscrowPayment.State.State.String())
		require.Equal(t, "active", tenant.deployment(t, dseq).Deployment.State.String())
		require.Equal(t, "closed", tenant.bid(t, first).Bid.State.String())
	})
	second := tenant.leaseWith(t, dseq, 2, seller, "20")
	check(t, "observed.md 5", "pausing a leased group ends everything of it but the deployment", func(t *testing.T) {
		res := tenant.do(t, tenant.pauseGroup(dseq))
		require.Equal(t, "GroupPaused OrderClosed transfer BidClosed LeaseClosed transfer", story(res))
		require.Equal(t, "lease_closed_owner", tenant.lease(t, second).Lease.Reason.String())
		require.Equal(t, []string{"closed", "closed"}, tenant.orderStates(t, dseq))
	})
	tenant.do(t, tenant.startGroup(dseq))
	third := tenant.leaseWith(t, dseq, 3, seller, "20")
	check(t, "lifecycle.md 4, 6.7", "the seller closes its bid: the group is paused, with its reason", func(t *testing.T) {
		res := seller.do(t, closeBid(third, marketv1.LeaseClosedReason_lease_closed_reason_decommission))
		require.Equal(t, "GroupPaused LeaseClosed BidClosed OrderClosed", akashEvents(res))
		require.Equal(t, "lease_closed_reason_decommission", tenant.lease(t, third).Lease.Reason.String())
		require.Equal(t, []string{"closed", "closed", "closed"}, tenant.orderStates(t, dseq), "no new order")
		got := tenant.deployment(t, dseq)
		require.Equal(t, "paused", got.Groups[0].State.String())
		require.Equal(t, "active", got.Deployment.State.String())
		require.Equal(t, "open", got.EscrowAccount.State.State.String())
	})
	tenant.do(t, tenant.startGroup(dseq))
	fourth := tenant.leaseWith(t, dseq, 4, seller, "20")
	check(t, "observed.md 12", "a lease closed and its group paused at once leave no order open", func(t *testing.T) {
		res := tenant.do(t, closeLease(fourth), tenant.pauseGroup(dseq))
		require.Equal(t, "LeaseClosed transfer BidClosed OrderClosed transfer OrderCreated GroupPaused OrderClosed",
			story(res))
		require.Equal(t, []string{"closed", "closed", "closed", "closed", "closed"}, tenant.orderStates(t, dseq))
	})
	tenant.do(t, tenant.startGroup(dseq))
	seller.do(t, bid(tenant.bidFor(dseq, 6, seller), "10"))
	check(t, "lifecycle.md 2", "closing a group closes the bids on its order", func(t *testing.T) {
		require.Equal(t, "GroupClosed OrderClosed transfer BidClosed", story(tenant.do(t, tenant.closeGroup(dseq))))
		require.Equal(t, "closed", tenant.bid(t, tenant.bidFor(dseq, 6, seller)).Bid.State.String())
	})
	another, leased := tenant.leased(t, seller, "10")
	check(t, "observed.md 12", "a lease and its deployment are closed in one transaction", func(t *testing.T) {
		tenant.do(t, closeLease(leased), tenant.closing(another))
		require.Equal(t, []string{"closed", "closed"}, tenant.orderStates(t, another))
		require.Equal(t, "closed", tenant.deployment(t, another).Deployment.State.String())
	})
}
