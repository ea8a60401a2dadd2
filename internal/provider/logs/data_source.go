// SPDX-License-Identifier: Apache-2.0

// Package logs is data.akash_logs: the last lines that the workload of a lease wrote.
package logs

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
)

var _ datasource.DataSourceWithConfigure = (*logsDataSource)(nil)

type logsDataSource struct {
	providerdata.ForDataSource
}

type model struct {
	LeaseID       types.String `tfsdk:"lease_id"`
	Services      types.List   `tfsdk:"services"`
	Tail          types.Int64  `tfsdk:"tail"`
	IncludeEvents types.Bool   `tfsdk:"include_events"`
	Complete      types.Bool   `tfsdk:"complete"`
	Lines         types.List   `tfsdk:"lines"`
	Events        types.List   `tfsdk:"events"`
}

var (
	lineType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"service": types.StringType, "replica": types.StringType, "text": types.StringType,
	}}
	eventType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"type": types.StringType, "reason": types.StringType, "note": types.StringType, "kind": types.StringType,
		"name": types.StringType,
	}}
)

// NewDataSource returns akash_logs.
func NewDataSource() datasource.DataSource { return &logsDataSource{} }

// Metadata names the data source.
func (d *logsDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_logs"
}

// Read asks the lease's gateway. One that tells nothing is a warning: a plan does not need a log.
func (d *logsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m model
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	request := deploy.LogRequest{Lines: defaultTail, Events: m.IncludeEvents.ValueBool()}
	if !m.Tail.IsNull() {
		request.Lines = int(m.Tail.ValueInt64())
	}
	resp.Diagnostics.Append(m.Services.ElementsAs(ctx, &request.Services, false)...)
	var err error
	if request.Lease, err = ids.ParseLeaseID(m.LeaseID.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(path.Root("lease_id"), "Invalid value", err.Error())
	}
	if resp.Diagnostics.HasError() {
		return
	}
	told, err := d.read(ctx, request)
	switch {
	case err != nil:
		resp.Diagnostics.AddAttributeWarning(path.Root("lease_id"), "Logs could not be read", fmt.Sprintf(
			"%s: %v\n\n%s\n\nlines is empty and complete false, so that the plan can go on.", request.Lease, err,
			advice(d.Data, request.Lease, err)))
	case len(told.Missing) > 0:
		resp.Diagnostics.AddAttributeWarning(path.Root("lease_id"), "Some logs could not be read",
			fmt.Sprintf("Of %s:\n\n - %s\n\nThe rest is there, and complete is false.", request.Lease,
				strings.Join(told.Missing, "\n - ")))
	}
	m.Complete = types.BoolValue(err == nil && len(told.Missing) == 0)
	m.set(told, request.Events)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

func (d *logsDataSource) read(ctx context.Context, request deploy.LogRequest) (deploy.Logs, error) {
	connection, err := d.Data.Connect(ctx)
	if err != nil {
		return deploy.Logs{}, err
	}
	return connection.Deployer.ReadLogs(ctx, request)
}

// advice is what to do about logs that cannot be read.
func advice(data *providerdata.Data, lease ids.LeaseID, err error) string {
	switch {
	case data.NoGateway != "":
		return data.NoGateway
	case data.Owner != "" && data.Owner != lease.Owner:
		return fmt.Sprintf("The lease is %s's, and the Terraform provider acts for %s: gateways show a log to the owner "+
			"alone.", lease.Owner, data.Owner)
	case errors.Is(err, gateway.ErrUnauthorized):
		return "The gateway wants the owner's credentials: a key or gateway_auth in the provider block; a token needs " +
			"the scopes logs, events and get-manifest. Without the manifest nothing can be masked, so nothing is shown."
	case errors.Is(err, gateway.ErrLeaseNotFound):
		return "The lease ended or has got no manifest yet. Run terraform plan to see how it is."
	default:
		return "Plan again to try again."
	}
}

// set fills in what was told.
func (m *model) set(told deploy.Logs, events bool) {
	lines := make([]attr.Value, 0, len(told.Lines))
	for _, line := range told.Lines {
		lines = append(lines, types.ObjectValueMust(lineType.AttrTypes, map[string]attr.Value{
			"service": types.StringValue(line.Service), "replica": types.StringValue(line.Replica),
			"text": types.StringValue(line.Text),
		}))
	}
	m.Lines, m.Events = types.ListValueMust(lineType, lines), types.ListNull(eventType)
	if !events {
		return
	}
	values := make([]attr.Value, 0, len(told.Events))
	for _, e := range told.Events {
		values = append(values, types.ObjectValueMust(eventType.AttrTypes, map[string]attr.Value{
			"type": types.StringValue(e.Type), "reason": types.StringValue(e.Reason), "note": types.StringValue(e.Note),
			"kind": types.StringValue(e.Kind), "name": types.StringValue(e.Name),
		}))
	}
	m.Events = types.ListValueMust(eventType, values)
}
