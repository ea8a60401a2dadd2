// SPDX-License-Identifier: Apache-2.0

package logs

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/diags"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/validators"
)

var _ action.ActionWithConfigure = (*logsAction)(nil)

type logsAction struct {
	providerdata.ForAction
}

type actionModel struct {
	LeaseID       types.String `tfsdk:"lease_id"`
	Services      types.List   `tfsdk:"services"`
	Tail          types.Int64  `tfsdk:"tail"`
	IncludeEvents types.Bool   `tfsdk:"include_events"`
}

// NewAction returns akash_logs as an action.
func NewAction() action.Action { return &logsAction{} }

// Metadata names the action.
func (a *logsAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_logs"
}

// Schema describes the action.
func (a *logsAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Prints the last lines that the services of a lease wrote, with the values of the running " +
			"manifest's `env` and registry credentials shown as `***`; without that manifest nothing is printed. Other " +
			"secrets that the workload prints are not known. The data source `akash_logs` reads the same into state.",
		Attributes: map[string]schema.Attribute{
			"lease_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{validators.LeaseID()},
				MarkdownDescription: "The lease, `owner/dseq/gseq/oseq/akash-provider`, e.g. `akash_lease.web.lease_id`.",
			},
			"services": schema.ListAttribute{
				Optional: true, ElementType: types.StringType,
				Validators: []validator.List{
					listvalidator.SizeAtLeast(1), listvalidator.UniqueValues(),
					listvalidator.ValueStringsAre(stringvalidator.LengthAtLeast(1)),
				},
				MarkdownDescription: "Only these services, in this order. Default all. Example: `[\"web\"]`.",
			},
			"tail": schema.Int64Attribute{
				Optional: true, Validators: []validator.Int64{int64validator.Between(1, mostTail)},
				MarkdownDescription: fmt.Sprintf("How many lines of each service, and how many events, at most; the last ones, "+
					"1 to %d. Default `%d`.", mostTail, defaultTail),
			},
			"include_events": schema.BoolAttribute{
				Optional: true, MarkdownDescription: "Whether to print what the cluster noted too. Default `false`.",
			},
		},
	}
}

// Invoke prints the lines. Unlike for a plan, which needs no log, everything that could not be read is an error.
func (a *logsAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var m actionModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	request := deploy.LogRequest{Lines: defaultTail, Events: m.IncludeEvents.ValueBool()}
	if !m.Tail.IsNull() {
		request.Lines = int(m.Tail.ValueInt64())
	}
	resp.Diagnostics.Append(m.Services.ElementsAs(ctx, &request.Services, false)...)
	id, err := ids.ParseLeaseID(m.LeaseID.ValueString())
	if err != nil {
		resp.Diagnostics.AddAttributeError(path.Root("lease_id"), "Invalid value", err.Error())
	}
	if resp.Diagnostics.HasError() {
		return
	}
	request.Lease = id
	connection, err := a.Data.Connect(ctx)
	if err != nil {
		resp.Diagnostics.Append(diags.FromError(err))
		return
	}
	told, err := connection.Deployer.ReadLogs(ctx, request)
	if err != nil {
		resp.Diagnostics.AddAttributeError(path.Root("lease_id"), "Logs could not be read", fmt.Sprintf(
			"%s: %v\n\n%s", id, err, advice(a.Data, id, err)))
		return
	}
	say := func(format string, args ...any) {
		resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf(format, args...)})
	}
	for _, line := range told.Lines {
		say("%s %s: %s", line.Service, line.Replica, line.Text)
	}
	for _, e := range told.Events {
		say("%s %s %s/%s: %s", e.Type, e.Reason, e.Kind, e.Name, e.Note)
	}
	for _, missing := range told.Missing {
		resp.Diagnostics.AddAttributeError(path.Root("lease_id"), "Some logs could not be read",
			fmt.Sprintf("Of %s: %s.", id, missing))
	}
}
