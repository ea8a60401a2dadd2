// SPDX-License-Identifier: Apache-2.0

// Package ipendpoint is akash_ip_endpoint: an address of an Akash provider, held by a tiny deployment of its own so
// that it outlives the deployments that use it.
package ipendpoint

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
	_ resource.ResourceWithConfigure   = (*endpointResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*endpointResource)(nil)
	_ resource.ResourceWithImportState = (*endpointResource)(nil)
	_ resource.ResourceWithIdentity    = (*endpointResource)(nil)
)

const (
	// defaultRunTimeout covers an auction, the container's start and the address.
	defaultRunTimeout    = 15 * time.Minute
	defaultDeleteTimeout = 5 * time.Minute
)

type endpointResource struct {
	providerdata.ForResource
}

// NewResource returns the resource.
func NewResource() resource.Resource { return &endpointResource{} }

// Metadata names the resource.
func (r *endpointResource) Metadata(
	_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_ip_endpoint"
}

// IdentitySchema is the holder's deployment: owner and dseq.
func (r *endpointResource) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"owner": identityschema.StringAttribute{
			RequiredForImport: true, Description: "The account that owns the address, akash1….",
		},
		"dseq": identityschema.StringAttribute{
			RequiredForImport: true, Description: "The sequence of the deployment that holds it, e.g. 1763800000000123.",
		},
	}}
}

// ImportState takes owner/dseq, a bare dseq of the configured owner, or an identity.
func (r *endpointResource) ImportState(
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
			err.Error()+"\n\nUse owner/dseq of the deployment that holds the address.")
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), id.String())...)
}
