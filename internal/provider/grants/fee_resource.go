// SPDX-License-Identifier: Apache-2.0

package grants

import (
	"context"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/validators"
)

var (
	_ resource.ResourceWithConfigure   = (*feeGrant)(nil)
	_ resource.ResourceWithModifyPlan  = (*feeGrant)(nil)
	_ resource.ResourceWithImportState = (*feeGrant)(nil)
	_ resource.ResourceWithIdentity    = (*feeGrant)(nil)
)

type feeGrant struct {
	providerdata.ForResource
	now func() time.Time
}

// NewFeeGrant returns akash_fee_grant.
func NewFeeGrant() resource.Resource { return &feeGrant{now: time.Now} }

// Metadata names the resource.
func (r *feeGrant) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_fee_grant"
}

// Schema describes the resource.
func (r *feeGrant) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		Version: 1,
		MarkdownDescription: "A fee allowance: the configured account pays transaction fees of another one, such as a key " +
			"in CI, up to a limit, until a time, or for some types of messages only. The grantee sets `fee_granter` in its " +
			"provider block. There is one allowance for each pair of accounts.\n\nThe chain knows no update: a change revokes " +
			"and grants in one transaction. It forgets an allowance that is used up or past its time; the next plan then " +
			"shows it as to be created.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed: true, MarkdownDescription: "`granter/grantee`; never changes. Also its import id.",
			},
			"granter": granterAttribute(),
			"grantee": granteeAttribute(),
			"spend_limit_uakt": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The most that is paid in all, in uakt (1 AKT = 1000000 uakt), e.g. `5000000`. A change in " +
					"place grants the new limit anew, whatever was used. Default: no limit.",
				Validators: []validator.String{validators.PositiveWhole()},
			},
			"allowed_messages": schema.SetAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Pay only for transactions that hold nothing but these types of messages, e.g. " +
					"`[\"/akash.deployment.v1beta4.MsgCreateDeployment\"]`. A grantee that acts for another account by " +
					"`authz_granter` sends only `/cosmos.authz.v1beta1.MsgExec`. Changed in place. Default: all.",
				Validators: []validator.Set{
					setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(validators.MessageType()),
				},
			},
			"expires_at": expiresAttribute(),
			"kind": schema.StringAttribute{
				Computed: true,
				MarkdownDescription: "The chain's name of the allowance: `BasicAllowance`, or `AllowedMsgAllowance` with " +
					"`allowed_messages`. Another one was granted elsewhere, and the plan replaces it.",
			},
			"remaining_uakt": schema.StringAttribute{
				Computed: true, MarkdownDescription: "What is left of the limit, in uakt; null without a limit.",
			},
			"timeouts": timeouts.Attributes(ctx, timeouts.Opts{Create: true, Update: true, Delete: true}),
		},
	}
}

// IdentitySchema is granter and grantee.
func (r *feeGrant) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"granter": identityschema.StringAttribute{
			RequiredForImport: true, Description: "The account that pays the fees, akash1….",
		},
		"grantee": identityschema.StringAttribute{
			RequiredForImport: true, Description: "The account whose fees are paid, akash1….",
		},
	}}
}

// ImportState takes granter/grantee, a bare grantee of the configured account, or an identity.
func (r *feeGrant) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	text := req.ID
	if text == "" && req.Identity != nil {
		var identity feeIdentity
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
		if resp.Diagnostics.HasError() {
			return
		}
		text = identity.Granter.ValueString() + "/" + identity.Grantee.ValueString()
	}
	if !strings.Contains(text, "/") && r.Data != nil && r.Data.Owner != "" {
		text = r.Data.Owner + "/" + text
	}
	granter, grantee, err := parseFeeID(text)
	if err != nil {
		resp.Diagnostics.AddError("Invalid import id", err.Error()+"\n\nUse granter/grantee, or the grantee alone for a "+
			"grant of the configured account.")
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), granter+"/"+grantee)...)
}

func parseFeeID(text string) (granter, grantee string, err error) {
	granter, grantee, _ = strings.Cut(text, "/")
	if err := ids.ValidateAddress(granter); err != nil {
		return "", "", err
	}
	return granter, grantee, ids.ValidateAddress(grantee)
}

// ModifyPlan works out what the chain will hold, and refuses what it would refuse.
func (r *feeGrant) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	if req.Plan.Raw.IsNull() {
		return
	}
	var plan feeModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	var state *feeModel
	if !req.State.Raw.IsNull() {
		state = &feeModel{}
		resp.Diagnostics.Append(req.State.Get(ctx, state)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if r.Data != nil {
		checkGrantee(plan.Grantee, r.Data.Owner, &resp.Diagnostics)
		if state != nil {
			resp.Diagnostics.Append(r.Data.CheckChain(ctx, req.Private, state.ID.ValueString())...)
			resp.Diagnostics.Append(
				r.Data.CheckOwner("Fee grant", state.Granter.ValueString(), "Grant "+state.ID.ValueString())...)
		}
	}
	if plan.settle(state) {
		checkTime(plan.ExpiresAt, r.now(), &resp.Diagnostics)
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
}
