// SPDX-License-Identifier: Apache-2.0

package lease

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/action/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/diags"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
)

var _ action.ActionWithModifyPlan = (*rebidAction)(nil)

// rebidTimeout covers a transaction on mainnet several times over.
const rebidTimeout = 5 * time.Minute

// rebidAction only ends the lease: who may take the next one is in the policy of the akash_lease, which holds the
// auction. A copy of that policy here could say something else.
type rebidAction struct {
	providerdata.ForAction
}

type rebidModel struct {
	LeaseID       types.String   `tfsdk:"lease_id"`
	AllowDataLoss types.Bool     `tfsdk:"allow_data_loss"`
	Timeouts      timeouts.Value `tfsdk:"timeouts"`
}

// NewRebidAction returns the action akash_rebid.
func NewRebidAction() action.Action { return &rebidAction{} }

// Metadata names the action.
func (a *rebidAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_rebid"
}

// Schema describes the action.
func (a *rebidAction) Schema(ctx context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Ends a lease so that its group is auctioned again: one transaction, in which the chain opens " +
			"the new order. Run `terraform apply` right after it: the plan of the `akash_lease` shows the update that holds " +
			"the auction under its own policy and ceilings. Until then the workload stands still and nothing is spent for " +
			"it. Nothing happens when the lease has ended already.\n\n`akash_lease.rebid_triggers` does both in one apply, " +
			"and tells the forecast first; prefer it.",
		Attributes: map[string]schema.Attribute{
			"lease_id": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "The lease to end, `owner/dseq/gseq/oseq/akash-provider`, e.g. " +
					"`akash_lease.web.lease_id`.",
			},
			"allow_data_loss": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether a lease with persistent storage may be ended, whose data goes with it. Default " +
					"`false`: such a lease is refused.",
			},
			"timeouts": timeouts.AttributesWithOpts(ctx, timeouts.Opts{
				InvokeDescription: "How long the transaction may take, such as `2m`. Default `5m`.",
			}),
		},
	}
}

// lease reads the lease: the zero value while it is unknown.
func (a *rebidAction) lease(m rebidModel) (id ids.LeaseID, problems diag.Diagnostics) {
	if m.LeaseID.IsUnknown() {
		return id, nil
	}
	id, err := ids.ParseLeaseID(m.LeaseID.ValueString())
	if err != nil {
		problems.AddAttributeError(path.Root("lease_id"), "Invalid lease id", fmt.Sprintf(
			"%v\n\nUse the lease_id of an akash_lease: owner/dseq/gseq/oseq/akash-provider.", err))
		return id, problems
	}
	if a.Data != nil {
		problems.Append(a.Data.CheckOwner("lease", id.Owner, "end it")...)
	}
	return id, problems
}

// ModifyPlan refuses a lease that is none, or another account's.
func (a *rebidAction) ModifyPlan(
	ctx context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse,
) {
	var m rebidModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if !resp.Diagnostics.HasError() {
		_, problems := a.lease(m)
		resp.Diagnostics.Append(problems...)
	}
}

// Invoke ends the lease.
func (a *rebidAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var m rebidModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	id, problems := a.lease(m)
	resp.Diagnostics.Append(problems...)
	limit, problems := m.Timeouts.Invoke(ctx, rebidTimeout)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	deployer, err := a.Data.Signer(ctx)
	if err != nil {
		resp.Diagnostics.Append(diags.FromError(err))
		return
	}
	bounded, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	ended, err := deployer.Reopen(bounded, id, m.AllowDataLoss.ValueBool())
	if err != nil {
		resp.Diagnostics.Append(diags.FromError(err))
		return
	}
	told := fmt.Sprintf("Lease %s had ended before; nothing was sent.", id)
	if ended {
		told = fmt.Sprintf("Lease %s has ended, and the workload stands still. A new order is open; run terraform apply: "+
			"it holds the auction.", id)
	}
	resp.SendProgress(action.InvokeProgressEvent{Message: told})
}
