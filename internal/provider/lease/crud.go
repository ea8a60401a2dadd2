// SPDX-License-Identifier: Apache-2.0

package lease

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/ceiling"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/diags"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// Create fills the slot: it continues with an active lease or open order that an interrupted run left.
func (r *leaseResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.Data.Applying()
	limit, problems := plan.Timeouts.Create(ctx, defaultRunTimeout)
	resp.Diagnostics.Append(problems...)
	id, problems := r.fill(ctx, req.Config, &plan, limit)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return // no state: the slot is found again by the next create
	}
	r.Data.Filled(id)
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityOf(id))...)
	resp.Diagnostics.Append(r.Data.KeepChain(ctx, resp.Private)...)
}

// Update delivers a new manifest to a running lease, or repairs and re-auctions the slot; it may have nothing to do.
func (r *leaseResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	// Terraform hands the identity over and gets it back; through Pulumi's bridge there is none before it is set.
	slot, err := ids.ParseGroupID(state.ID.ValueString())
	if err != nil {
		resp.Diagnostics.AddError("Invalid lease id in state", err.Error())
		return
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityOf(slot))...)
	if plan.isPaused() && !state.isPaused() {
		limit, problems := plan.Timeouts.Update(ctx, defaultRunTimeout)
		resp.Diagnostics.Append(problems...)
		r.Data.Applying()
		_, problems = r.applyPause(ctx, plan, limit)
		if resp.Diagnostics.Append(problems...); !resp.Diagnostics.HasError() {
			resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
		}
		return
	}
	settled := !plan.State.IsUnknown() && !plan.DeliveredHash.IsUnknown() && !plan.Attested.IsUnknown()
	if settled && plan.DeliveredHash.Equal(state.DeliveredHash) {
		resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...) // only settings of later runs changed
		return
	}
	r.Data.Applying()
	limit, problems := plan.Timeouts.Update(ctx, defaultRunTimeout)
	resp.Diagnostics.Append(problems...)
	var running ids.LeaseID
	if !plan.State.IsUnknown() {
		if running, err = ids.ParseLeaseID(state.LeaseID.ValueString()); err != nil {
			problems.AddError("Invalid lease id in state", err.Error())
		}
	}
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	_, problems = r.ensure(ctx, req.Config, &plan, &state, limit, running)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return // state stays as it was; the next refresh says what is true
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
}

// ensure makes the plan true and fills in what the plan left open. state is the prior one, nil for a new lease. running
// is the lease that must go on; the zero value lets an auction be held. config is where secrets are, and nowhere else.
func (r *leaseResource) ensure(
	ctx context.Context, config tfsdk.Config, plan, state *model, limit time.Duration, running ids.LeaseID,
) (ids.GroupID, diag.Diagnostics) {
	group, problems := groupOf(ctx, plan.Group)
	bidding, _, more := r.policyOf(ctx, *plan, group)
	problems.Append(more...)
	waitFor, _, more := readWaitFor(ctx, plan.WaitFor)
	problems.Append(more...)
	attestation, more := readAttestation(ctx, plan.Attestation)
	problems.Append(more...)
	id, err := ids.ParseGroupID(group.slotID().ValueString())
	if err != nil {
		problems.AddError("Invalid group", err.Error())
	}
	problems.Append(r.checkOwner(group.slotID())...)
	manifest, names, more := manifestOf(ctx, config, group)
	problems.Append(more...)
	if problems.HasError() {
		return id, problems
	}
	deployer, err := r.Data.Signer(ctx)
	if err != nil {
		problems.Append(diags.FromError(err))
		return id, problems
	}
	bounded, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if state == nil {
		if problems.Append(r.refuseReplacement(bounded, deployer, id)...); problems.HasError() {
			return id, problems
		}
	}
	if state != nil && plan.LeaseID.IsUnknown() && !plan.AuctionReason.IsUnknown() {
		bidding.Market = state.reclaimed().without(bidding.Market) // so that even the lease in the slot has to go
	}
	lease, err := deployer.EnsureLease(bounded, deploy.LeaseRequest{
		Group: id, GroupName: group.Name.ValueString(), Manifest: manifest,
		Hash: group.Hash.ValueString(), Secrets: names,
		Policy: bidding.Market, BidWindow: bidding.Window, MinBids: bidding.MinBids,
		OnFailure: deploy.OnFailure(plan.OnFailure.ValueString()), Running: running,
		Leaving: plan.leaving(state), WaitFor: waitFor, Attestation: attestation,
	})
	if err != nil {
		problems.Append(diags.FromError(err))
		return id, problems
	}
	warnHosts(lease, &problems)
	plan.ID = types.StringValue(id.String())
	plan.setAttested(lease, &problems)
	if plan.LeaseID.IsUnknown() { // what a plan knew may not move, such as a state that became "reclaiming" since
		plan.setLease(lease.ID, lease.State, lease.Price, r.Data.BlockTime)
		plan.setEnd(marketv1.Lease{State: marketv1.Lease_active})
	}
	if plan.AuctionReason.IsUnknown() {
		plan.decided(state, lease.ID, bidding.Market)
	}
	plan.DeliveredHash = group.Hash
	problems.Append(plan.setStatus(lease.Status)...)
	if plan.Bids.IsUnknown() {
		plan.setBids(lease.Verdicts, r.Data.BlockTime)
	}
	return id, problems
}

