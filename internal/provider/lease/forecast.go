// SPDX-License-Identifier: Apache-2.0

package lease

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// tellAuction warns of an auction that the plan holds: why, as far as it is not for a new lease, and who would take the
// group for how much. slot is unknown for a new deployment; v is the zero value for a new lease.
func (r *leaseResource) tellAuction(
	ctx context.Context, group groupModel, slot types.String, policy market.Policy, v move,
) diag.Diagnostics {
	request := deploy.ForecastRequest{
		Policy: v.without(policy), MinReclamation: group.notice(), Repairs: v.repairs(),
	}
	why := ""
	if v.reason != "" {
		why = v.text()
	}
	if id, err := ids.ParseGroupID(slot.ValueString()); err == nil {
		request.Slot = id
	}
	var problems diag.Diagnostics
	told := false
	// A group that only apply knows, say with a GPU that is yet to be found, reads as an empty text, and that as a group
	// without services, which anybody could run.
	if spec, err := sdl.ParseGroupText(group.Spec.ValueString()); err == nil && group.Spec.ValueString() != "" {
		request.Spec = spec
		problems, told = r.Data.Forecast(ctx, subjectOf(group), why, request)
	}
	if !told && why != "" {
		problems.AddAttributeWarning(path.Root("auction_reason"), "New auction: "+slot.ValueString(), why)
	}
	return problems
}

// subjectOf is what people call a group: its services, or its name while they are not known.
func subjectOf(group groupModel) string {
	return deploy.GroupTitle([]byte(group.Manifest.ValueString()), group.Name.ValueString())
}
