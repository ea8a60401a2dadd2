// SPDX-License-Identifier: Apache-2.0

package lease

import (
	"context"
	"fmt"

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
	return r.Data.Worded(problems)
}

// expectedGroup is the group that a new lease is for. Pulumi leaves all of it unknown while its deployment has no dseq;
// then it is the one group that this preview plans to create, and with several of them there is no forecast.
func (r *leaseResource) expectedGroup(
	ctx context.Context, plan model, group groupModel,
) (groupModel, diag.Diagnostics) {
	if !r.Data.WholeUnknowns || !plan.Group.IsUnknown() {
		return group, nil
	}
	planned := r.Data.NewGroups()
	if len(planned) == 1 {
		return groupOf(ctx, planned[0])
	}
	if len(planned) == 0 {
		return group, nil
	}
	var problems diag.Diagnostics
	problems.AddAttributeWarning(path.Root("group"), "No forecast for this lease yet", fmt.Sprintf(
		"Pulumi tells a preview nothing of a group while its deployment has no dseq, and this one plans %d different "+
			"groups. The function getForecast tells of each, from its SDL and the same price ceiling.", len(planned)))
	return group, problems
}

// subjectOf is what people call a group: its services, or its name while they are not known.
func subjectOf(group groupModel) string {
	return deploy.GroupTitle([]byte(group.Manifest.ValueString()), group.Name.ValueString())
}
