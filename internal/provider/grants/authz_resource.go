// SPDX-License-Identifier: Apache-2.0

package grants

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"

	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
)

var (
	_ resource.ResourceWithConfigure   = (*authzGrant)(nil)
	_ resource.ResourceWithModifyPlan  = (*authzGrant)(nil)
	_ resource.ResourceWithImportState = (*authzGrant)(nil)
	_ resource.ResourceWithIdentity    = (*authzGrant)(nil)
)

type authzGrant struct {
	providerdata.ForResource
	now func() time.Time
}

// NewAuthzGrant returns akash_authz_grant.
func NewAuthzGrant() resource.Resource { return &authzGrant{now: time.Now} }

// Metadata names the resource.
func (r *authzGrant) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_authz_grant"
}

// IdentitySchema is granter, grantee and the type of message.
func (r *authzGrant) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"granter": identityschema.StringAttribute{
			RequiredForImport: true, Description: "The account that is acted for, akash1….",
		},
		"grantee": identityschema.StringAttribute{
			RequiredForImport: true, Description: "The account that may act, akash1….",
		},
		"message_type": identityschema.StringAttribute{
			RequiredForImport: true, Description: "The type of message, e.g. /akash.market.v1beta5.MsgCreateLease.",
		},
	}}
}

// authzID names a grant; its text is granter/grantee/akash.module.MsgName.
type authzID struct{ granter, grantee, messageType string }

func (i authzID) String() string { return i.granter + "/" + i.grantee + i.messageType }

func (i authzID) identity() authzIdentity {
	return authzIdentity{Granter: text(i.granter), Grantee: text(i.grantee), MessageType: text(i.messageType)}
}

var errAuthzID = errors.New("want granter/grantee/message-type")

func parseAuthzID(text string) (authzID, error) {
	parts := strings.SplitN(text, "/", 3)
	if len(parts) != 3 {
		return authzID{}, fmt.Errorf("%q: %w", text, errAuthzID)
	}
	id := authzID{granter: parts[0], grantee: parts[1], messageType: "/" + strings.TrimPrefix(parts[2], "/")}
	if len(id.messageType) < 2 || strings.Contains(id.messageType[1:], "/") {
		return authzID{}, fmt.Errorf("%q: %w", text, errAuthzID)
	}
	if err := ids.ValidateAddress(id.granter); err != nil {
		return authzID{}, err
	}
	return id, ids.ValidateAddress(id.grantee)
}

// ImportState takes granter/grantee/message-type, the same without the granter for the configured account, or an
// identity.
func (r *authzGrant) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	text := req.ID
	if text == "" && req.Identity != nil {
		var identity authzIdentity
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
		if resp.Diagnostics.HasError() {
			return
		}
		text = strings.Join([]string{
			identity.Granter.ValueString(), identity.Grantee.ValueString(), identity.MessageType.ValueString(),
		}, "/")
	}
	id, err := parseAuthzID(text)
	if err != nil && r.Data != nil && r.Data.Owner != "" {
		if short, shortErr := parseAuthzID(r.Data.Owner + "/" + text); shortErr == nil {
			id, err = short, nil
		}
	}
	if err != nil {
		resp.Diagnostics.AddError("Invalid import id", err.Error()+"\n\nUse granter/grantee/message-type, such as "+
			"akash1…/akash1…/akash.market.v1beta5.MsgCreateLease, or without the granter for a grant of the configured account.")
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), id.String())...)
}

// ModifyPlan works out what the chain will hold, and refuses what it would refuse.
func (r *authzGrant) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	if req.Plan.Raw.IsNull() {
		return
	}
	var plan authzModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	var state *authzModel
	if !req.State.Raw.IsNull() {
		state = &authzModel{}
		resp.Diagnostics.Append(req.State.Get(ctx, state)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if r.Data != nil {
		checkGrantee(plan.Grantee, r.Data.Owner, &resp.Diagnostics)
		if state != nil {
			resp.Diagnostics.Append(r.Data.CheckChain(ctx, req.Private, state.ID.ValueString())...)
			resp.Diagnostics.Append(r.Data.CheckOwner("Grant", state.Granter.ValueString(), "Grant "+state.ID.ValueString())...)
		}
	}
	grants, replaces := plan.settle(ctx, state, &resp.Diagnostics)
	if replaces {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("message_type"))
	}
	if grants {
		checkTime(plan.ExpiresAt, r.now(), &resp.Diagnostics)
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
}
