// SPDX-License-Identifier: Apache-2.0

package lease

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

// leaseKey is where a plan's private state names the lease in state. A replacement is planned in two calls, of which
// the second knows no state: this is its only trace of the first.
const leaseKey = "lease"

// noteReplacement remembers, from the plan to the apply, that a resource is replaced by one for the same group: with
// create_before_destroy the new one would find the old one's lease, which Terraform ends next. A group has one lease at
// a time, so that cannot work. A note that cannot be written costs the early refusal, see [leaseResource.keepsSlot].
func (r *leaseResource) noteReplacement(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
	state *model, slot types.String,
) {
	if r.Data.Journal == nil || r.Data.ChainID == "" {
		return
	}
	if state != nil {
		text, err := json.Marshal(state.LeaseID.ValueString())
		if err == nil {
			resp.Diagnostics.Append(resp.Private.SetKey(ctx, leaseKey, text)...)
		}
		if id, err := ids.ParseGroupID(state.ID.ValueString()); err == nil {
			_ = r.Data.Journal.ForgetReplaced(r.Data.ChainID, id) // an old note refuses too much at most
		}
		return
	}
	text, _ := req.Private.GetKey(ctx, leaseKey)
	var old string
	if len(text) == 0 || json.Unmarshal(text, &old) != nil {
		return
	}
	lease, err := ids.ParseLeaseID(old)
	if err == nil && lease.Group().String() == slot.ValueString() {
		_ = r.Data.Journal.NoteReplaced(r.Data.ChainID, lease) // see above
	}
}

// refuseReplacement refuses to create what would take over the lease that it is to replace.
func (r *leaseResource) refuseReplacement(
	ctx context.Context, deployer *deploy.Deployer, id ids.GroupID,
) (problems diag.Diagnostics) {
	if r.Data.Journal == nil {
		return nil
	}
	old, noted := r.Data.Journal.Replaced(r.Data.ChainID, id)
	if !noted {
		return nil
	}
	slot, err := deployer.ReadSlot(ctx, id)
	if err != nil || !slot.Active() || slot.LeaseID() != old {
		return nil // the old one has ended, as it does without create_before_destroy
	}
	problems.AddError("A lease cannot be replaced before it ends: "+id.String(), fmt.Sprintf(
		"The plan replaces this akash_lease by another one for the same group with create_before_destroy, while lease %s "+
			"runs in it. A group has one lease at a time: the new resource would take this lease over, and Terraform "+
			"would end it right after. Nothing was changed; the lease runs on.\n\nFor another auction set bid_policy "+
			"or price_ceiling so that the lease is left, or remove create_before_destroy from this akash_lease and "+
			"use -replace. Together with its akash_deployment, create_before_destroy works: the new deployment has a "+
			"group of its own.", old))
	return problems
}

// keepsSlot reports, when a resource is destroyed, that this run has created another one for the same group: whatever
// runs there is the new one's.
func (r *leaseResource) keepsSlot(id ids.GroupID, problems *diag.Diagnostics) bool {
	if !r.Data.HasFilled(id) {
		return false
	}
	problems.AddWarning("Lease kept: "+id.String(), "This run created another akash_lease for the same group, "+
		"which now has the lease. Only the old resource was removed from state; nothing was changed on chain. "+
		"Remove create_before_destroy from an akash_lease whose akash_deployment stays.")
	return true
}

// warnHosts says which host names changed hands, since nothing on chain and no other resource tells.
func warnHosts(lease deploy.Lease, problems *diag.Diagnostics) {
	if len(lease.MovedHosts) > 0 {
		problems.AddWarning("Host names moved to lease "+lease.ID.String(), strings.Join(lease.MovedHosts, ", ")+
			": another deployment of this account with the same Akash provider served them until now, and serves them no "+
			"longer. With create_before_destroy that is the one that is being replaced.")
	}
	if lease.HostTrouble != "" {
		problems.AddWarning("Host names not served by lease "+lease.ID.String(), "The workload runs, but not "+
			"under every name of its accept lists: "+lease.HostTrouble+"\n\nIf another deployment has them, take "+
			"them out of it. The next change of the manifest tries again.")
	}
}
