// SPDX-License-Identifier: Apache-2.0

package deployment

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/diags"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// Create opens the deployment, or adopts what an interrupted run of this configuration had opened.
func (r *deploymentResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	doc := document(plan, &resp.Diagnostics)
	sent := layOver(ctx, doc, req.Config, &resp.Diagnostics)
	r.settleTarget(ctx, &plan, doc, &resp.Diagnostics)
	limit, problems := plan.Timeouts.Create(ctx, defaultTimeout)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	specs, problems := r.specsOf(ctx, plan, doc)
	if resp.Diagnostics.Append(problems...); resp.Diagnostics.HasError() {
		return
	}
	r.Data.Applying()
	deployer, err := r.Data.Signer(ctx)
	if err != nil {
		resp.Diagnostics.Append(diags.FromError(err))
		return
	}
	bounded, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	opened, err := deployer.Open(bounded, openRequest(specs, sent.doc, plan))
	if err != nil {
		resp.Diagnostics.Append(diags.FromError(err))
		return
	}
	if opened.Adopted {
		resp.Diagnostics.Append(adoptedNote(opened))
	}
	r.finish(ctx, &plan, opened.ID, doc, sent, &resp.State, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityOf(opened.ID))...)
	resp.Diagnostics.Append(r.Data.KeepChain(ctx, resp.Private)...)
	resp.Diagnostics.Append(forgetRunway(ctx, resp.Private)...)
	if !resp.Diagnostics.HasError() {
		opened.HandedOver()
	}
}

// adoptedNote says that a deployment was taken over, and what to do should another resource have it.
func adoptedNote(opened deploy.Opened) diag.Diagnostic {
	title := "Adopted deployment " + opened.ID.String()
	if !opened.Shared {
		return diag.NewWarningDiagnostic(title, "An earlier run of this configuration created it and was interrupted "+
			"before Terraform could note it. It was taken over: nothing was paid twice.")
	}
	return diag.NewWarningDiagnostic(title, fmt.Sprintf("An earlier run of this configuration created it, handed it over "+
		"to be noted in the state, and was interrupted at that moment. It was taken over: nothing was paid twice.\n\n"+
		"Only a run that looks at every resource can tell whether the note is there. If this one was limited by -target "+
		"and another akash_deployment of this state has dseq %d as well (terraform show), the two share one deployment: "+
		"take this one out with\n terraform state rm ADDRESS\nand run terraform apply without -target, which creates one "+
		"of its own.", opened.ID.DSeq))
}

// finish writes the state of a deployment that exists. A chain that cannot be read any more must not lose the id, so
// what is not known then stays empty until the next refresh.
func (r *deploymentResource) finish(
	ctx context.Context, plan *model, id ids.DeploymentID, doc *sdl.Document, sent hashed,
	state *tfsdk.State, problems *diag.Diagnostics,
) {
	plan.setID(id)
	plan.Hash = types.StringValue(hex.EncodeToString(sent.hash))
	specs, more := r.specsOf(ctx, *plan, doc)
	problems.Append(more...)
	terms, more := r.termsOf(ctx, *plan)
	problems.Append(more...)
	planned, more := specsIn(ctx, plan.Groups)
	problems.Append(more...)
	groups, more := groupsValue(specs, shared{
		id: plan.ID, hash: plan.Hash, manifest: types.StringValue(string(doc.ManifestJSON())), ceiling: plan.PriceCeiling,
		notice: noticeIn(planned, doc), secrets: sent.names,
	})
	problems.Append(more...)
	plan.Groups = groups
	if plan.DeletionProtection.IsUnknown() {
		plan.DeletionProtection = protectionOf(specs)
	}
	plan.LabelsAll = r.Data.LabelsAll(plan.Labels)
	plan.MaxUSDPerMonth = types.StringValue(market.Most(specs, terms.ceiling).USDPerMonth(r.Data.BlockTime))
	if !plan.Escrow.IsUnknown() {
		problems.Append(state.Set(ctx, plan)...)
		return
	}
	plan.Escrow = types.ObjectNull(escrowTypes)
	connection, err := r.Data.Connect(ctx)
	if err == nil {
		reading, cancel := context.WithTimeout(context.WithoutCancel(ctx), readTime)
		defer cancel()
		var found deploy.Deployment
		if found, err = connection.Deployer.ReadDeployment(reading, id); err == nil {
			plan.setEscrow(found)
			err = plan.fillRunway(reading, connection.Deployer, found)
		}
	}
	plan.emptyRunway()
	if err != nil {
		problems.AddWarning("Escrow not read", fmt.Sprintf(
			"Deployment %s exists, its escrow could not be read: %v. The next refresh fills it in.", id, err))
	}
	problems.Append(state.Set(ctx, plan)...)
}

// readTime bounds the last look at the chain before an answer.
const readTime = 5 * time.Second

