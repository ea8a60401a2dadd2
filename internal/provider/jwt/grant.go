// SPDX-License-Identifier: Apache-2.0

package jwt

import (
	"context"
	"fmt"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

type permissionModel struct {
	ProviderAddress types.String `tfsdk:"provider_address"`
	Access          types.String `tfsdk:"access"`
	Scope           types.List   `tfsdk:"scope"`
	Deployments     types.List   `tfsdk:"deployments"`
}

type deploymentModel struct {
	DSeq     types.String `tfsdk:"dseq"`
	GSeq     types.Int64  `tfsdk:"gseq"`
	OSeq     types.Int64  `tfsdk:"oseq"`
	Scope    types.List   `tfsdk:"scope"`
	Services types.List   `tfsdk:"services"`
}

// reader decodes attributes and remembers whether all of them were known.
type reader struct {
	ctx      context.Context
	unknown  bool
	problems diag.Diagnostics
}

// grant is what the configuration asks for; known is false while a part of it is not.
func (m model) grant(ctx context.Context, owner string) (grant gateway.Grant, known bool, problems diag.Diagnostics) {
	r := &reader{ctx: ctx}
	grant.Access = gateway.Access(r.text(m.Access))
	if m.LeaseID.IsNull() {
		if !m.Services.IsNull() {
			r.problems.AddAttributeError(path.Root("services"), "Services without a lease",
				"services goes with lease_id. In permissions each deployment has its own.")
		}
		grant.Scope, grant.Permissions = r.scope(m.Scope), r.permissions(m.Permissions)
		return grant, !r.unknown, r.problems
	}
	if !m.Permissions.IsNull() || m.Access.ValueString() != string(gateway.AccessGranular) && !m.Access.IsUnknown() {
		r.problems.AddAttributeError(path.Root("lease_id"), "Lease and other access",
			"lease_id goes with access = \"granular\", scope and services, and without permissions.")
		return grant, false, r.problems
	}
	text := r.text(m.LeaseID)
	scope, services := r.scope(m.Scope), r.texts(m.Services)
	if r.unknown {
		return grant, false, r.problems
	}
	lease, err := ids.ParseLeaseID(text)
	if err != nil {
		r.problems.AddAttributeError(path.Root("lease_id"), "Invalid lease", fmt.Sprintf(
			"%v.\n\nTake lease_id of an akash_lease: owner/dseq/gseq/oseq/akash-provider.", err))
		return grant, false, r.problems
	}
	if owner != "" && lease.Owner != owner {
		r.problems.AddAttributeError(path.Root("lease_id"), "Lease of another account", fmt.Sprintf(
			"Lease %s is not of %s, which signs the token; its gateway would not find it.", lease, owner))
	}
	grant.Permissions = []gateway.Permission{{
		ProviderAddr: lease.ProviderAddr, Access: gateway.AccessGranular,
		Deployments: []gateway.DeploymentPermission{{
			DSeq: lease.DSeq, GSeq: lease.GSeq, OSeq: lease.OSeq, Scope: scope, Services: services,
		}},
	}}
	return grant, true, r.problems
}

func (r *reader) text(value types.String) string {
	r.unknown = r.unknown || value.IsUnknown()
	return value.ValueString()
}

func (r *reader) number(value types.Int64) uint32 {
	r.unknown = r.unknown || value.IsUnknown()
	return uint32(value.ValueInt64()) //nolint:gosec // the schema bounds it
}

func (r *reader) texts(value types.List) []string {
	var all []string
	for _, e := range elements[types.String](r, value) {
		all = append(all, r.text(e))
	}
	return all
}

func (r *reader) scope(value types.List) []gateway.Scope {
	var all []gateway.Scope
	for _, text := range r.texts(value) {
		all = append(all, gateway.Scope(text))
	}
	return all
}

func (r *reader) permissions(value types.List) []gateway.Permission {
	var all []gateway.Permission
	for _, p := range elements[permissionModel](r, value) {
		permission := gateway.Permission{
			ProviderAddr: r.text(p.ProviderAddress), Access: gateway.Access(r.text(p.Access)), Scope: r.scope(p.Scope),
		}
		for _, d := range elements[deploymentModel](r, p.Deployments) {
			permission.Deployments = append(permission.Deployments, gateway.DeploymentPermission{
				DSeq: r.dseq(d.DSeq), GSeq: r.number(d.GSeq), OSeq: r.number(d.OSeq),
				Scope: r.scope(d.Scope), Services: r.texts(d.Services),
			})
		}
		all = append(all, permission)
	}
	return all
}

func (r *reader) dseq(value types.String) uint64 {
	text := r.text(value)
	if value.IsUnknown() {
		return 0
	}
	dseq, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		r.problems.AddAttributeError(path.Root("permissions"), "Invalid dseq",
			fmt.Sprintf("permissions: dseq %q is no whole number such as 1763800000000123.", text))
	}
	return dseq
}

// elements decodes a list; nothing of one that is unknown, in whole or in one element.
func elements[T any](r *reader, value types.List) []T {
	if value.IsUnknown() || anyUnknown(value.Elements()) {
		r.unknown = true
		return nil
	}
	var all []T
	if !value.IsNull() {
		r.problems.Append(value.ElementsAs(r.ctx, &all, false)...)
	}
	return all
}

func anyUnknown(values []attr.Value) bool {
	for _, v := range values {
		if v.IsUnknown() {
			return true
		}
	}
	return false
}
