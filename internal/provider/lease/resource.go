// SPDX-License-Identifier: Apache-2.0

// Package lease is akash_lease: a group's slot in the market, filled by an Akash provider.
package lease

import (
	"context"
	"strconv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"

	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
)

var (
	_ resource.ResourceWithConfigure   = (*leaseResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*leaseResource)(nil)
	_ resource.ResourceWithImportState = (*leaseResource)(nil)
	_ resource.ResourceWithIdentity    = (*leaseResource)(nil)
)

const (
	// defaultRunTimeout covers the wait for bids, the manifest and pulling images.
	defaultRunTimeout    = 15 * time.Minute
	defaultDeleteTimeout = 5 * time.Minute
)

type leaseResource struct {
	providerdata.ForResource
}

// NewResource returns akash_lease.
func NewResource() resource.Resource { return &leaseResource{} }

// Metadata names the resource.
func (r *leaseResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_lease"
}

// IdentitySchema is the slot: owner, dseq, gseq.
func (r *leaseResource) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"owner": identityschema.StringAttribute{
			RequiredForImport: true, Description: "The account that owns the deployment, akash1….",
		},
		"dseq": identityschema.StringAttribute{RequiredForImport: true, Description: "The deployment sequence."},
		"gseq": identityschema.Int64Attribute{RequiredForImport: true, Description: "The group's number, from 1."},
	}}
}

// ImportState takes owner/dseq/gseq, an identity, or a whole lease id: then no other lease will do.
func (r *leaseResource) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	text := req.ID
	if text == "" && req.Identity != nil {
		var identity identityModel
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
		if resp.Diagnostics.HasError() {
			return
		}
		text = identity.Owner.ValueString() + "/" + identity.DSeq.ValueString() + "/" +
			strconv.FormatInt(identity.GSeq.ValueInt64(), 10)
	}
	id, err := ids.ParseGroupID(text)
	if err != nil {
		lease, leaseErr := ids.ParseLeaseID(text)
		if leaseErr != nil {
			resp.Diagnostics.AddError("Invalid import id",
				err.Error()+"\n\nUse owner/dseq/gseq, or the whole lease id owner/dseq/gseq/oseq/akash-provider.")
			return
		}
		id = lease.Group()
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("lease_id"), lease.String())...)
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), id.String())...)
}