// Read refreshes hash and escrow; it removes the deployment from state only when the chain says it is gone.
func (r *deploymentResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	id, err := ids.ParseDeploymentID(state.ID.ValueString())
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
	found, err := connection.Deployer.RefreshDeployment(ctx, id)
	if errors.Is(err, deploy.ErrGone) {
		warnOverdrawn(ctx, connection.Deployer, id, &resp.Diagnostics)
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(diags.FromError(err))
		return
	}
	r.retire(state.ID, &resp.Diagnostics)
	resp.Diagnostics.Append(r.Data.KeepChain(ctx, resp.Private)...)
	if imported := state.Groups.IsNull(); imported {
		r.readImported(ctx, connection.Deployer, found, &state, &resp.Diagnostics)
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, importedKey, []byte("true"))...)
	}
	state.setID(id)
	state.fillProtection(ctx)
	state.setEscrow(found)
	if running, err := connection.Deployer.RefreshRunway(ctx, found); err != nil {
		resp.Diagnostics.AddWarning("Runway not counted", fmt.Sprintf(
			"What the leases of deployment %s have used could not be read: %v. funded_until is as it was.", id, err))
	} else {
		state.setRunway(running, r.Data.BlockTime)
		resp.Diagnostics.Append(keepRunway(ctx, resp.Private, running)...)
	}
	state.Hash = types.StringValue(hex.EncodeToString(found.Hash))
	resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityOf(id))...)
}

// Update puts the new hash on chain and deposits what is missing; either may be nothing.
func (r *deploymentResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	doc := document(plan, &resp.Diagnostics)
	sent := layOver(ctx, doc, req.Config, &resp.Diagnostics).asPlanned(plan.Hash)
	id, err := ids.ParseDeploymentID(state.ID.ValueString())
	if err != nil {
		resp.Diagnostics.AddError("Invalid id in state", err.Error())
	}
	limit, problems := plan.Timeouts.Update(ctx, defaultTimeout)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.Data.Applying()
	bounded, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if err := r.change(bounded, id, sent.hash, &plan, state); err != nil {
		resp.Diagnostics.Append(diags.FromError(err))
		return
	}
	r.finish(ctx, &plan, id, doc, sent, &resp.State, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityOf(id))...)
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, importedKey, nil)...)
}

// change sends the transactions of an update, money first: each is skipped when the chain needs nothing.
func (r *deploymentResource) change(
	ctx context.Context, id ids.DeploymentID, hash []byte, plan *model, state model,
) error {
	target, before := plan.targetUACT(), state.targetUACT()
	raises := !target.IsNil() && (before.IsNil() || before.LT(target))
	if !raises && hex.EncodeToString(hash) == state.Hash.ValueString() {
		return nil
	}
	deployer, err := r.Data.Signer(ctx)
	if err != nil {
		return err
	}
	if raises {
		coins := sdk.NewCoin(coin.UACT, target)
		if err := deployer.DepositUpTo(ctx, id, coins, sourcesOf(plan.DepositSources)...); err != nil {
			return err
		}
	}
	return deployer.UpdateHash(ctx, id, hash)
}

// Delete closes the deployment; the chain refunds what is left in the same transaction.
func (r *deploymentResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	id, err := ids.ParseDeploymentID(state.ID.ValueString())
	if err != nil {
		resp.Diagnostics.AddError("Invalid id in state", err.Error())
	}
	limit, problems := state.Timeouts.Delete(ctx, defaultTimeout)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.Data.Applying()
	r.checkOwner(state, &resp.Diagnostics)
	state.checkDestroy(ctx, &resp.Diagnostics)
	resp.Diagnostics.Append(r.Data.CheckChain(ctx, req.Private, id.String())...)
	deployer, err := r.Data.Signer(ctx)
	if err != nil {
		resp.Diagnostics.Append(diags.FromError(err))
	}
	if resp.Diagnostics.HasError() {
		return
	}
	bounded, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if err := deployer.CloseDeployment(bounded, id); err != nil {
		resp.Diagnostics.Append(diags.FromError(err))
	}
}

// document is the plan's SDL with env laid over it.
func document(plan model, problems *diag.Diagnostics) *sdl.Document {
	doc, found := sdl.Parse([]byte(plan.SDL.ValueString()))
	if doc == nil {
		problems.Append(diags.SDL(path.Root("sdl"), found)...)
		return nil
	}
	env, _ := envOf(plan.Env)
	laid, found := doc.WithEnv(env)
	if laid == nil {
		problems.Append(diags.SDL(path.Empty(), found)...)
	}
	return laid
}

// openRequest is the deployment a document asks for, with its groups as the chain is to have them.
func openRequest(specs []deploymentv1beta4.GroupSpec, doc *sdl.Document, plan model) deploy.OpenRequest {
	request := deploy.OpenRequest{
		Groups: specs, Hash: doc.Hash(), Deposit: sdk.NewCoin(coin.UACT, plan.targetUACT()),
		Sources: sourcesOf(plan.DepositSources), AtLeastMinimum: !plan.depositRunway().IsNull(),
	}
	if window, ok := doc.ReclamationMinWindow(); ok {
		request.ReclamationMinWindow = &window
	}
	return request
}

func identityOf(id ids.DeploymentID) identityModel {
	var m model
	m.setID(id)
	return identityModel{Owner: m.Owner, DSeq: m.DSeq}
}
