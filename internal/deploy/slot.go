// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"errors"
	"fmt"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// Slot is a group's place in the market: the group itself, its newest lease and its open order.
type Slot struct {
	Deployment *deploymentv1beta4.QueryDeploymentResponse
	Group      deploymentv1beta4.Group
	// Lease is the newest lease the group ever had; nil when it never had one.
	Lease *marketv1.Lease
	// Order is the open order; nil when there is none.
	Order *marketv1beta5.Order
}

// Active reports whether the newest lease runs (a reclaiming lease runs until its deadline).
func (s Slot) Active() bool {
	return s.Lease != nil &&
		(s.Lease.State == marketv1.Lease_active || s.Lease.State == marketv1.Lease_reclaiming)
}

// LeaseID is the newest lease's id; only valid when there is a lease.
func (s Slot) LeaseID() ids.LeaseID { return chain.LeaseIDOf(s.Lease.ID) }

// Price is what the newest lease costs per block; the zero value without a lease.
func (s Slot) Price() coin.PerBlock {
	if s.Lease == nil {
		return coin.PerBlock{}
	}
	return coin.PerBlock{Denom: s.Lease.Price.Denom, Amount: s.Lease.Price.Amount}
}

// ReadSlot reads a group's slot. It returns an error that wraps [ErrGone] when the group or its deployment is closed
// or missing, and a [*Failure] when the chain could not be read.
func (d *Deployer) ReadSlot(ctx context.Context, id ids.GroupID) (Slot, error) {
	return readSlot(ctx, direct{d}, id)
}

// RefreshSlot is [Deployer.ReadSlot] for a refresh, as [Deployer.RefreshDeployment] is.
func (d *Deployer) RefreshSlot(ctx context.Context, id ids.GroupID) (Slot, error) {
	return readSlot(ctx, d.refresh, id)
}

func readSlot(ctx context.Context, from source, id ids.GroupID) (Slot, error) {
	deployment, err := from.deployment(ctx, id.Deployment())
	if errors.Is(err, chain.ErrNotFound) {
		return Slot{}, fmt.Errorf("deployment %s: %w", id.Deployment(), ErrGone)
	}
	if err != nil {
		return Slot{}, slotFailure(id, err)
	}
	if deployment.Deployment.State != deploymentv1.Deployment_active {
		return Slot{}, fmt.Errorf("deployment %s: %w", id.Deployment(), ErrGone)
	}
	slot := Slot{Deployment: deployment}
	for _, g := range deployment.Groups {
		if g.ID.GSeq == id.GSeq {
			slot.Group = g
		}
	}
	switch slot.Group.State {
	case deploymentv1beta4.Group_open, deploymentv1beta4.Group_paused:
	case deploymentv1beta4.Group_invalid, deploymentv1beta4.Group_insufficient_funds, deploymentv1beta4.Group_closed:
		return Slot{}, fmt.Errorf("group %s: %w", id, ErrGone)
	}
	if slot.Lease, err = from.lease(ctx, id); err != nil {
		return Slot{}, slotFailure(id, err)
	}
	if slot.Active() {
		return slot, nil // its order is matched: a group has no other beside it
	}
	if slot.Order, err = from.order(ctx, id); err != nil {
		return Slot{}, slotFailure(id, err)
	}
	return slot, nil
}

func slotFailure(id ids.GroupID, err error) *Failure {
	return &Failure{
		Title: "Lease cannot be read", Doing: fmt.Sprintf("Reading the leases of group %s", id), Cause: err,
		Exists: "Nothing was changed.", Next: "Check the endpoints of the provider block, then try again.",
	}
}

// costText says what the slot holds and costs, for failures.
func (d *Deployer) costText(s Slot) string {
	text := d.escrowText(s.Deployment)
	switch {
	case s.Active():
		price := s.Price()
		return fmt.Sprintf("%s Lease %s is %s and costs %s per block (%s USD/month).",
			text, s.LeaseID(), s.Lease.State, price, price.USDPerMonth(d.BlockTime))
	case s.Order != nil:
		return fmt.Sprintf("%s Order %s stays open for bids; without a lease nothing is spent.",
			text, chain.OrderIDOf(s.Order.ID))
	default:
		return text + " It has no lease in this group, so nothing is spent for it."
	}
}

// whatExists reads the slot once more to say what a failure leaves behind. It works after ctx has ended.
func (d *Deployer) whatExists(ctx context.Context, id ids.GroupID) string {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishTime)
	defer cancel()
	slot, err := d.ReadSlot(ctx, id)
	switch {
	case errors.Is(err, ErrGone):
		return fmt.Sprintf("Group %s is closed: nothing is spent for it.", id)
	case err != nil:
		return fmt.Sprintf("What exists in group %s could not be read (%v); it may hold a lease that costs money.", id, err)
	default:
		return d.costText(slot)
	}
}
