// SPDX-License-Identifier: Apache-2.0

package jwt

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
)

var _ datasource.DataSourceWithValidateConfig = (*jwtDataSource)(nil)

type jwtDataSource struct {
	providerdata.ForDataSource
}

// NewDataSource returns akash_jwt as a data source.
func NewDataSource() datasource.DataSource { return &jwtDataSource{} }

// Metadata names the data source.
func (d *jwtDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_jwt"
}

// ValidateConfig refuses what no gateway would take.
func (d *jwtDataSource) ValidateConfig(
	ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse,
) {
	var m model
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(m.validate(ctx, "")...)
	}
}

// Read makes a token.
func (d *jwtDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m model
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(m.fill(ctx, d.Data, time.Now())...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
	}
}

// Schema describes the data source.
func (d *jwtDataSource) Schema(
	_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A token that gateways of Akash providers take from the owner of a lease (AEP-64, ES256K), " +
			"signed by the provider block's key. Nothing is sent. Reading it again makes another one, so every " +
			"plan has a new token.\n\n~> The token is written to the state. Where the CLI has ephemeral resources, prefer " +
			"the ephemeral `akash_jwt`, which is stored nowhere; this one is for tools without them.",
		Attributes: map[string]schema.Attribute{
			"access": schema.StringAttribute{
				Required: true, MarkdownDescription: accessText, Validators: accessValidators(),
			},
			"scope": schema.ListAttribute{
				Optional: true, ElementType: types.StringType, MarkdownDescription: scopeText(), Validators: scopeValidators(),
			},
			"lease_id": schema.StringAttribute{Optional: true, MarkdownDescription: leaseText},
			"services": schema.ListAttribute{
				Optional: true, ElementType: types.StringType, MarkdownDescription: servicesText,
				Validators: serviceValidators(),
			},
			"permissions": schema.ListNestedAttribute{
				Optional: true, MarkdownDescription: permissionsText,
				Validators:   []validator.List{listvalidator.SizeAtLeast(1)},
				NestedObject: schema.NestedAttributeObject{Attributes: dataSourcePermission()},
			},
			"lifetime": schema.StringAttribute{
				Optional: true, MarkdownDescription: lifetimeText, Validators: lifetimeValidators(),
			},
			"owner":      schema.StringAttribute{Computed: true, MarkdownDescription: ownerText},
			"token":      schema.StringAttribute{Computed: true, Sensitive: true, MarkdownDescription: bearerText},
			"expires_at": schema.StringAttribute{Computed: true, MarkdownDescription: expiresText},
		},
	}
}

func dataSourcePermission() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"provider_address": schema.StringAttribute{
			Required: true, MarkdownDescription: providerText, Validators: addressValidators(),
		},
		"access": schema.StringAttribute{
			Required: true, MarkdownDescription: permitText, Validators: accessValidators(),
		},
		"scope": schema.ListAttribute{
			Optional: true, ElementType: types.StringType, MarkdownDescription: scopeText(), Validators: scopeValidators(),
		},
		"deployments": schema.ListNestedAttribute{
			Optional: true, MarkdownDescription: deploymentsText,
			Validators: []validator.List{listvalidator.SizeAtLeast(1)},
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"dseq": schema.StringAttribute{Required: true, MarkdownDescription: dseqText},
				"gseq": schema.Int64Attribute{
					Optional: true, MarkdownDescription: gseqText, Validators: sequenceValidators(),
				},
				"oseq": schema.Int64Attribute{
					Optional: true, MarkdownDescription: oseqText, Validators: sequenceValidators(),
				},
				"scope": schema.ListAttribute{
					Required: true, ElementType: types.StringType, MarkdownDescription: scopeText(),
					Validators: scopeValidators(),
				},
				"services": schema.ListAttribute{
					Required: true, ElementType: types.StringType, MarkdownDescription: itemServicesText,
					Validators: serviceValidators(),
				},
			}},
		},
	}
}
