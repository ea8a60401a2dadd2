// SPDX-License-Identifier: Apache-2.0

// Package gpuprofile is akash_gpu_profile: which GPU of a list of preferences the market offers under a ceiling, found
// out by a deployment that is closed as soon as it got its bids, and kept until somebody asks again.
package gpuprofile

import (
	"context"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
)

var (
	_ resource.ResourceWithConfigure      = (*profileResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*profileResource)(nil)
	_ resource.ResourceWithImportState    = (*profileResource)(nil)
	_ resource.ResourceWithIdentity       = (*profileResource)(nil)
	_ resource.ResourceWithValidateConfig = (*profileResource)(nil)
)

// defaultTimeout covers two transactions and a long window for bids.
const defaultTimeout = 15 * time.Minute

type profileResource struct {
	providerdata.ForResource
}

// NewResource returns akash_gpu_profile.
func NewResource() resource.Resource { return &profileResource{} }

// Metadata names the resource.
func (r *profileResource) Metadata(
	_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_gpu_profile"
}

// IdentitySchema is the id.
func (r *profileResource) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"id": identityschema.StringAttribute{
			RequiredForImport: true, Description: "The deployment of a probe, owner/dseq.",
		},
	}}
}

type identityModel struct {
	ID types.String `tfsdk:"id"`
}

// ImportState takes the deployment of a probe that is over, owner/dseq: the chain keeps what it asked and what was
// answered. The read that follows takes it from there.
func (r *profileResource) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	text := req.ID
	if text == "" && req.Identity != nil {
		var identity identityModel
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
		text = identity.ID.ValueString()
	}
	if strings.HasPrefix(text, unprobed) {
		resp.Diagnostics.AddError("Nothing to import", text+" is a profile that was never probed: nothing of it is on "+
			"chain.\n\nA profile with probe = \"never\" costs nothing and is made again by terraform apply.")
		return
	}
	if !strings.Contains(text, "/") && r.Data != nil && r.Data.Owner != "" {
		text = r.Data.Owner + "/" + text
	}
	id, err := ids.ParseDeploymentID(text)
	if err != nil {
		resp.Diagnostics.AddError("Invalid import id", err.Error()+"\n\nUse the deployment of a probe, owner/dseq or, for "+
			"the configured account, dseq: akash_gpu_profile.NAME.probe_id tells it. It is closed; the chain keeps its bids.")
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), id.String())...)
}
