// SPDX-License-Identifier: Apache-2.0

package ipendpoint

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/diags"
)

// Read refreshes the holder from the chain and the address from its gateway, where that answers. A lease that ended
// stays, with its reason; only a closed or missing deployment removes the resource.
func (r *endpointResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
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
	deployer := connection.Deployer
	found, err := deployer.RefreshDeployment(ctx, id)
	var slot deploy.Slot
	if err == nil {
		slot, err = deployer.RefreshSlot(ctx, deploy.HolderGroup(id))
	}
	switch {
	case errors.Is(err, deploy.ErrGone):
		resp.State.RemoveResource(ctx)
		return
	case err != nil:
		resp.Diagnostics.Append(diags.FromError(err))
		return
	}
	r.retire(state.ID, &resp.Diagnostics)
	name, err := found.EndpointName()
	if err != nil {
		resp.Diagnostics.AddError("No IP endpoint", err.Error()+".\n\nImport it as akash_deployment and akash_lease.")
		return
	}
	if imported := state.Name.IsNull(); imported {
		r.readImported(found, &state)
	}
	state.setID(id)
	state.Name = types.StringValue(name)
	state.setEscrow(found)
	r.readLease(ctx, deployer, slot, &state, &resp.Diagnostics)
	r.readAttached(ctx, deployer, &state)
	if running, err := deployer.RefreshRunway(ctx, found); err != nil {
		resp.Diagnostics.AddWarning("Runway not counted", fmt.Sprintf(
			"What the lease of deployment %s has used could not be read: %v. funded_until is as it was.", id, err))
	} else {
		state.setRunway(running, r.Data.BlockTime)
	}
	resp.Diagnostics.Append(r.Data.KeepChain(ctx, resp.Private)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityOf(id))...)
}

// readLease fills what chain and gateway say of the holder's lease.
func (r *endpointResource) readLease(
	ctx context.Context, deployer *deploy.Deployer, slot deploy.Slot, state *model, problems *diag.Diagnostics,
) {
	if slot.Lease == nil {
		state.setNoLease()
		return
	}
	if state.LeaseID.ValueString() != slot.LeaseID().String() {
		state.Address = types.StringNull() // somebody else filled the slot: the address may be another one
	}
	state.setLease(slot.LeaseID(), slot.Lease.State.String(), slot.Price(), r.Data.BlockTime)
	if !slot.Active() {
		state.CloseReason = types.StringValue(slot.Lease.Reason.String())
		return
	}
	asking, cancel := context.WithTimeout(ctx, readTime)
	defer cancel()
	address, err := deployer.HolderAddress(asking, slot.LeaseID())
	switch {
	case err == nil && address != "":
		state.Address = types.StringValue(address)
	case state.Address.IsNull():
		why := "it shows none so far"
		if err != nil {
			why = err.Error()
		}
		problems.AddWarning("Address not known", fmt.Sprintf("Akash provider %s could not tell the address of deployment "+
			"%s: %s. The next refresh asks again.", slot.LeaseID().ProviderAddr, state.ID.ValueString(), why))
	}
}

// readAttached asks who has the ports. What nobody tells stays as it was.
func (r *endpointResource) readAttached(ctx context.Context, deployer *deploy.Deployer, state *model) {
	to, problems := attachOf(ctx, state.Attach)
	if problems.HasError() || to == (ids.GroupID{}) || state.ended() != "" || state.Address.IsNull() {
		return
	}
	asking, cancel := context.WithTimeout(ctx, readTime)
	defer cancel()
	has, known := deployer.HasEndpoint(asking, state.ProviderAddress.ValueString(), state.Address.ValueString(), to)
	if known {
		state.Attached = types.BoolValue(has)
	}
}

// readImported fills what only the configuration knows otherwise.
func (r *endpointResource) readImported(found deploy.Deployment, state *model) {
	state.OnFailure = types.StringValue(string(deploy.CloseOnFailure))
	state.DeletionProtection = types.BoolValue(false)
	state.AuctionReason = types.StringValue("imported")
	state.Deposit = depositUSD(coin.Trim(found.Balance.Add(found.Spent).QuoInt64(usdInUACT)))
	state.MaxUSDPerMonth = types.StringValue(
		market.Most(found.Specs(), market.Ceiling{}).USDPerMonth(r.Data.BlockTime))
}
