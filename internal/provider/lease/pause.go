// SPDX-License-Identifier: Apache-2.0

package lease

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/diags"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

const (
	// running and paused are the values of desired_state; paused is also what state says then.
	running = "running"
	paused  = "paused"
	// waiting is the state of a group that somebody started and that never had a lease.
	waiting = "open"
)

func desiredStateAttribute() schema.Attribute {
	return schema.StringAttribute{
		Optional: true, Validators: []validator.String{stringvalidator.OneOf(running, paused)},
		MarkdownDescription: "`running` (default), or `paused`: the lease ends, so the workload stops and nothing is spent " +
			"for the group, while the deployment keeps its dseq and what its escrow holds; no manifest is delivered. Data on " +
			"persistent storage and addresses go with the lease, so a group that keeps data needs `allow_data_loss`. Back to " +
			"`running`, a new auction is held, which another Akash provider may win at another price. To get the deposit " +
			"back, destroy the deployment instead. Example: `paused`.",
	}
}

// wantsPause reports whether the configuration wants no lease.
func (m *model) wantsPause() bool { return m.DesiredState.ValueString() == paused }

// isPaused reports whether the group is paused because the configuration wants it, in a state or a plan.
func (m *model) isPaused() bool { return m.State.ValueString() == paused }

// pause fills in what is true of a paused group: it has no lease. Its last auction stays told of.
func (m *model) pause() {
	m.State = types.StringValue(paused)
	m.LeaseID, m.ProviderAddress = types.StringNull(), types.StringNull()
	m.CloseReason, m.EndedInBlock = types.StringNull(), types.Int64Null()
	m.ReclaimStarted, m.ReclaimDeadline = types.StringNull(), types.StringNull()
	m.PricePerBlock, m.USDPerMonth, m.DeliveredHash = types.StringNull(), types.StringNull(), types.StringNull()
	m.URIs, m.Services = types.MapNull(uriType), types.MapNull(serviceType)
}

// planNewPaused plans a slot that gets no lease.
func (r *leaseResource) planNewPaused(ctx context.Context, plan *model, slot types.String) diag.Diagnostics {
	plan.pause()
	plan.ID, plan.AuctionReason, plan.Bids = slot, types.StringNull(), types.ListNull(bidType)
	return r.Data.CheckGrants(ctx, deploy.LeaseNeeds())
}

// planPause plans to end the lease in state, or nothing when the group is paused.
func (r *leaseResource) planPause(
	ctx context.Context, plan *model, state model, group groupModel,
) diag.Diagnostics {
	plan.keep(state)
	if state.isPaused() {
		return nil
	}
	problems := r.Data.CheckGrants(ctx, deploy.LeaseNeeds())
	runs := state.lost().reason == ""
	if runs && !plan.AllowDataLoss.ValueBool() && !plan.AllowDataLoss.IsUnknown() {
		spec, err := sdl.ParseGroupText(group.Spec.ValueString())
		if kept := deploy.PersistentStorage(spec); err == nil && kept != "" {
			problems.AddAttributeError(path.Root("allow_data_loss"), "Persistent data would be lost: "+plan.ID.ValueString(),
				fmt.Sprintf("desired_state = \"paused\" ends lease %s. It keeps %s, which goes with it. Nothing was "+
					"changed.\n\nCopy the data and set allow_data_loss = true on this akash_lease, or leave it running.",
					state.LeaseID.ValueString(), kept))
			return problems
		}
	}
	if runs {
		problems.AddAttributeWarning(path.Root("desired_state"), "Pause: "+plan.ID.ValueString(), fmt.Sprintf(
			"Apply ends lease %s: the workload stops, its data and addresses are lost, and nothing more is spent for it. The "+
				"deployment keeps its dseq and its escrow. desired_state = \"running\" asks for bids again; to get the "+
				"deposit back, destroy the deployment.", state.LeaseID.ValueString()))
	}
	plan.pause()
	return problems
}

// applyPause makes a planned pause true.
func (r *leaseResource) applyPause(
	ctx context.Context, plan model, limit time.Duration,
) (ids.GroupID, diag.Diagnostics) {
	var problems diag.Diagnostics
	id, err := ids.ParseGroupID(plan.ID.ValueString())
	if err != nil { // of a deployment that was not known at plan
		group, more := groupOf(ctx, plan.Group)
		problems.Append(more...)
		if id, err = ids.ParseGroupID(group.slotID().ValueString()); err != nil {
			problems.AddError("Invalid group", err.Error())
		}
	}
	problems.Append(r.checkOwner(types.StringValue(id.String()))...)
	if problems.HasError() {
		return id, problems
	}
	deployer, err := r.Data.Signer(ctx)
	if err == nil {
		bounded, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		err = deployer.PauseGroup(bounded, id, !plan.AllowDataLoss.ValueBool())
	}
	if err != nil {
		problems.Append(diags.FromError(err))
	}
	return id, problems
}

// readPaused fills in a slot without a lease as far as that is wanted, or was all along; ok is false for one whose
// lease counts. An imported group counts as paused by wish when its owner did it.
func (m *model) readPaused(slot deploy.Slot) (ok bool) {
	imported := m.Group.IsNull()
	isPaused := slot.Group.State == deploymentv1beta4.Group_paused
	byOwner := slot.Lease == nil || slot.Lease.Reason == marketv1.LeaseClosedReason_lease_closed_owner
	switch {
	case isPaused && imported && byOwner:
		m.DesiredState = types.StringValue(paused)
		m.pause()
		return true
	case isPaused && m.wantsPause():
		m.pause()
		return true
	case slot.Lease == nil && !imported: // of a group that was paused before it had one, and that somebody started
		m.pause()
		m.State = types.StringValue(waiting)
		return true
	default:
		return false
	}
}

// openWish leaves everything open that a pause would decide, while it is not known whether one is wanted.
func (m *model) openWish() {
	if !m.DesiredState.IsUnknown() {
		return
	}
	m.auction(types.StringUnknown(), m.ID, types.StringNull())
}

// fill makes the plan of a new slot true.
func (r *leaseResource) fill(
	ctx context.Context, config tfsdk.Config, plan *model, limit time.Duration,
) (ids.GroupID, diag.Diagnostics) {
	if !plan.isPaused() {
		return r.ensure(ctx, config, plan, nil, limit, ids.LeaseID{})
	}
	id, problems := r.applyPause(ctx, *plan, limit)
	plan.ID = types.StringValue(id.String())
	return id, problems
}
