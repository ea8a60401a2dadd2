// SPDX-License-Identifier: Apache-2.0

package market

import (
	"context"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/escrow"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/stateless"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// CreateLease accepts a bid; every other open bid of the order is lost.
func (s MsgServer) CreateLease(
	goCtx context.Context, m *marketv1beta5.MsgCreateLease,
) (*marketv1beta5.MsgCreateLeaseResponse, error) {
	if err := ValidateBasic(m); err != nil {
		return nil, err
	}
	ctx := sdk.UnwrapSDKContext(goCtx)
	bid, order, err := s.checkLease(ctx, m.BidID)
	if err != nil {
		return nil, err
	}
	seller, err := stateless.Address(m.BidID.Provider)
	if err != nil {
		return nil, err
	}
	id := leaseOf(bid.ID)
	if err := s.k.escrow.CreatePayment(ctx, escrow.LeasePayment(id), seller, bid.Price); err != nil {
		return nil, err
	}
	lease := marketv1.Lease{ID: id, State: marketv1.Lease_active, Price: bid.Price, CreatedAt: ctx.BlockHeight()}
	if bid.ReclamationWindow != nil {
		lease.Reclamation = &marketv1.Reclamation{Window: *bid.ReclamationWindow}
	}
	s.k.leases.Set(ctx, lease)
	event := &marketv1.EventLeaseCreated{ID: id, Price: bid.Price}
	if err := ctx.EventManager().EmitTypedEvent(event); err != nil {
		return nil, err
	}
	order.State = marketv1beta5.Order_active
	s.k.orders.Set(ctx, order)
	bid.State = marketv1beta5.Bid_active
	s.k.bids.Set(ctx, bid)
	for _, other := range s.k.bids.Scan(ctx, orderKey(order.ID)) {
		if other.State != marketv1beta5.Bid_open {
			continue
		}
		if err := s.k.loseBid(ctx, other); err != nil {
			return nil, err
		}
	}
	return &marketv1beta5.MsgCreateLeaseResponse{}, nil
}

func (s MsgServer) checkLease(
	ctx sdk.Context, id marketv1.BidID,
) (marketv1beta5.Bid, marketv1beta5.Order, error) {
	bid, ok := s.k.bid(ctx, id)
	if !ok {
		return bid, marketv1beta5.Order{}, ErrBidNotFound
	}
	if bid.State != marketv1beta5.Bid_open {
		return bid, marketv1beta5.Order{}, ErrBidNotOpen
	}
	order, ok := s.k.order(ctx, orderOf(id))
	if !ok {
		return bid, order, ErrOrderNotFound
	}
	if order.State != marketv1beta5.Order_open {
		return bid, order, ErrOrderNotOpen
	}
	group, err := s.k.deployments.Group(ctx, groupOf(order.ID))
	if err != nil {
		return bid, order, ErrGroupNotFound
	}
	if group.State != deploymentv1beta4.Group_open {
		return bid, order, ErrGroupNotOpen
	}
	return bid, order, nil
}

// CloseLease ends a lease for its tenant and, while the group is open, opens the
// group's next order in the same transaction. The message's reason is ignored.
func (s MsgServer) CloseLease(
	goCtx context.Context, m *marketv1beta5.MsgCloseLease,
) (*marketv1beta5.MsgCloseLeaseResponse, error) {
	if err := ValidateBasic(m); err != nil {
		return nil, err
	}
	ctx := sdk.UnwrapSDKContext(goCtx)
	order, ok := s.k.order(ctx, orderOf(bidOf(m.ID)))
	if !ok {
		return nil, ErrOrderNotFound
	}
	if order.State != marketv1beta5.Order_active {
		return nil, ErrOrderClosed
	}
	bid, ok := s.k.bid(ctx, bidOf(m.ID))
	if !ok {
		return nil, ErrBidNotFound
	}
	if bid.State != marketv1beta5.Bid_active {
		return nil, ErrBidNotActive
	}
	lease, ok := s.k.lease(ctx, m.ID)
	if !ok {
		return nil, ErrLeaseNotFound
	}
	if !running(lease) {
		return nil, ErrOrderClosed
	}
	owner := marketv1.LeaseClosedReason_lease_closed_owner
	if err := s.k.closeLease(ctx, lease, marketv1.Lease_closed, owner); err != nil {
		return nil, err
	}
	if err := s.k.closeBid(ctx, bid); err != nil {
		return nil, err
	}
	if err := s.k.closeOrder(ctx, order); err != nil {
		return nil, err
	}
	if err := s.k.escrow.ClosePayment(ctx, escrow.LeasePayment(m.ID)); err != nil {
		return nil, err
	}
	if err := s.reorder(ctx, groupOf(order.ID)); err != nil {
		return nil, err
	}
	return &marketv1beta5.MsgCloseLeaseResponse{}, nil
}

func (s MsgServer) reorder(ctx sdk.Context, id deploymentv1.GroupID) error {
	group, err := s.k.deployments.Group(ctx, id)
	if err != nil {
		return err
	}
	if group.State != deploymentv1beta4.Group_open {
		return nil
	}
	d, err := s.k.deployments.Deployment(ctx, deploymentv1.DeploymentID{Owner: id.Owner, DSeq: id.DSeq})
	if err != nil {
		return err
	}
	return s.k.CreateOrder(ctx, group, d.Reclamation)
}

// WithdrawLease pays the Akash provider what its lease has earned.
func (s MsgServer) WithdrawLease(
	goCtx context.Context, m *marketv1beta5.MsgWithdrawLease,
) (*marketv1beta5.MsgWithdrawLeaseResponse, error) {
	if err := ValidateBasic(m); err != nil {
		return nil, err
	}
	ctx := sdk.UnwrapSDKContext(goCtx)
	if _, ok := s.k.lease(ctx, m.ID); !ok {
		return nil, ErrUnknownLease
	}
	if err := s.k.escrow.Withdraw(ctx, escrow.LeasePayment(m.ID)); err != nil {
		return nil, err
	}
	return &marketv1beta5.MsgWithdrawLeaseResponse{}, nil
}

// LeaseStartReclaim announces that the Akash provider will end a lease once the
// agreed window is over; until then the lease runs on and is paid.
func (s MsgServer) LeaseStartReclaim(
	goCtx context.Context, m *marketv1beta5.MsgLeaseStartReclaim,
) (*marketv1beta5.MsgLeaseStartReclaimResponse, error) {
	if err := ValidateBasic(m); err != nil {
		return nil, err
	}
	ctx := sdk.UnwrapSDKContext(goCtx)
	lease, ok := s.k.lease(ctx, m.ID)
	if !ok {
		return nil, ErrUnknownLease
	}
	switch {
	case lease.State != marketv1.Lease_active:
		return nil, ErrLeaseNotActive
	case lease.Reclamation == nil:
		return nil, ErrNotReclamable
	case lease.Reclamation.StartedAt != 0:
		return nil, ErrAlreadyReclaiming
	}
	lease.State = marketv1.Lease_reclaiming
	lease.Reclamation.StartedAt = ctx.BlockHeight()
	lease.Reclamation.Deadline = ctx.BlockTime().Add(lease.Reclamation.Window).Unix()
	lease.Reclamation.Reason = m.Reason
	s.k.leases.Set(ctx, lease)
	event := &marketv1.EventLeaseReclaimStarted{ID: m.ID, Reason: m.Reason, Deadline: lease.Reclamation.Deadline}
	if err := ctx.EventManager().EmitTypedEvent(event); err != nil {
		return nil, err
	}
	return &marketv1beta5.MsgLeaseStartReclaimResponse{}, nil
}
