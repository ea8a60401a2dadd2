// SPDX-License-Identifier: Apache-2.0

package jwt

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
)

var _ ephemeral.EphemeralResourceWithValidateConfig = (*jwtEphemeral)(nil)

type jwtEphemeral struct {
	providerdata.ForEphemeral
}

// NewEphemeral returns akash_jwt as an ephemeral resource.
func NewEphemeral() ephemeral.EphemeralResource { return &jwtEphemeral{} }

// Metadata names the ephemeral resource.
func (e *jwtEphemeral) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_jwt"
}

// ValidateConfig refuses what no gateway would take.
func (e *jwtEphemeral) ValidateConfig(
	ctx context.Context, req ephemeral.ValidateConfigRequest, resp *ephemeral.ValidateConfigResponse,
) {
	var m model
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(m.validate(ctx, "")...)
	}
}

// Open makes a token. It is not renewed: nobody who has it would notice.
func (e *jwtEphemeral) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var m model
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(m.fill(ctx, e.Data, time.Now())...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Result.Set(ctx, &m)...)
	}
}

// Schema describes the ephemeral resource.
func (e *jwtEphemeral) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A token that gateways of Akash providers take from the owner of a lease (AEP-64, ES256K), " +
			"signed by the provider block's key. Nothing is sent, and nothing is stored: each run makes its own. The account " +
			"must have sent a transaction before, since gateways read its public key from the chain.",
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
				NestedObject: schema.NestedAttributeObject{Attributes: ephemeralPermission()},
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

func ephemeralPermission() map[string]schema.Attribute {
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
