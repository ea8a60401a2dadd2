// SPDX-License-Identifier: Apache-2.0

// Package deployment is akash_deployment: group specs, a manifest hash and an escrow account on chain.
package deployment

import (
	"context"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"

	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
)

var (
	_ resource.ResourceWithConfigure      = (*deploymentResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*deploymentResource)(nil)
	_ resource.ResourceWithImportState    = (*deploymentResource)(nil)
	_ resource.ResourceWithIdentity       = (*deploymentResource)(nil)
	_ resource.ResourceWithValidateConfig = (*deploymentResource)(nil)
)

// defaultTimeout covers a transaction on mainnet several times over.
const defaultTimeout = 5 * time.Minute

type deploymentResource struct {
	providerdata.ForResource
}

// NewResource returns akash_deployment.
func NewResource() resource.Resource { return &deploymentResource{} }

// Metadata names the resource.
func (r *deploymentResource) Metadata(
	_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_deployment"
}

// IdentitySchema is owner and dseq.
func (r *deploymentResource) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"owner": identityschema.StringAttribute{
			RequiredForImport: true, Description: "The account that owns the deployment, akash1….",
		},
		"dseq": identityschema.StringAttribute{
			RequiredForImport: true, Description: "The deployment sequence, e.g. 1763800000000123.",
		},
	}}
}

// ImportState takes owner/dseq, a bare dseq of the configured owner, or an identity.
func (r *deploymentResource) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	text := req.ID
	if text == "" && req.Identity != nil {
		var identity identityModel
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
		if resp.Diagnostics.HasError() {
			return
		}
		text = identity.Owner.ValueString() + "/" + identity.DSeq.ValueString()
	}
	if !strings.Contains(text, "/") && r.Data != nil && r.Data.Owner != "" {
		text = r.Data.Owner + "/" + text
	}
	id, err := ids.ParseDeploymentID(text)
	if err != nil {
		resp.Diagnostics.AddError("Invalid import id",
			err.Error()+"\n\nUse owner/dseq, or the dseq alone for a deployment of the configured account.")
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), id.String())...)
}
