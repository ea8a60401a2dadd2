// SPDX-License-Identifier: Apache-2.0

// Package sdlbuilder is data.akash_sdl: typed attributes in, SDL text out. It asks no network.
package sdlbuilder

import (
	"context"
	"encoding/hex"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

var _ datasource.DataSourceWithValidateConfig = (*sdlDataSource)(nil)

type sdlDataSource struct{}

// NewDataSource returns akash_sdl.
func NewDataSource() datasource.DataSource { return &sdlDataSource{} }

// Metadata names the data source.
func (d *sdlDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_sdl"
}

// ValidateConfig reports every problem as soon as all values are known, without waiting for the plan.
func (d *sdlDataSource) ValidateConfig(
	ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse,
) {
	if !req.Config.Raw.IsFullyKnown() {
		return
	}
	var m model
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	_, _, problems := m.build()
	resp.Diagnostics.Append(problems...)
}

// Read builds the text.
func (d *sdlDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m model
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	text, doc, problems := m.build()
	if problems.HasError() {
		resp.Diagnostics.Append(problems...)
		return // warnings came with ValidateConfig unless there is an error
	}
	m.YAML = types.StringValue(string(text))
	m.Hash = types.StringValue(hex.EncodeToString(doc.Hash()))
	m.Groups, problems = groups(doc)
	resp.Diagnostics.Append(problems...)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

var groupType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"name": types.StringType, "spec": types.StringType, "replicas": types.Int64Type,
}}

// groups is the value of the attribute of that name.
func groups(doc *sdl.Document) (types.Map, diag.Diagnostics) {
	var problems diag.Diagnostics
	values := make(map[string]attr.Value)
	for _, g := range doc.Groups() {
		spec, err := sdl.GroupText(g)
		if err != nil {
			problems.AddError("Group cannot be written", err.Error())
			continue
		}
		replicas := int64(0)
		for _, unit := range g.Resources {
			replicas += int64(unit.Count)
		}
		values[g.Name] = types.ObjectValueMust(groupType.AttrTypes, map[string]attr.Value{
			"name": types.StringValue(g.Name), "spec": types.StringValue(spec),
			"replicas": types.Int64Value(replicas),
		})
	}
	return types.MapValueMust(groupType, values), problems
}