// decided says what came of a plan that could not tell whether an auction would be held: the lease in state went on,
// with the auction it is from, or it was ended, and why.
func (m *model) decided(state *model, lease ids.LeaseID, policy market.Policy) {
	m.AuctionReason = types.StringValue(firstAuction)
	if state == nil || !m.ID.Equal(state.ID) {
		return
	}
	if state.LeaseID.ValueString() == lease.String() {
		m.AuctionReason, m.Bids = state.AuctionReason, state.Bids
		return
	}
	reason := cmp.Or(
		state.lost().reason, state.reclaimed().reason, excludes(policy, *state), m.triggeredBy(*state),
	)
	if reason != "" {
		m.AuctionReason = types.StringValue(reason)
	}
}

// Read refreshes the lease from the chain alone. A lease that ended stays, with its reason, and is repaired by the
// next apply; only a closed or missing group removes the resource.
func (r *leaseResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	id, err := ids.ParseGroupID(state.ID.ValueString())
	if err != nil {
		resp.Diagnostics.AddError("Invalid id in state", err.Error())
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if resp.Diagnostics.Append(r.Data.CheckChain(ctx, req.Private, id.String())...); resp.Diagnostics.HasError() {
		return
	}
	connection, err := r.Data.Connect(ctx)
	if err != nil {
		resp.Diagnostics.Append(diags.FromError(err))
		return
	}
	slot, err := connection.Deployer.RefreshSlot(ctx, id)
	if errors.Is(err, deploy.ErrGone) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(diags.FromError(err))
		return
	}
	if state.readPaused(slot) {
		resp.Diagnostics.Append(r.keepRead(ctx, connection.Deployer, id, slot, &state, resp)...)
		return
	}
	if slot.Lease == nil {
		resp.Diagnostics.AddError("No lease in this group", fmt.Sprintf("Group %s never had a lease, so there is nothing "+
			"to import. Write an akash_lease for it and apply.", id))
		return
	}
	imported := state.Group.IsNull()
	if wanted := state.LeaseID.ValueString(); imported && wanted != "" && wanted != slot.LeaseID().String() {
		resp.Diagnostics.AddError("Another lease in this group", fmt.Sprintf("The import is of lease %s, and the group has "+
			"%s by now. Nothing was imported.\n\nImport %s to take whatever lease the group has.", wanted, slot.LeaseID(), id))
		return
	}
	if state.LeaseID.ValueString() != slot.LeaseID().String() {
		state.DeliveredHash = types.StringNull() // somebody else filled the slot: what runs there is not known
		state.Attested = types.MapNull(attestedType)
	}
	state.setLease(slot.LeaseID(), slot.Lease.State.String(), slot.Price(), r.Data.BlockTime)
	state.setEnd(*slot.Lease)
	resp.Diagnostics.Append(r.keepRead(ctx, connection.Deployer, id, slot, &state, resp)...)
}

