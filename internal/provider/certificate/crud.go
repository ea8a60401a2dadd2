// SPDX-License-Identifier: Apache-2.0

package certificate

import (
	"context"
	"errors"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/keys"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/diags"
)

// Create makes a certificate and publishes it.
func (r *certificateResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	limit, problems := plan.Timeouts.Create(ctx, defaultTimeout)
	resp.Diagnostics.Append(problems...)
	r.publish(ctx, &plan, "", limit, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.ID = types.StringValue(plan.Owner.ValueString() + "/" + plan.Serial.ValueString())
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	identity, err := plan.identity()
	if err != nil {
		resp.Diagnostics.AddError("Certificate without an id", err.Error())
		return
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity)...)
	resp.Diagnostics.Append(r.Data.KeepChain(ctx, resp.Private)...)
}

// publish makes a certificate and puts it on chain, in place of the one of serial replaced if that is not "".
func (r *certificateResource) publish(
	ctx context.Context, plan *model, replaced string, limit time.Duration, problems *diag.Diagnostics,
) {
	validFor, more := plan.validFor()
	problems.Append(more...)
	if problems.HasError() {
		return
	}
	deployer, err := r.Data.Signer(ctx)
	if err != nil {
		problems.Append(diags.FromError(err))
		return
	}
	made, err := keys.NewClientCertificate(r.Data.Owner, deployer.Clock.Now(), validFor)
	if err != nil {
		problems.AddError("Certificate cannot be made", err.Error()+"\n\nNothing was published.")
		return
	}
	bounded, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if err := deployer.PublishCertificate(bounded, made, replaced); err != nil {
		problems.Append(diags.FromError(err))
		return
	}
	plan.setFresh(made)
}

// Read asks the chain whether the certificate holds, and the clock whether it has to be renewed.
func (r *certificateResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	owner, serial, err := parseID(state.ID.ValueString())
	if err != nil {
		resp.Diagnostics.AddError("Invalid id in state", err.Error())
	}
	resp.Diagnostics.Append(r.Data.CheckChain(ctx, req.Private, state.ID.ValueString())...)
	if resp.Diagnostics.HasError() {
		return
	}
	if imported := state.Serial.IsNull(); imported {
		state.ValidFor, state.RenewBefore = types.StringValue(defaultValidFor), types.StringValue(defaultRenewBefore)
	} else {
		serial = state.Serial.ValueString()
	}
	connection, err := r.Data.Connect(ctx)
	if err != nil {
		resp.Diagnostics.Append(diags.FromError(err))
		return
	}
	found, err := connection.Deployer.ReadCertificate(ctx, owner, serial)
	if errors.Is(err, chain.ErrCertificateNotFound) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(diags.FromError(err))
		return
	}
	read, err := keys.ReadCertificate(found.PEM)
	if err == nil {
		state.setCertificate(read)
		err = state.judge(found, read.NotAfter, connection.Deployer.Clock.Now())
	}
	if err != nil {
		resp.Diagnostics.AddError("Certificate cannot be read", state.ID.ValueString()+" is on chain, but: "+err.Error())
		return
	}
	resp.Diagnostics.Append(r.Data.KeepChain(ctx, resp.Private)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
	identity, err := state.identity()
	if err != nil {
		resp.Diagnostics.AddError("Invalid id in state", err.Error())
		return
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity)...)
}

// Update renews the certificate where the plan says so; anything else changes the state alone.
func (r *certificateResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(r.Data.CheckChain(ctx, req.Private, state.ID.ValueString())...)
	limit, problems := plan.Timeouts.Update(ctx, defaultTimeout)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	// Terraform hands the identity over and gets it back; through Pulumi's bridge there is none before it is set.
	identity, err := state.identity()
	if err != nil {
		resp.Diagnostics.AddError("Invalid id in state", err.Error())
		return
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity)...)
	if state.renewedBy(plan) {
		resp.Diagnostics.Append(r.checkOwner(state)...)
		replaced := state.Serial.ValueString()
		if state.State.ValueString() != stateValid {
			replaced = "" // a revoked one cannot, and one that is over need not be revoked
		}
		r.publish(ctx, &plan, replaced, limit, &resp.Diagnostics)
	}
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	}
}

// Delete revokes the certificate, unless it is over.
func (r *certificateResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	limit, problems := state.Timeouts.Delete(ctx, defaultTimeout)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() || state.State.ValueString() != stateValid {
		return
	}
	resp.Diagnostics.Append(r.checkOwner(state)...)
	resp.Diagnostics.Append(r.Data.CheckChain(ctx, req.Private, state.ID.ValueString())...)
	deployer, err := r.Data.Signer(ctx)
	if err != nil {
		resp.Diagnostics.Append(diags.FromError(err))
	}
	if resp.Diagnostics.HasError() {
		return
	}
	bounded, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	err = deployer.RevokeCertificate(bounded, state.Owner.ValueString(), state.Serial.ValueString())
	if err != nil {
		resp.Diagnostics.Append(diags.FromError(err))
	}
}
