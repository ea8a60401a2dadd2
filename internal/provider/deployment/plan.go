// SPDX-License-Identifier: Apache-2.0

package deployment

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/diags"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/secrets"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// ValidateConfig reports every problem of the SDL, with its place.
func (r *deploymentResource) ValidateConfig(
	ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse,
) {
	var config model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() || config.SDL.IsUnknown() || config.SDL.IsNull() {
		return
	}
	doc, problems := sdl.Parse([]byte(config.SDL.ValueString()))
	resp.Diagnostics.Append(diags.SDL(path.Root("sdl"), problems)...)
	if doc == nil {
		return
	}
	checkDenom(doc, config.SDL.ValueString(), &resp.Diagnostics)
	env, _ := envOf(config.Env)
	_, problems = doc.WithEnv(env)
	// Without a path: with one, the CLI quotes the line of the configuration, value and all.
	resp.Diagnostics.Append(diags.SDL(path.Empty(), problems)...)
	resp.Diagnostics.Append(checkSecrets(ctx, doc, req.Config)...)
	_, _, more := depositOf(ctx, config.Deposit)
	resp.Diagnostics.Append(more...)
	checkRunway(ctx, config, &resp.Diagnostics)
}

// ModifyPlan derives groups, manifest and hash from the SDL, decides between update and replacement, and keeps prior
// values where nothing on chain would change. It sets values only from configuration and state; what the chain says
// now enters as diagnostics.
func (r *deploymentResource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	var state *model
	if !req.State.Raw.IsNull() {
		state = &model{}
		resp.Diagnostics.Append(req.State.Get(ctx, state)...)
		if r.Data != nil {
			resp.Diagnostics.Append(r.Data.CheckChain(ctx, req.Private, state.ID.ValueString())...)
		}
		if !resp.Diagnostics.HasError() {
			r.retire(state.ID, &resp.Diagnostics)
		}
	}
	if req.Plan.Raw.IsNull() && state != nil {
		state.checkDestroy(ctx, &resp.Diagnostics)
	}
	if req.Plan.Raw.IsNull() || resp.Diagnostics.HasError() {
		return
	}
	var plan, config model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if state != nil && state.unread(&resp.Diagnostics) {
		return
	}
	kept, problems := keptRunway(ctx, req.Private)
	resp.Diagnostics.Append(problems...)
	terms, problems := r.termsOf(ctx, plan)
	resp.Diagnostics.Append(problems...)
	over, problems := secrets.Read(ctx, req.Config)
	resp.Diagnostics.Append(problems...)
	p := planner{
		plan: &plan, state: state, resp: resp, deposits: !config.Deposit.IsNull(), runway: kept, terms: terms,
		secrets: over,
	}
	p.run(ctx)
	p.tellImported(ctx, req.Private)
	p.planProtection(config.DeletionProtection)
	plan.LabelsAll = r.Data.LabelsAll(plan.Labels)
	p.checkProtection(ctx, req.Private)
	p.checkForced(ctx, req.Private)
	if resp.Diagnostics.HasError() {
		return
	}
	if p.creates && state != nil {
		r.expectRefund(*state)
	}
	if r.Data != nil {
		r.Data.NoteGroups(plan.Groups)
	}
	totals := r.count(ctx, p, req.Private)
	if p.creates && p.laid != nil {
		r.checkCreate(ctx, p, totals, &resp.Diagnostics)
	} else if state != nil {
		r.checkOwner(*state, &resp.Diagnostics)
		r.checkTopUp(ctx, p, totals, &resp.Diagnostics)
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
}

// planner works out one plan.
type planner struct {
	plan  *model
	state *model
	resp  *resource.ModifyPlanResponse
	// deposits is true when the configuration says something about the deposit, known or not.
	deposits bool
	// runway is what the last refresh counted.
	runway deploy.Runway
	terms  terms
	// secrets are laid over the manifest when it is hashed.
	secrets secrets.Config
	// creates is true when apply would create a deployment.
	creates bool
	// laid is the SDL with env over it; nil while the SDL is unknown.
	laid *sdl.Document
	// specs are the groups as the chain will have them, or has them.
	specs []deploymentv1beta4.GroupSpec
}

func (p *planner) run(ctx context.Context) {
	p.creates = p.state == nil
	if p.plan.SDL.IsUnknown() {
		p.unknown()
		return
	}
	doc, problems := sdl.Parse([]byte(p.plan.SDL.ValueString()))
	if doc == nil {
		p.resp.Diagnostics.Append(diags.SDL(path.Root("sdl"), problems)...)
		return
	}
	env, complete := envOf(p.plan.Env)
	laid, problems := doc.WithEnv(env)
	if laid == nil {
		p.resp.Diagnostics.Append(diags.SDL(path.Empty(), problems)...)
		return
	}
	if p.resp.Diagnostics.Append(p.secrets.On(laid)...); p.resp.Diagnostics.HasError() {
		return
	}
	p.laid = laid
	if p.state != nil && p.replaces(ctx, laid) {
		p.creates = true
	}
	if p.creates {
		p.create(ctx, laid, complete)
		return
	}
	p.update(ctx, doc, laid, complete)
}

// unknown plans for an SDL that is not known yet.
func (p *planner) unknown() {
	p.plan.Hash, p.plan.Groups = types.StringUnknown(), types.MapUnknown(groupType)
	p.plan.Escrow, p.plan.DepositTarget = types.ObjectUnknown(escrowTypes), types.StringUnknown()
	p.plan.FundedUntil, p.plan.BelowMinRunway = types.StringUnknown(), types.BoolUnknown()
	p.plan.MaxUSDPerMonth = types.StringUnknown()
	p.fillDeposit()
}

// create plans a new deployment: everything but its id and escrow is known.
func (p *planner) create(ctx context.Context, doc *sdl.Document, complete bool) {
	p.plan.ID, p.plan.Owner, p.plan.DSeq = types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
	p.plan.Escrow = types.ObjectUnknown(escrowTypes)
	p.specs = fixed(doc, nil, p.terms.ceiling)
	p.planNewDeposit(ctx, p.planMost())
	p.setManifest(ctx, doc, types.StringUnknown(), complete)
}

// update plans a change in place: computed values keep their state unless a transaction will move them.
func (p *planner) update(ctx context.Context, doc, laid *sdl.Document, complete bool) {
	p.plan.ID, p.plan.Owner, p.plan.DSeq = p.state.ID, p.state.Owner, p.state.DSeq
	onChain, problems := specsIn(ctx, p.state.Groups)
	p.resp.Diagnostics.Append(problems...)
	p.specs = fixed(laid, onChain, p.terms.ceiling)
	p.setManifest(ctx, laid, p.state.ID, complete)
	if !p.state.SDL.IsNull() && sameText(doc, p.state.SDL.ValueString()) {
		p.plan.SDL = p.state.SDL
	}
	deposits := p.planDeposit(ctx, p.planMost())
	p.plan.Escrow = p.state.Escrow
	if deposits || !p.plan.Hash.Equal(p.state.Hash) {
		p.plan.Escrow = types.ObjectUnknown(escrowTypes)
	}
}

// setManifest plans hash and groups.
func (p *planner) setManifest(ctx context.Context, doc *sdl.Document, id types.String, complete bool) {
	p.plan.Hash = types.StringUnknown()
	if complete {
		p.plan.Hash = p.hashOf(ctx, doc)
	}
	made := shared{
		id: id, hash: types.StringUnknown(), manifest: types.StringUnknown(), ceiling: p.plan.PriceCeiling,
		secrets: p.secrets.NamesValue(),
	}
	if complete {
		made.hash, made.manifest = p.plan.Hash, types.StringValue(string(doc.ManifestJSON()))
	}
	made.open, made.notice = p.creates && p.terms.open, p.notice(ctx, doc)
	groups, problems := groupsValue(p.specs, made)
	p.resp.Diagnostics.Append(problems...)
	p.plan.Groups = groups
}

// replaces reports whether a group differs from the one on chain, and asks for the replacement.
func (p *planner) replaces(ctx context.Context, doc *sdl.Document) bool {
	onChain, problems := specsIn(ctx, p.state.Groups)
	p.resp.Diagnostics.Append(problems...)
	if onChain == nil {
		return false
	}
	before, _ := sdl.Parse([]byte(p.state.SDL.ValueString()))
	changed := map[string]bool{}
	for i, spec := range doc.Groups() {
		prior, there := onChain[spec.Name]
		if !there || prior.GSeq.ValueInt64() != int64(i)+1 ||
			!unchanged(prior.Spec.ValueString(), spec, before, p.terms.ceiling) {
			changed[spec.Name] = true
		}
		delete(onChain, spec.Name)
	}
	for name := range onChain {
		changed[name] = true
	}
	what := "group " + strings.Join(slices.Sorted(maps.Keys(changed)), ", ")
	if len(changed) == 0 {
		if !p.reclamationChanges(doc) {
			return false
		}
		what = "reclamation window"
	}
	p.resp.RequiresReplace = append(p.resp.RequiresReplace, path.Root("sdl"))
	p.checkDataLoss(keeps(ctx, p.state.Groups), what+" changes")
	p.resp.Diagnostics.AddAttributeWarning(path.Root("sdl"), "Replacement: "+what+" changes",
		"Resources, prices, replicas, endpoint kinds and placement are fixed on chain when a deployment is created, so "+
			"Terraform closes this one and opens another. What its escrow still holds is refunded; persistent storage and "+
			"addresses of its leases are lost.")
	return true
}

// sameText reports whether the prior SDL says the same as the new one, whatever its formatting. Reclamation was
// compared before; groups as well, but for prices that a ceiling makes the same.
func sameText(doc *sdl.Document, prior string) bool {
	old, _ := sdl.Parse([]byte(prior))
	if old == nil || !bytes.Equal(old.ManifestJSON(), doc.ManifestJSON()) {
		return false
	}
	return slices.EqualFunc(old.Groups(), doc.Groups(), func(a, b deploymentv1beta4.GroupSpec) bool {
		was, err := sdl.GroupText(a)
		is, more := sdl.GroupText(b)
		return err == nil && more == nil && was == is
	})
}

// retire forgets the intent of a deployment that state holds.
func (r *deploymentResource) retire(id types.String, problems *diag.Diagnostics) {
	parsed, err := ids.ParseDeploymentID(id.ValueString())
	if r.Data == nil || r.Data.Journal == nil || r.Data.ChainID == "" || err != nil {
		return
	}
	if err := r.Data.Journal.Retire(r.Data.ChainID, parsed); err != nil {
		problems.AddWarning("Journal entry not removed", err.Error())
	}
}

// checkOwner refuses to touch another account's deployment.
func (r *deploymentResource) checkOwner(state model, problems *diag.Diagnostics) {
	if r.Data != nil {
		problems.Append(r.Data.CheckOwner("Deployment", state.Owner.ValueString(), "Deployment "+state.ID.ValueString())...)
	}
}

// expectRefund notes what closing a deployment that is to be replaced returns.
func (r *deploymentResource) expectRefund(state model) {
	if r.Data == nil {
		return
	}
	balance, ok := state.Escrow.Attributes()["balance_uact"].(types.String)
	if !ok {
		return
	}
	if uact, err := coin.ParseDecimal(balance.ValueString()); err == nil {
		r.Data.ExpectRefund(state.ID.ValueString(), uact)
	}
}

// checkCreate says at plan what an apply would find: a deployment to take over, or funds that do not suffice.
func (r *deploymentResource) checkCreate(
	ctx context.Context, p planner, totals providerdata.Totals, problems *diag.Diagnostics,
) {
	plan := *p.plan
	target := plan.targetUACT()
	if r.Data == nil || r.Data.Owner == "" || r.Data.ChainID == "" || target.IsNil() {
		return
	}
	if problems.Append(r.Data.CheckGrants(ctx, deploy.DeploymentNeeds())...); problems.HasError() {
		return
	}
	connection, err := r.Data.Connect(ctx)
	if err != nil {
		problems.Append(diags.FromError(err))
		return
	}
	request := openRequest(p.specs, p.laid, plan)
	unfinished, err := connection.Deployer.Unfinished(request)
	if err != nil {
		problems.AddWarning("Journal cannot be read", err.Error())
	}
	if unfinished != (ids.DeploymentID{}) {
		problems.AddWarning("Deployment "+unfinished.String()+" will be continued",
			"An interrupted run of this configuration "+
				"began to create it. Apply looks it up first: if it exists, it is taken over and nothing is paid twice.")
		return // its deposit may be paid already
	}
	r.expectGrants(ctx, connection.Deployer, plan, target, problems)
	need := deploy.Need{New: &request, FromGrant: deploy.FromGrant(request.Sources)}
	r.checkFunds(ctx, connection.Deployer, need, totals, problems)
}
