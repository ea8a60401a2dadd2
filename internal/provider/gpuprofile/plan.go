// SPDX-License-Identifier: Apache-2.0

package gpuprofile

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/diags"
)

// unprobed begins the id of a profile that began without a probe.
const unprobed = "unprobed-"

// ValidateConfig refuses variants that ask for nothing, as far as they are known.
func (r *profileResource) ValidateConfig(
	ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse,
) {
	var config profileModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	config.fillDefaults()
	_, _, problems := config.profile(ctx, terms{blockTime: coin.DefaultBlockTime})
	resp.Diagnostics.Append(problems...)
}

// fillDefaults is for a configuration, in which defaults are null still.
func (m *profileModel) fillDefaults() {
	for _, d := range []struct {
		into  *types.String
		value string
	}{
		{&m.CPU, defaultCPU},
		{&m.Memory, defaultSize},
		{&m.Storage, defaultSize},
		{&m.Probe, probeAuto},
		{&m.BidWindow, defaultWindow},
		{&m.Vendor, vendorNVIDIA},
	} {
		if d.into.IsNull() {
			*d.into = types.StringValue(d.value)
		}
	}
	if m.Units.IsNull() {
		m.Units = types.Int64Value(1)
	}
}

// terms reads the provider block; open is true while it holds values that only apply knows.
func (r *profileResource) terms() (t terms, open bool) {
	if r.Data == nil {
		return terms{blockTime: coin.DefaultBlockTime}, true
	}
	return terms{ceiling: r.Data.Ceiling, blockTime: r.Data.BlockTime}, r.Data.CeilingUnknown
}

// ModifyPlan decides from configuration and state alone whether the market is asked again. Where it is not, what is
// chosen follows from the offers in state and is known.
func (r *profileResource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	if req.Plan.Raw.IsNull() {
		return
	}
	var plan profileModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	var state *profileModel
	if !req.State.Raw.IsNull() {
		state = &profileModel{}
		resp.Diagnostics.Append(req.State.Get(ctx, state)...)
		if r.Data != nil {
			resp.Diagnostics.Append(r.Data.CheckChain(ctx, req.Private, state.ID.ValueString())...)
		}
	}
	if resp.Diagnostics.HasError() {
		return
	}
	probes := r.plan(ctx, &plan, state, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if probes != nil {
		r.checkProbe(ctx, *probes, &resp.Diagnostics)
	}
	if probes == nil && !plan.Stale.IsNull() && !plan.Stale.IsUnknown() {
		resp.Diagnostics.AddWarning("GPU profile "+plan.ID.ValueString()+" may be stale", plan.Stale.ValueString()+"\n\n"+
			"The chosen variant is kept. To ask the market again, change refresh_triggers.")
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
}

// plan works the plan out and returns the probe that apply would send; nil for none, or for one not known yet.
func (r *profileResource) plan(
	ctx context.Context, plan, state *profileModel, problems *diag.Diagnostics,
) *deploy.ProbeRequest {
	plan.ID = types.StringUnknown()
	if state != nil {
		plan.ID = state.ID
	}
	t, open := r.terms()
	p, known, more := plan.profile(ctx, t)
	problems.Append(more...)
	plan.setUnknown()
	if !known || problems.HasError() {
		return nil
	}
	p.warnUnlisted(problems)
	request, more := plan.request(ctx, p)
	problems.Append(more...)
	if problems.HasError() {
		return nil
	}
	if p.never {
		plan.setNoProbe()
		if !open {
			problems.Append(plan.put(ctx, p.unasked())...)
		}
		return nil
	}
	if state != nil && state.answers(ctx, *plan, p, t) {
		plan.setProbe(*state)
		if open {
			plan.keep(*state) // whatever the provider block will say; the next plan sees
			return nil
		}
		offers, more := state.known(ctx, p)
		problems.Append(more...)
		if j := p.judge(offers); j.chosen >= 0 {
			problems.Append(plan.put(ctx, j)...)
			return nil
		}
		plan.setUnknown() // nothing that was offered will do any more
	}
	if len(p.variants) == 1 && !open {
		plan.putGPU(p.variants[0]) // the only one there is, or apply fails
	}
	return &request
}

// keep takes over what was chosen.
func (m *profileModel) keep(from profileModel) {
	m.SDL, m.GPU, m.PriceCeiling = from.SDL, from.GPU, from.PriceCeiling
	m.Chosen, m.Results, m.Offers = from.Chosen, from.Results, from.Offers
}

// answers reports whether the offers in state are answers to what the plan asks: there was a probe, nobody wants
// another one, and every variant was asked with the same shape.
func (m *profileModel) answers(ctx context.Context, plan profileModel, p profile, t terms) bool {
	if m.ProbeID.IsNull() || !m.RefreshTriggers.Equal(plan.RefreshTriggers) {
		return false
	}
	prior, known, problems := m.profile(ctx, t)
	if !known || problems.HasError() {
		return false
	}
	before, problems := m.asked(ctx, prior)
	if problems.HasError() {
		return false
	}
	now, problems := plan.asked(ctx, p)
	if problems.HasError() {
		return false
	}
	for name, asked := range now {
		if before[name] != asked {
			return false
		}
	}
	return true
}

// checkProbe says before apply what would keep the probe from being sent.
func (r *profileResource) checkProbe(ctx context.Context, request deploy.ProbeRequest, problems *diag.Diagnostics) {
	if r.Data == nil || r.Data.Owner == "" || r.Data.ChainID == "" {
		return
	}
	problems.Append(r.Data.CheckGrants(ctx, deploy.ProbeNeeds())...)
	connection, err := r.Data.Connect(ctx)
	if err != nil {
		problems.AddAttributeWarning(path.Root("probe"), "Probe could not be checked", fmt.Sprintf("Whether account %s "+
			"can pay the probe's deposit was not found out: %v\n\nApply checks it before it sends anything.",
			r.Data.Owner, err))
		return
	}
	note, err := connection.Deployer.CheckFunds(ctx, deploy.ProbeNeed(request))
	if err != nil {
		problems.Append(diags.FromErrorAt(path.Root("probe"), err))
	}
	if note != "" {
		problems.AddAttributeWarning(path.Root("probe"), "Apply mints ACT", note)
	}
}
