// SPDX-License-Identifier: Apache-2.0

package grants

import (
	"context"
	"errors"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/diags"
)

// Create grants; an equal one that is there already is taken for it.
func (r *authzGrant) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan authzModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	limit, problems := plan.Timeouts.Create(ctx, defaultTimeout)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(r.set(ctx, &plan, limit, false)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
	resp.Diagnostics.Append(r.Data.KeepChain(ctx, resp.Private)...)
}

// set makes the chain hold what the plan says.
func (r *authzGrant) set(ctx context.Context, plan *authzModel, limit time.Duration, replace bool) diag.Diagnostics {
	want, problems := plan.wanted(ctx)
	if problems.HasError() {
		return problems
	}
	deployer, err := r.Data.Signer(ctx)
	if err != nil {
		return append(problems, diags.FromError(err))
	}
	bounded, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if err := deployer.SetAuthorization(bounded, want, replace); err != nil {
		return append(problems, diags.FromError(err))
	}
	plan.setID(authzID{granter: deployer.Owner, grantee: want.Grantee, messageType: want.MessageType})
	return problems
}

// Read refreshes the grant; it removes it from state when the chain has forgotten it.
func (r *authzGrant) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state authzModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	id, err := parseAuthzID(state.ID.ValueString())
	if err != nil {
		resp.Diagnostics.AddError("Invalid id in state", err.Error())
	}
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(r.Data.CheckChain(ctx, req.Private, state.ID.ValueString())...)
	if resp.Diagnostics.HasError() {
		return
	}
	connection, err := r.Data.Connect(ctx)
	if err != nil {
		resp.Diagnostics.Append(diags.FromError(err))
		return
	}
	found, err := connection.Deployer.ReadAuthorization(ctx, id.granter, id.grantee, id.messageType)
	if errors.Is(err, deploy.ErrGone) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(diags.FromError(err))
		return
	}
	resp.Diagnostics.Append(state.setFound(ctx, id, found)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, id.identity())...)
	resp.Diagnostics.Append(r.Data.KeepChain(ctx, resp.Private)...)
}

// Update overwrites the grant in one transaction, or only notes settings that the chain does not know.
func (r *authzGrant) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state authzModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	limit, problems := plan.Timeouts.Update(ctx, defaultTimeout)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !plan.sameGrant(state) {
		resp.Diagnostics.Append(r.set(ctx, &plan, limit, true)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
}

// Delete revokes the grant.
func (r *authzGrant) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state authzModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	limit, problems := state.Timeouts.Delete(ctx, defaultTimeout)
	resp.Diagnostics.Append(problems...)
	resp.Diagnostics.Append(r.Data.CheckChain(ctx, req.Private, state.ID.ValueString())...)
	resp.Diagnostics.Append(r.Data.CheckOwner("Grant", state.Granter.ValueString(), "Grant "+state.ID.ValueString())...)
	if resp.Diagnostics.HasError() {
		return
	}
	deployer, err := r.Data.Signer(ctx)
	if err != nil {
		resp.Diagnostics.Append(diags.FromError(err))
		return
	}
	bounded, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	err = deployer.RevokeAuthorization(bounded, state.Grantee.ValueString(), state.MessageType.ValueString())
	if err != nil {
		resp.Diagnostics.Append(diags.FromError(err))
	}
}
