// SPDX-License-Identifier: Apache-2.0

package migration

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/migrate"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
)

var (
	_ datasource.DataSourceWithConfigure      = (*composeDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*composeDataSource)(nil)
)

type composeDataSource struct {
	providerdata.ForDataSource
}

// NewCompose returns akash_compose.
func NewCompose() datasource.DataSource { return &composeDataSource{} }

type composeModel struct {
	options
	report
	Content   types.String      `tfsdk:"content"`
	Variables map[string]string `tfsdk:"variables"`
	EnvFiles  map[string]string `tfsdk:"env_files"`
	Profiles  []string          `tfsdk:"profiles"`
}

// Metadata names the data source.
func (d *composeDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_compose"
}

// Schema describes the data source.
func (d *composeDataSource) Schema(
	_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A Compose file as an SDL, with a report of what became of every key of it: what is mapped, " +
			"what changed, what is left out, and what keeps it from running, each with a reason and a remedy. Nothing is " +
			"dropped without a word. It reads the text and nothing else: no other file, no variable of the " +
			"environment.\n\nThe guide \"From Compose\" goes through one. `provider::akash::compose_to_sdl` is the same " +
			"without options.",
		Attributes: optionAttributes(map[string]schema.Attribute{
			"content": schema.StringAttribute{
				Required: true, MarkdownDescription: "The Compose file as text, e.g. `file(\"compose.yaml\")`.",
			},
			"variables": schema.MapAttribute{
				Optional: true, Sensitive: true, ElementType: types.StringType,
				MarkdownDescription: "What `${NAME}` stands for, e.g. `{ TAG = \"1.4\" }`. One that is missing and has no " +
					"default is a blocker. They are in the clear in `sdl`.",
			},
			"env_files": schema.MapAttribute{
				Optional: true, Sensitive: true, ElementType: types.StringType,
				MarkdownDescription: "The texts of files that `env_file` names, by the name there, e.g. `{ \".env\" = " +
					"file(\".env\") }`. They are in the clear in `sdl`; give secrets in `env_wo` of the resources.",
			},
			"profiles": optionalList("Profiles to enable, e.g. `[\"debug\"]`. Services of others are left out."),
		}),
	}
}

// ValidateConfig reports blockers as soon as all values are known, without waiting for the plan.
func (d *composeDataSource) ValidateConfig(
	ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse,
) {
	if !req.Config.Raw.IsFullyKnown() {
		return
	}
	var m composeModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &m)...); resp.Diagnostics.HasError() {
		return
	}
	_, all := m.convert(ctx)
	resp.Diagnostics.Append(all.Errors()...)
}

// Read converts the file.
func (d *composeDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m composeModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &m)...); resp.Diagnostics.HasError() {
		return
	}
	converted, all := m.convert(ctx)
	if resp.Diagnostics.Append(all...); resp.Diagnostics.HasError() {
		return
	}
	m.report = newReport(converted)
	m.EstUSDMonth, all = estimate(ctx, d.Data, m.SDL, m.AWSUSDMonth)
	resp.Diagnostics.Append(all...)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

func (m composeModel) convert(ctx context.Context) (migrate.Conversion, diag.Diagnostics) {
	converted, err := migrate.Compose(ctx, m.Content.ValueString(), migrate.ComposeOptions{
		Options: m.migrate(), Variables: m.Variables, EnvFiles: m.EnvFiles, Profiles: m.Profiles,
	})
	if err != nil {
		return converted, refused(err)
	}
	return converted, problems(path.Root("content"), converted, m.AcceptLosses)
}

// refused says which attribute an error is about.
func refused(err error) diag.Diagnostics {
	var all diag.Diagnostics
	switch {
	case errors.Is(err, migrate.ErrNotAccepted):
		all.AddAttributeError(path.Root("accept_losses"), "Not a loss", err.Error()+".")
	case errors.Is(err, migrate.ErrUnreadable):
		all.AddAttributeError(path.Root("content"), "Not readable", err.Error()+".")
	default:
		all.AddError("Wrong option", err.Error()+".")
	}
	return all
}
