// SPDX-License-Identifier: Apache-2.0

package gpuprofile

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/diags"
)

// Create asks the market, or not.
func (r *profileResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan profileModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	limit, problems := plan.Timeouts.Create(ctx, defaultTimeout)
	resp.Diagnostics.Append(problems...)
	r.apply(ctx, &plan, nil, limit, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.ID = plan.ProbeID
	if plan.ID.IsNull() {
		plan.ID = types.StringValue(unprobed + strings.ToLower(rand.Text()))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityModel{ID: plan.ID})...)
	resp.Diagnostics.Append(r.Data.KeepChain(ctx, resp.Private)...)
}

// Update asks the market where the plan says so; else it chooses among the offers in state.
func (r *profileResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state profileModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(r.Data.CheckChain(ctx, req.Private, state.ID.ValueString())...)
	limit, problems := plan.Timeouts.Update(ctx, defaultTimeout)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.apply(ctx, &plan, &state, limit, &resp.Diagnostics)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	}
}

// apply does what [profileResource.plan] planned, which it asks once more now that everything is known.
func (r *profileResource) apply(
	ctx context.Context, plan, state *profileModel, limit time.Duration, problems *diag.Diagnostics,
) {
	request := r.plan(ctx, plan, state, problems)
	if problems.HasError() || request == nil {
		return
	}
	deployer, err := r.Data.Signer(ctx)
	if err != nil {
		problems.Append(diags.FromError(err))
		return
	}
	bounded, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	probe, err := deployer.Probe(bounded, *request)
	if err != nil {
		problems.Append(diags.FromError(err))
		return
	}
	t, _ := r.terms()
	p, _, more := plan.profile(ctx, t)
	problems.Append(more...)
	if problems.HasError() {
		return
	}
	j := p.judge(probe.Offers)
	if j.chosen < 0 {
		problems.Append(diags.FromError(nothingOffered(probe, j, state)))
		return
	}
	plan.putProbe(probe)
	problems.Append(plan.put(ctx, j)...)
}

// nothingOffered says for each variant why it cannot be had.
func nothingOffered(probe deploy.Probe, j judgement, state *profileModel) error {
	title := "No GPU is offered"
	next := "Add variants, or relax units, vram, interface, cpu, memory, storage, attributes or auditors, then run " +
		"terraform apply again. data.akash_gpu_prices tells what the network offers."
	for _, r := range j.results {
		if r.Offers > 0 {
			title = "No GPU is offered under the ceiling"
			next = "Raise ceiling_usd_per_hour or price_ceiling of the provider block, or add variants, then run " +
				"terraform apply again."
		}
	}
	exists := fmt.Sprintf("Probe %s is closed and its deposit refunded; two transaction fees were spent.", probe.ID)
	if state != nil {
		exists += " The profile in state is as it was."
	}
	return &deploy.Failure{
		Title: title, Doing: fmt.Sprintf("Asking for %d variants at block %d", len(j.variants), probe.Height),
		Cause: errors.New(j.table()), Exists: exists, Next: next,
	}
}

func (m *profileModel) putProbe(probe deploy.Probe) {
	m.ProbeID, m.ProbedHeight = types.StringValue(probe.ID.String()), types.Int64Value(probe.Height)
	m.ProbedAt, m.Stale = types.StringNull(), types.StringNull()
	if !probe.Time.IsZero() {
		m.ProbedAt = types.StringValue(probe.Time.UTC().Format(time.RFC3339))
	}
}

// Read looks whether there is something to say about the offers; it changes nothing else, as nothing of a profile is on
// chain. A network that does not answer leaves everything as it is.
func (r *profileResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state profileModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(r.Data.CheckChain(ctx, req.Private, state.ID.ValueString())...)
	if resp.Diagnostics.HasError() {
		return
	}
	if state.Probe.IsNull() {
		r.readImported(ctx, &state, &resp.Diagnostics)
		if resp.Diagnostics.HasError() {
			return
		}
		resp.Diagnostics.Append(r.Data.KeepChain(ctx, resp.Private)...)
	} else {
		r.readStale(ctx, &state)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityModel{ID: state.ID})...)
}

// Delete forgets the profile: its probes are closed already.
func (r *profileResource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}
