// SPDX-License-Identifier: Apache-2.0

package market

import (
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/deployment"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/escrow"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	escrowtypes "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/types/v1"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

func (k *Keeper) closeOrder(ctx sdk.Context, o marketv1beta5.Order) error {
	if o.State == marketv1beta5.Order_closed {
		return nil
	}
	o.State = marketv1beta5.Order_closed
	k.orders.Set(ctx, o)
	return ctx.EventManager().EmitTypedEvent(&marketv1.EventOrderClosed{ID: o.ID})
}

// closeBid ends an open or active bid and gives its deposit back.
func (k *Keeper) closeBid(ctx sdk.Context, b marketv1beta5.Bid) error {
	if b.State != marketv1beta5.Bid_open && b.State != marketv1beta5.Bid_active {
		return nil
	}
	b.State = marketv1beta5.Bid_closed
	k.bids.Set(ctx, b)
	if err := k.escrow.CloseAccount(ctx, escrow.BidAccount(b.ID)); err != nil {
		return err
	}
	return ctx.EventManager().EmitTypedEvent(&marketv1.EventBidClosed{ID: b.ID})
}

// loseBid ends an open bid that another one beat; there is no event for it.
func (k *Keeper) loseBid(ctx sdk.Context, b marketv1beta5.Bid) error {
	b.State = marketv1beta5.Bid_lost
	k.bids.Set(ctx, b)
	return k.escrow.CloseAccount(ctx, escrow.BidAccount(b.ID))
}

func running(l marketv1.Lease) bool {
	return l.State == marketv1.Lease_active || l.State == marketv1.Lease_reclaiming
}

// closeLease ends a running lease with a state and a reason.
func (k *Keeper) closeLease(
	ctx sdk.Context, l marketv1.Lease, state marketv1.Lease_State, reason marketv1.LeaseClosedReason,
) error {
	if !running(l) {
		return nil
	}
	l.State, l.ClosedOn, l.Reason = state, ctx.BlockHeight(), reason
	k.leases.Set(ctx, l)
	return ctx.EventManager().EmitTypedEvent(&marketv1.EventLeaseClosed{ID: l.ID, Reason: reason})
}

// CloseGroup closes the orders, bids and leases of a group that its owner closed
// or paused.
func (k *Keeper) CloseGroup(ctx sdk.Context, id deploymentv1.GroupID) error {
	return k.closeGroup(ctx, id, marketv1.Lease_closed, marketv1.LeaseClosedReason_lease_closed_owner)
}

func (k *Keeper) closeGroup(
	ctx sdk.Context, id deploymentv1.GroupID, state marketv1.Lease_State, reason marketv1.LeaseClosedReason,
) error {
	for _, order := range k.orders.Scan(ctx, groupKey(id)) {
		if order.State == marketv1beta5.Order_closed {
			continue
		}
		if err := k.closeOrder(ctx, order); err != nil {
			return err
		}
		for _, bid := range k.bids.Scan(ctx, orderKey(order.ID)) {
			if err := k.closeBid(ctx, bid); err != nil {
				return err
			}
			lease, ok := k.lease(ctx, leaseOf(bid.ID))
			if !ok || !running(lease) {
				continue
			}
			if err := k.closeLease(ctx, lease, state, reason); err != nil {
				return err
			}
			if err := k.escrow.ClosePayment(ctx, escrow.LeasePayment(lease.ID)); err != nil {
				return err
			}
		}
	}
	return nil
}

// accountClosed runs when an escrow account closed or was overdrawn: a
// deployment's account takes the deployment and everything under it along.
func (k *Keeper) accountClosed(ctx sdk.Context, account escrowtypes.Account) error {
	id, ok := escrow.ParseDeployment(account.ID)
	if !ok {
		return nil
	}
	d, err := k.deployments.Deployment(ctx, id)
	if err != nil || d.State != deploymentv1.Deployment_active {
		return err
	}
	if err := k.deployments.CloseDeployment(ctx, d); err != nil {
		return err
	}
	groupState, leaseState := deploymentv1beta4.Group_closed, marketv1.Lease_closed
	reason := marketv1.LeaseClosedReason_lease_closed_owner
	if account.State.State == escrowtypes.State_overdrawn {
		groupState, leaseState = deploymentv1beta4.Group_insufficient_funds, marketv1.Lease_insufficient_funds
		reason = marketv1.LeaseClosedReason_lease_closed_reason_insufficient_funds
	}
	for _, group := range k.deployments.Groups(ctx, id) {
		if deployment.Closable(group) != nil {
			continue
		}
		if err := k.deployments.CloseGroup(ctx, group, groupState); err != nil {
			return err
		}
		if err := k.closeGroup(ctx, group.ID, leaseState, reason); err != nil {
			return err
		}
	}
	return nil
}
