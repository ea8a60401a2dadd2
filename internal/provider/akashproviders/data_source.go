// SPDX-License-Identifier: Apache-2.0

// Package akashproviders is data.akash_providers: the Akash providers registered on chain.
package akashproviders

import (
	"cmp"
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
	providerv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1beta4"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/diags"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
)

var _ datasource.DataSourceWithConfigure = (*providersDataSource)(nil)

type providersDataSource struct {
	providerdata.ForDataSource
}

type model struct {
	Attributes types.Map  `tfsdk:"attributes"`
	Providers  types.List `tfsdk:"providers"`
}

var providerType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"address": types.StringType, "host_uri": types.StringType, "email": types.StringType, "website": types.StringType,
	"attributes": types.MapType{ElemType: types.StringType},
}}

// NewDataSource returns akash_providers.
func NewDataSource() datasource.DataSource { return &providersDataSource{} }

// Metadata names the data source.
func (d *providersDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_providers"
}

// Schema describes the data source.
func (d *providersDataSource) Schema(
	_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse,
) {
	text := func(description string) schema.Attribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "The Akash providers registered on chain, sorted by address. Being registered says nothing " +
			"about being online.",
		Attributes: map[string]schema.Attribute{
			"attributes": schema.MapAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Only Akash providers that declare all of these attributes with exactly these values, e.g. " +
					"`{ region = \"us-west\" }`.",
			},
			"providers": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "The Akash providers.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"address":  text("Account of the Akash provider, `akash1…`."),
					"host_uri": text("Where its gateway answers, e.g. `https://host:8443`."),
					"email":    text("Contact address; may be empty."),
					"website":  text("Website; may be empty."),
					"attributes": schema.MapAttribute{
						Computed: true, ElementType: types.StringType,
						MarkdownDescription: "What it declares about itself. Nobody has checked it unless an auditor signed it.",
					},
				}},
			},
		},
	}
}

// Read asks the chain.
func (d *providersDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m model
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	wanted := map[string]string{}
	if !m.Attributes.IsNull() {
		resp.Diagnostics.Append(m.Attributes.ElementsAs(ctx, &wanted, false)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	connection, err := d.Data.Connect(ctx)
	if err != nil {
		resp.Diagnostics.Append(diags.FromError(err))
		return
	}
	found, err := connection.Chain.ListProviders(ctx)
	if err != nil {
		resp.Diagnostics.Append(diags.FromError(err))
		return
	}
	slices.SortFunc(found, func(a, b providerv1beta4.Provider) int { return cmp.Compare(a.Owner, b.Owner) })
	values := []attr.Value{}
	for _, p := range found {
		if declares(p.Attributes, wanted) {
			values = append(values, valueOf(p))
		}
	}
	m.Providers = types.ListValueMust(providerType, values)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

func declares(attributes []attributesv1.Attribute, wanted map[string]string) bool {
	for key, value := range wanted {
		if !slices.Contains(attributes, attributesv1.Attribute{Key: key, Value: value}) {
			return false
		}
	}
	return true
}

func valueOf(p providerv1beta4.Provider) attr.Value {
	attributes := map[string]attr.Value{}
	for _, a := range p.Attributes {
		attributes[a.Key] = types.StringValue(a.Value)
	}
	return types.ObjectValueMust(providerType.AttrTypes, map[string]attr.Value{
		"address": types.StringValue(p.Owner), "host_uri": types.StringValue(p.HostURI),
		"email": types.StringValue(p.Info.Email), "website": types.StringValue(p.Info.Website),
		"attributes": types.MapValueMust(types.StringType, attributes),
	})
}
