// SPDX-License-Identifier: Apache-2.0

package exec

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/mapplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
)

var (
	_ resource.ResourceWithConfigure  = (*execResource)(nil)
	_ resource.ResourceWithModifyPlan = (*execResource)(nil)
)

type execResource struct {
	providerdata.ForResource
	now func() time.Time
}

type model struct {
	ID        types.String   `tfsdk:"id"`
	LeaseID   types.String   `tfsdk:"lease_id"`
	Service   types.String   `tfsdk:"service"`
	Replica   types.Int64    `tfsdk:"replica"`
	Command   []types.String `tfsdk:"command"`
	Triggers  types.Map      `tfsdk:"triggers"`
	Stdout    types.String   `tfsdk:"stdout"`
	Stderr    types.String   `tfsdk:"stderr"`
	Truncated types.Bool     `tfsdk:"truncated"`
	Timeouts  timeouts.Value `tfsdk:"timeouts"`
}

func (m model) input() input { return input{m.LeaseID, m.Service, m.Replica, m.Command} }

// NewResource returns akash_exec. It has no import: nothing of a command that ran can be found anywhere.
func NewResource() resource.Resource { return &execResource{now: time.Now} }

// Metadata names the resource.
func (r *execResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_exec"
}

// Schema describes the resource.
func (r *execResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	once := []planmodifier.String{stringplanmodifier.RequiresReplace()}
	output := func(which string) schema.Attribute {
		return schema.StringAttribute{
			Computed: true, Sensitive: true,
			MarkdownDescription: "What the command wrote to " + which + ": the last 64 KiB, without control characters other " +
				"than tabs and ends of lines. Stored in state; sensitive, since programs print what they like.",
			PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		}
	}
	resp.Schema = schema.Schema{
		Version: 1,
		MarkdownDescription: "A command that is run once in a container of a lease when the resource is created, such as a " +
			"migration of a database: again when the lease moves to another Akash provider, and when anything here changes. " +
			bounds + "\n\nNo transaction is sent and nothing is paid. A command that fails, or whose end is not seen, fails " +
			"the apply, and the next one runs it again; so it should be fit to run twice. Destroying the resource does " +
			"nothing in the container. It cannot be imported, since nothing of it can be found anywhere.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed: true, MarkdownDescription: "The lease, the service and when the command ended; tells runs apart.",
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"lease_id": schema.StringAttribute{
				Required: true, MarkdownDescription: leaseText + " Another lease runs the command again.", PlanModifiers: once,
			},
			"service": schema.StringAttribute{
				Required: true, MarkdownDescription: serviceText + " A change runs the command again.", PlanModifiers: once,
				Validators: serviceValidators(),
			},
			"replica": schema.Int64Attribute{
				Optional: true, MarkdownDescription: replicaText + " A change runs the command again.",
				Validators:    []validator.Int64{int64validator.AtLeast(0)},
				PlanModifiers: []planmodifier.Int64{int64planmodifier.RequiresReplace()},
			},
			"command": schema.ListAttribute{
				Required: true, ElementType: types.StringType,
				MarkdownDescription: commandText + " A change runs it again.",
				Validators:          commandValidators(),
				PlanModifiers:       []planmodifier.List{listplanmodifier.RequiresReplace()},
			},
			"triggers": schema.MapAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Any texts; a change runs the command again. Example: " +
					"`{ manifest = akash_lease.web.manifest_delivered_hash }`, after each new manifest.",
				PlanModifiers: []planmodifier.Map{mapplanmodifier.RequiresReplace()},
			},
			"stdout": output("standard output"),
			"stderr": output("standard error"),
			"truncated": schema.BoolAttribute{
				Computed: true, MarkdownDescription: "Whether the beginning of `stdout` or `stderr` was dropped.",
			},
			"timeouts": timeouts.Attributes(ctx, timeouts.Opts{
				Create:            true,
				CreateDescription: "How long the command may run, such as `30m`. Default `10m`.",
			}),
		},
	}
}

// ModifyPlan refuses a lease that cannot be asked.
func (r *execResource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	if req.Plan.Raw.IsNull() {
		return
	}
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(plan.input().check(r.Data)...)
	}
}

// Create runs the command.
func (r *execResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.Data.Applying()
	limit, problems := plan.Timeouts.Create(ctx, defaultTimeout)
	resp.Diagnostics.Append(problems...)
	result, problems := plan.input().run(ctx, r.Data, limit)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.ID = types.StringValue(fmt.Sprintf("%s/%s/%s", plan.LeaseID.ValueString(), plan.Service.ValueString(),
		r.now().UTC().Format(time.RFC3339Nano)))
	plan.Stdout, plan.Stderr = text(result.Stdout), text(result.Stderr)
	plan.Truncated = types.BoolValue(result.Truncated)
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
}

// Read keeps what is known: a command that ran has run.
func (r *execResource) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

// Update has nothing to do but to keep timeouts: everything else runs the command again.
func (r *execResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
}

// Delete forgets it.
func (r *execResource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}
