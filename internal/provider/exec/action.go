// SPDX-License-Identifier: Apache-2.0

package exec

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/action/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
)

var _ action.ActionWithModifyPlan = (*execAction)(nil)

type execAction struct {
	providerdata.ForAction
}

type actionModel struct {
	LeaseID    types.String   `tfsdk:"lease_id"`
	Service    types.String   `tfsdk:"service"`
	Replica    types.Int64    `tfsdk:"replica"`
	Command    []types.String `tfsdk:"command"`
	ShowOutput types.Bool     `tfsdk:"show_output"`
	Timeouts   timeouts.Value `tfsdk:"timeouts"`
}

func (m actionModel) input() input { return input{m.LeaseID, m.Service, m.Replica, m.Command} }

// NewAction returns akash_exec as an action.
func NewAction() action.Action { return &execAction{} }

// Metadata names the action.
func (a *execAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_exec"
}

// Schema describes the action.
func (a *execAction) Schema(ctx context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Runs a command in a container of a lease, each time the action is invoked. " + bounds +
			" No transaction is sent. Without actions, the resource `akash_exec` runs one when it is created.",
		Attributes: map[string]schema.Attribute{
			"lease_id": schema.StringAttribute{Required: true, MarkdownDescription: leaseText},
			"service": schema.StringAttribute{
				Required: true, MarkdownDescription: serviceText, Validators: serviceValidators(),
			},
			"replica": schema.Int64Attribute{
				Optional: true, MarkdownDescription: replicaText,
				Validators: []validator.Int64{int64validator.AtLeast(0)},
			},
			"command": schema.ListAttribute{
				Required: true, ElementType: types.StringType, MarkdownDescription: commandText,
				Validators: commandValidators(),
			},
			"show_output": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether to print the end of what the command wrote, as it wrote it. Default `false`, " +
					"since it may hold secrets. A failed command's is always printed, with the manifest's values masked.",
			},
			"timeouts": timeouts.AttributesWithOpts(ctx, timeouts.Opts{
				InvokeDescription: "How long the command may run, such as `30m`. Default `10m`.",
			}),
		},
	}
}

// ModifyPlan refuses a lease that cannot be asked.
func (a *execAction) ModifyPlan(
	ctx context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse,
) {
	var m actionModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(m.input().check(a.Data)...)
	}
}

// Invoke runs the command.
func (a *execAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var m actionModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	limit, problems := m.Timeouts.Invoke(ctx, defaultTimeout)
	resp.Diagnostics.Append(problems...)
	result, problems := m.input().run(ctx, a.Data, limit)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	told := "The command ran and exited with code 0."
	if m.ShowOutput.ValueBool() {
		told = strings.Join([]string{told, text(result.Stdout).ValueString(), text(result.Stderr).ValueString()}, "\n")
	}
	resp.SendProgress(action.InvokeProgressEvent{Message: strings.TrimSpace(told)})
}
