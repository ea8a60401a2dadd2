// SPDX-License-Identifier: Apache-2.0

package ipendpoint

import (
	"context"
	"fmt"
	"time"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/diags"
)

// Create opens and leases a holder, or continues with what an interrupted run of this configuration left.
func (r *endpointResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan, config model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	limit, problems := plan.Timeouts.Create(ctx, defaultRunTimeout)
	resp.Diagnostics.Append(problems...)
	request := r.requestOf(ctx, plan, config.Name, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
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
	holder, err := deployer.OpenIPHolder(bounded, request)
	if err != nil {
		resp.Diagnostics.Append(diags.FromError(err))
		return // no state: what was kept is found again by the next create
	}
	if holder.Adopted {
		resp.Diagnostics.AddWarning("Adopted IP endpoint "+holder.ID.String(), "An earlier run of this configuration "+
			"created it and was interrupted before it was certain that Terraform had noted it. It was taken over: nothing "+
			"was paid twice. Should another akash_ip_endpoint of this state have the same id (terraform show), take this "+
			"one out with\n terraform state rm ADDRESS\nand run terraform apply again.")
	}
	plan.setID(holder.ID)
	plan.Name = types.StringValue(holder.Name)
	if plan.MaxUSDPerMonth.IsUnknown() {
		plan.MaxUSDPerMonth = types.StringValue(request.Most.USDPerMonth(r.Data.BlockTime))
	}
	r.filled(ctx, deployer, &plan, holder, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityOf(holder.ID))...)
	resp.Diagnostics.Append(r.Data.KeepChain(ctx, resp.Private)...)
	if !resp.Diagnostics.HasError() {
		holder.HandedOver()
	}
}

// requestOf is what a plan asks for.
func (r *endpointResource) requestOf(
	ctx context.Context, plan model, name types.String, problems *diag.Diagnostics,
) deploy.IPHolderRequest {
	bids, _, more := r.policyOf(ctx, plan)
	problems.Append(more...)
	deposit, more := depositOf(ctx, plan.Deposit)
	problems.Append(more...)
	to, more := attachOf(ctx, plan.Attach)
	problems.Append(more...)
	if problems.HasError() {
		return deploy.IPHolderRequest{}
	}
	return deploy.IPHolderRequest{
		Name: name.ValueString(), Deposit: sdk.NewCoin(coin.UACT, deposit), Most: r.most(bids.Market.Ceiling),
		Policy: bids.Market, BidWindow: bids.Window, MinBids: bids.MinBids,
		OnFailure: deploy.OnFailure(plan.OnFailure.ValueString()), Attach: to,
	}
}

// filled fills in what a new lease brought.
func (r *endpointResource) filled(
	ctx context.Context, deployer *deploy.Deployer, plan *model, holder deploy.IPHolder, problems *diag.Diagnostics,
) {
	plan.Address = types.StringValue(holder.Address)
	plan.setAttached(holder.Attached)
	plan.setLease(holder.Lease.ID, holder.Lease.State, holder.Lease.Price, r.Data.BlockTime)
	r.readMoney(ctx, deployer, plan, holder.ID, problems)
}

// readTime bounds the last look at chain or gateway before an answer.
const readTime = 5 * time.Second

// readMoney fills escrow and funded_until where the plan left them open. A chain that cannot be read any more must not
// lose the id, so they stay empty then until the next refresh.
func (r *endpointResource) readMoney(
	ctx context.Context, deployer *deploy.Deployer, plan *model, id ids.DeploymentID, problems *diag.Diagnostics,
) {
	if !plan.Escrow.IsUnknown() && !plan.FundedUntil.IsUnknown() {
		return
	}
	plan.Escrow, plan.FundedUntil = types.ObjectNull(escrowTypes), types.StringNull()
	reading, cancel := context.WithTimeout(context.WithoutCancel(ctx), readTime)
	defer cancel()
	found, err := deployer.ReadDeployment(reading, id)
	if err == nil {
		plan.setEscrow(found)
		var running deploy.Runway
		if running, err = deployer.ReadRunway(reading, found); err == nil {
			plan.setRunway(running, r.Data.BlockTime)
		}
	}
	if err != nil {
		problems.AddWarning("Escrow not read", fmt.Sprintf(
			"Deployment %s exists, its escrow could not be read: %v. The next refresh fills it in.", id, err))
	}
}

// Update deposits what is missing, leases again where the plan says so, and moves ports to another group.
func (r *endpointResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	limit, problems := plan.Timeouts.Update(ctx, defaultRunTimeout)
	resp.Diagnostics.Append(problems...)
	id, err := ids.ParseDeploymentID(state.ID.ValueString())
	if err != nil {
		resp.Diagnostics.AddError("Invalid id in state", err.Error())
	}
	request := r.requestOf(ctx, plan, types.StringNull(), &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	r.Data.Applying()
	bounded, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	r.change(bounded, id, request, &plan, state, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return // state stays as it was; the next refresh says what is true
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityOf(id))...)
}

// change does what an update needs; it may be nothing.
func (r *endpointResource) change(
	ctx context.Context, id ids.DeploymentID, request deploy.IPHolderRequest, plan *model, state model,
	problems *diag.Diagnostics,
) {
	before, _ := depositOf(ctx, state.Deposit)
	raises := before.IsNil() || before.LT(request.Deposit.Amount)
	leases := plan.LeaseID.IsUnknown()
	moves := plan.Attached.IsUnknown() && !plan.Attach.IsNull()
	if !raises && !leases && !moves {
		return
	}
	deployer, err := r.Data.Signer(ctx)
	if err == nil && raises {
		err = deployer.DepositUpTo(ctx, id, request.Deposit)
	}
	holder := deploy.IPHolder{Name: state.Name.ValueString(), Address: state.Address.ValueString()}
	switch {
	case err != nil:
	case leases:
		holder, err = deployer.RepairIPHolder(ctx, id, state.ProviderAddress.ValueString(), request)
	default:
		holder.Lease.ID, err = ids.ParseLeaseID(state.LeaseID.ValueString())
		r.readMoney(ctx, deployer, plan, id, problems)
	}
	if err == nil && moves {
		holder.Attached, err = deployer.MoveEndpoint(ctx, holder.Lease.ID, holder.Name, holder.Address, request.Attach)
		plan.setAttached(holder.Attached)
	}
	switch {
	case err != nil:
		problems.Append(diags.FromError(err))
	case leases:
		r.filled(ctx, deployer, plan, holder, problems)
	}
}

// Delete closes the holder; the chain refunds what is left in the same transaction.
func (r *endpointResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	id, err := ids.ParseDeploymentID(state.ID.ValueString())
	if err != nil {
		resp.Diagnostics.AddError("Invalid id in state", err.Error())
	}
	limit, problems := state.Timeouts.Delete(ctx, defaultDeleteTimeout)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(state.protect("destroyed")...)
	resp.Diagnostics.Append(r.checkOwner(state)...)
	resp.Diagnostics.Append(r.Data.CheckChain(ctx, req.Private, id.String())...)
	if resp.Diagnostics.HasError() {
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
	if err := deployer.CloseDeployment(bounded, id); err != nil {
		resp.Diagnostics.Append(diags.FromError(err))
	}
}