// keepRead writes what a refresh found.
func (r *leaseResource) keepRead(
	ctx context.Context, deployer *deploy.Deployer, id ids.GroupID, slot deploy.Slot, state *model,
	resp *resource.ReadResponse,
) diag.Diagnostics {
	problems := r.Data.KeepChain(ctx, resp.Private)
	if imported := state.Group.IsNull(); imported {
		problems.Append(r.readImported(ctx, deployer, id, slot, state)...)
	}
	problems.Append(resp.State.Set(ctx, state)...)
	problems.Append(resp.Identity.Set(ctx, identityOf(id))...)
	return problems
}

// readImported fills what Terraform knows otherwise: the group with its manifest, the services, the defaults.
func (r *leaseResource) readImported(
	ctx context.Context, deployer *deploy.Deployer, id ids.GroupID, slot deploy.Slot, state *model,
) diag.Diagnostics {
	var problems diag.Diagnostics
	state.OnFailure = types.StringValue(string(deploy.CloseOnFailure))
	state.AuctionReason = types.StringValue(importedReason)
	state.setBids(nil, r.Data.BlockTime)
	state.URIs, state.Services = types.MapNull(uriType), types.MapNull(serviceType)
	hash := types.StringValue(hex.EncodeToString(slot.Deployment.Deployment.Hash))
	manifest := types.StringNull()
	deployment, err := deployer.ReadDeployment(ctx, id.Deployment())
	if err == nil {
		var recovered deploy.Recovered
		if recovered, err = deployer.RecoverManifest(ctx, deployment); err == nil {
			manifest, state.DeliveredHash = types.StringValue(string(recovered.Manifest)), hash
		}
	}
	if err == nil && !state.isPaused() {
		status, statusErr := deployer.ReadStatus(ctx, slot.LeaseID())
		if err = statusErr; err == nil {
			problems.Append(state.setStatus(status)...)
		}
	}
	if state.isPaused() {
		state.pause()
		state.AuctionReason = types.StringNull()
	} else if err != nil {
		problems.AddWarning("Lease imported without its services", fmt.Sprintf(
			"Akash provider %s could not be asked: %v\n\nThe first apply delivers the manifest again, which changes nothing "+
				"when it is the same.", slot.LeaseID().ProviderAddr, err))
	}
	spec := types.StringNull()
	if text, err := sdl.GroupText(slot.Group.GroupSpec); err == nil {
		spec = types.StringValue(text)
	}
	notice := types.StringNull()
	if r := slot.Deployment.Deployment.Reclamation; r != nil && r.MinWindow > 0 {
		notice = types.StringValue(market.WindowText(r.MinWindow))
	}
	state.Group = types.ObjectValueMust(groupTypes, map[string]attr.Value{
		"deployment_id": types.StringValue(id.Deployment().String()), "gseq": types.Int64Value(int64(id.GSeq)),
		"name": types.StringValue(slot.Group.GroupSpec.Name), "spec": spec, "hash": hash, "manifest": manifest,
		"price_ceiling": types.ObjectNull(ceiling.AttrTypes), "reclamation_min_window": notice,
		"secret_names": types.ListNull(types.StringType),
	})
	return problems
}

// Delete ends the lease and pauses the group, so that no new order opens; the deployment's escrow stays with it.
func (r *leaseResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	id, err := ids.ParseGroupID(state.ID.ValueString())
	if err != nil {
		resp.Diagnostics.AddError("Invalid id in state", err.Error())
	}
	limit, problems := state.Timeouts.Delete(ctx, defaultDeleteTimeout)
	resp.Diagnostics.Append(problems...)
	resp.Diagnostics.Append(r.Data.CheckChain(ctx, req.Private, id.String())...)
	resp.Diagnostics.Append(r.checkOwner(state.ID)...)
	if resp.Diagnostics.HasError() || r.keepsSlot(id, &resp.Diagnostics) {
		return
	}
	deployer, err := r.Data.Signer(ctx)
	if err != nil {
		resp.Diagnostics.Append(diags.FromError(err))
		return
	}
	bounded, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if err := deployer.EndLease(bounded, id); err != nil {
		resp.Diagnostics.Append(diags.FromError(err))
	}
}
