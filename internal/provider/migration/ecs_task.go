// SPDX-License-Identifier: Apache-2.0

package migration

import (
	"context"
	"math"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/migrate"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
)

var (
	_ datasource.DataSourceWithConfigure      = (*ecsTaskDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*ecsTaskDataSource)(nil)
)

type ecsTaskDataSource struct {
	providerdata.ForDataSource
}

// NewECSTask returns akash_ecs_task.
func NewECSTask() datasource.DataSource { return &ecsTaskDataSource{} }

type ecsTaskModel struct {
	options
	report
	Content            types.String      `tfsdk:"content"`
	TaskCPU            types.String      `tfsdk:"task_cpu"`
	TaskMemory         types.String      `tfsdk:"task_memory"`
	DesiredCount       types.Int64       `tfsdk:"desired_count"`
	InstanceType       types.String      `tfsdk:"instance_type"`
	EnvironmentFiles   map[string]string `tfsdk:"environment_files"`
	InternalContainers []string          `tfsdk:"internal_containers"`
}

// Metadata names the data source.
func (d *ecsTaskDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_ecs_task"
}

// Schema describes the data source.
func (d *ecsTaskDataSource) Schema(
	_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A task definition of Amazon ECS as an SDL, with a report of what became of every key of it: " +
			"what is mapped, what changed, what is left out, and what keeps it from running, each with a reason and a remedy. " +
			"Nothing is dropped without a word. It reads the text and nothing else, and never asks AWS.\n\nEach container " +
			"becomes a service, named as the container is; where the options say service, they mean the container. Containers " +
			"of a task call each other at `localhost`, services by name: a command or a variable that says `localhost` with a " +
			"port that one other container maps, or its image is known for, says its name in the SDL. Everybody reaches the " +
			"ports that are mapped, as there is no security group, unless `internal_containers` says otherwise.\n\nThe guide " +
			"\"From AWS\" goes through one. `provider::akash::ecs_task_to_sdl` is the same without options.",
		Attributes: optionAttributes(map[string]schema.Attribute{
			"content": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "The definition as JSON, e.g. `file(\"task.json\")`: the input of " +
					"`aws ecs register-task-definition`, what `aws ecs describe-task-definition` prints, a list of container " +
					"definitions as `container_definitions` of `aws_ecs_task_definition` is, or a CloudFormation template with one " +
					"`AWS::ECS::TaskDefinition`, that resource or its properties. What only CloudFormation can work out (`Ref`, " +
					"`Fn::Sub`) is a blocker.",
			},
			"task_cpu": optional("CPU of the whole task, as ECS has it, e.g. `1024` or `1 vCPU`: for a list of containers, or " +
				"in place of that of the definition. Containers have what they reserve, and their part of the rest."),
			"task_memory": optional("Memory of the whole task, as ECS has it, e.g. `2048` or `2 GB`. Containers have their " +
				"limits; those without share the rest."),
			"desired_count": schema.Int64Attribute{
				Optional: true,
				MarkdownDescription: "How many tasks the ECS service runs, e.g. `3`: each service has as many replicas. Default " +
					"1.",
				Validators: []validator.Int64{int64validator.Between(1, migrate.MaxReplicas)},
			},
			"instance_type": optional("The type of EC2 that the tasks run on, e.g. `g5.xlarge`: its GPU is asked for, or, " +
				"where Akash has none like it, the nearest ones. `gpus` comes before it."),
			"environment_files": schema.MapAttribute{
				Optional: true, Sensitive: true, ElementType: types.StringType,
				MarkdownDescription: "The texts of environment files, by the ARN in the definition, e.g. `{ " +
					"\"arn:aws:s3:::bucket/web.env\" = file(\"web.env\") }`. They are in the clear in `sdl`; give secrets in " +
					"`env_wo` of the resources.",
			},
			"internal_containers": optionalList("Containers whose ports only the other containers reach, e.g. `[\"db\"]`."),
		}),
	}
}

// ValidateConfig reports blockers as soon as all values are known, without waiting for the plan.
func (d *ecsTaskDataSource) ValidateConfig(
	ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse,
) {
	if !req.Config.Raw.IsFullyKnown() {
		return
	}
	var m ecsTaskModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &m)...); resp.Diagnostics.HasError() {
		return
	}
	_, all := m.convert()
	resp.Diagnostics.Append(all.Errors()...)
}

// Read converts the definition.
func (d *ecsTaskDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m ecsTaskModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &m)...); resp.Diagnostics.HasError() {
		return
	}
	converted, all := m.convert()
	if resp.Diagnostics.Append(all...); resp.Diagnostics.HasError() {
		return
	}
	m.report = newReport(converted)
	m.EstUSDMonth, all = estimate(ctx, d.Data, m.SDL, m.AWSUSDMonth)
	resp.Diagnostics.Append(all...)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

func (m ecsTaskModel) convert() (migrate.Conversion, diag.Diagnostics) {
	converted, err := migrate.ECS(m.Content.ValueString(), migrate.ECSOptions{
		Options: m.migrate(), TaskCPU: m.TaskCPU.ValueString(), TaskMemory: m.TaskMemory.ValueString(),
		DesiredCount: uint32(min(max(m.DesiredCount.ValueInt64(), 0), math.MaxUint16)), // the schema allows no other
		InstanceType: m.InstanceType.ValueString(), EnvironmentFiles: m.EnvironmentFiles,
		InternalContainers: m.InternalContainers,
	})
	if err != nil {
		return converted, refused(err)
	}
	return converted, problems(path.Root("content"), converted, m.AcceptLosses)
}
