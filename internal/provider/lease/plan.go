// SPDX-License-Identifier: Apache-2.0

package lease

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
)

// firstAuction is the auction_reason of a new lease.
const firstAuction = "new lease"

// ModifyPlan decides what an apply would do with the slot: nothing, deliver a manifest, or hold an auction. It uses
// configuration and state only.
func (r *leaseResource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	if req.Plan.Raw.IsNull() || r.Data == nil {
		return
	}
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	group, problems := groupOf(ctx, plan.Group)
	resp.Diagnostics.Append(problems...)
	var state *model
	if !req.State.Raw.IsNull() {
		state = &model{}
		resp.Diagnostics.Append(req.State.Get(ctx, state)...)
		resp.Diagnostics.Append(r.Data.CheckChain(ctx, req.Private, state.ID.ValueString())...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if resp.Diagnostics.Append(checkSecrets(ctx, req.Config, plan, group)...); resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(checkWaitFor(ctx, plan.WaitFor, group)...)
	if resp.Diagnostics.Append(checkAttestation(ctx, plan, group)...); resp.Diagnostics.HasError() {
		return
	}
	slot := group.slotID()
	if plan.Group.IsUnknown() {
		slot = types.StringUnknown()
	}
	for _, id := range touched(state, slot) {
		resp.Diagnostics.Append(r.checkOwner(id)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	r.noteReplacement(ctx, req, resp, state, slot)
	if fresh := state == nil || !slot.Equal(state.ID); fresh && plan.wantsPause() {
		resp.Diagnostics.Append(r.planNewPaused(ctx, &plan, slot)...)
		plan.openAttested(state)
		resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
		return
	} else if fresh {
		plan.auction(types.StringValue(firstAuction), slot, group.Hash)
		if state != nil && plan.Group.IsUnknown() {
			plan.AuctionReason = types.StringUnknown() // it may turn out to be the same slot
		}
		plan.openWish()
		plan.openAttested(state)
		resp.Diagnostics.Append(r.checkDelegation(ctx)...)
		expected, problems := r.expectedGroup(ctx, plan, group)
		resp.Diagnostics.Append(problems...)
		bidding, _, problems := r.policyOf(ctx, plan, expected)
		if resp.Diagnostics.Append(problems...); !resp.Diagnostics.HasError() {
			resp.Diagnostics.Append(r.tellAuction(ctx, expected, slot, bidding.Market, move{})...)
		}
		resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
		return
	}
	if plan.wantsPause() {
		resp.Diagnostics.Append(r.planPause(ctx, &plan, *state, group)...)
		plan.openAttested(state)
		if !resp.Diagnostics.HasError() {
			resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
		}
		return
	}
	resp.Diagnostics.Append(r.planChange(ctx, &plan, *state, group)...)
	plan.openWish()
	plan.openAttested(state)
	if !plan.DeliveredHash.Equal(state.DeliveredHash) || plan.LeaseID.IsUnknown() || plan.Attested.IsUnknown() {
		resp.Diagnostics.Append(r.checkDelegation(ctx)...)
	}
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
	}
}

// touched lists the known slots that apply would act on: the one in state, the one of the plan, each once.
func touched(state *model, slot types.String) []types.String {
	var slots []types.String
	if state != nil {
		slots = append(slots, state.ID)
	}
	if known := !slot.IsUnknown() && !slot.IsNull(); known && (state == nil || !slot.Equal(state.ID)) {
		slots = append(slots, slot)
	}
	return slots
}

// checkDelegation refuses at plan what an apply could not do: without the grants it takes, or with a
// gateway that would not take the manifest, which costs money for nothing.
func (r *leaseResource) checkDelegation(ctx context.Context) diag.Diagnostics {
	var problems diag.Diagnostics
	if r.Data.NoGateway != "" {
		problems.AddError("No access to gateways", r.Data.NoGateway+" So a lease could be made, and no manifest delivered. "+
			"Nothing was created or spent.\n\nApply akash_lease with the owner's own key. Deployments, deposits and grants "+
			"work with authz_granter as they are.")
	}
	if problems.HasError() {
		return problems
	}
	return append(problems, r.Data.CheckGrants(ctx, deploy.LeaseNeeds())...)
}

// checkOwner refuses to touch a group of another account's deployment, which only that account can lease.
func (r *leaseResource) checkOwner(slot types.String) diag.Diagnostics {
	id, err := ids.ParseGroupID(slot.ValueString())
	if err != nil {
		return nil // what cannot be read is told of elsewhere
	}
	return r.Data.CheckOwner("Lease", id.Owner, "Group "+id.String())
}

// planChange plans for a slot that exists.
func (r *leaseResource) planChange(
	ctx context.Context, plan *model, state model, group groupModel,
) diag.Diagnostics {
	plan.keep(state)
	bidding, known, problems := r.policyOf(ctx, *plan, group)
	if problems.HasError() {
		return problems
	}
	move := state.lost()
	if move.reason == "" {
		move = state.reclaimed()
	}
	if move.reason == "" && known {
		move = outvoted(excludes(bidding.Market, state))
	}
	if move.reason == "" {
		changed, decided := triggered(plan.RebidTriggers, state)
		move, known = outvoted(changed), known && decided
	}
	stays, more := plan.consent(move, group)
	if problems.Append(more...); problems.HasError() {
		return problems
	}
	switch {
	case move.reason != "" && !stays:
		plan.auction(types.StringValue(move.reason), state.ID, group.Hash)
		problems.Append(r.tellAuction(ctx, group, state.ID, bidding.Market, move)...)
	case !known: // the policy may turn out to exclude the lease, or not
		plan.auction(types.StringUnknown(), state.ID, group.Hash)
	case !group.Hash.Equal(state.DeliveredHash):
		plan.DeliveredHash = hashOrUnknown(group.Hash)
		plan.Services, plan.URIs = types.MapUnknown(serviceType), types.MapUnknown(uriType)
	default:
		problems.Append(r.tellCheaper(ctx, *plan, group, bidding.Market)...)
	}
	return problems
}

// keep takes every computed value from state.
func (m *model) keep(state model) {
	m.ID, m.LeaseID, m.ProviderAddress = state.ID, state.LeaseID, state.ProviderAddress
	m.State, m.CloseReason, m.AuctionReason = state.State, state.CloseReason, state.AuctionReason
	m.EndedInBlock, m.ReclaimStarted, m.ReclaimDeadline = state.EndedInBlock, state.ReclaimStarted, state.ReclaimDeadline
	m.PricePerBlock, m.USDPerMonth, m.DeliveredHash = state.PricePerBlock, state.USDPerMonth, state.DeliveredHash
	m.URIs, m.Services, m.Bids = state.URIs, state.Services, state.Bids
}

// auction plans a lease that only an auction can name.
func (m *model) auction(reason, id, hash types.String) {
	m.ID, m.AuctionReason, m.DeliveredHash = id, reason, hashOrUnknown(hash)
	m.LeaseID, m.ProviderAddress, m.State = types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
	m.CloseReason, m.EndedInBlock = types.StringUnknown(), types.Int64Unknown()
	m.ReclaimStarted, m.ReclaimDeadline = types.StringUnknown(), types.StringUnknown()
	m.PricePerBlock, m.USDPerMonth = types.StringUnknown(), types.StringUnknown()
	m.URIs, m.Services = types.MapUnknown(uriType), types.MapUnknown(serviceType)
	m.Bids = types.ListUnknown(bidType)
}

func hashOrUnknown(hash types.String) types.String {
	if hash.IsNull() {
		return types.StringUnknown()
	}
	return hash
}

// excludes says why the policy no longer allows the lease in state; "" when it does.
func excludes(policy market.Policy, state model) string {
	id, err := ids.ParseLeaseID(state.LeaseID.ValueString())
	if err != nil {
		return ""
	}
	price, err := coin.ParseDecimal(state.PricePerBlock.ValueString())
	if err != nil {
		return ""
	}
	bid := market.Bid{ID: id.Bid(), Price: coin.PerBlock{Denom: coin.UACT, Amount: price}, Open: true}
	verdict := market.Choose([]market.Bid{bid}, policy.Staying())[0]
	if verdict.Acceptable {
		return ""
	}
	return fmt.Sprintf("The lease with %s at %s uact per block is %s", id.ProviderAddr, coin.Trim(price), verdict.Reason)
}
