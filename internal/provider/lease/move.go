// SPDX-License-Identifier: Apache-2.0

package lease

import (
	"cmp"
	"fmt"
	"maps"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// move is why a slot needs another lease. Plans make it from state and configuration alone.
type move struct {
	// reason is a sentence without its full stop, for auction_reason; "" is that the lease may stay.
	reason string
	// cause says who caused it.
	cause cause
	// from is the Akash provider that must not win again; "" lets it.
	from string
}

// cause is who wants a lease to end.
type cause int

const (
	// configured: this configuration, which may leave it.
	configured cause = iota
	// over: nobody any more, it has ended.
	over
	// started: this configuration, of a group without a lease.
	started
	// starved: the deployment's escrow, which has run out.
	starved
	// reclaiming: the Akash provider, at its deadline.
	reclaiming
)

// takesBack is why an Akash provider that reclaims a lease cannot win the next one.
const takesBack = "takes back the lease that it has"

func outvoted(reason string) move { return move{reason: reason, cause: configured} }

// lost says how the slot's lease ended; the zero value while it runs.
func (m *model) lost() move {
	state := m.State.ValueString()
	if m.isPaused() || state == waiting {
		return move{reason: fmt.Sprintf("Group %s was paused and is to run", m.ID.ValueString()), cause: started}
	}
	if state == marketv1.Lease_active.String() || state == marketv1.Lease_reclaiming.String() {
		return move{}
	}
	reason := fmt.Sprintf("Lease %s ended", m.LeaseID.ValueString())
	if block := m.EndedInBlock.ValueInt64(); block > 0 {
		reason += fmt.Sprintf(" in block %d", block)
	}
	code := m.CloseReason.ValueString()
	found := move{reason: fmt.Sprintf("%s (%s): %s", reason, code, deploy.CloseReason(code)), cause: over}
	if state == marketv1.Lease_insufficient_funds.String() {
		found.cause = starved
	}
	return found
}

// reclaimed says that the Akash provider takes the lease back; the zero value while it does not.
func (m *model) reclaimed() move {
	if m.State.ValueString() != marketv1.Lease_reclaiming.String() {
		return move{}
	}
	return move{
		reason: fmt.Sprintf("Akash provider %s takes lease %s back: it may end it from %s on, as it announced at %s",
			m.ProviderAddress.ValueString(), m.LeaseID.ValueString(),
			cmp.Or(m.ReclaimDeadline.ValueString(), "a time that the next refresh reads"),
			cmp.Or(m.ReclaimStarted.ValueString(), "a time that the next refresh reads")),
		cause: reclaiming, from: m.ProviderAddress.ValueString(),
	}
}

// repairs reports whether the lease is lost, or will be, whatever is planned: then bad news refuses no plan.
func (v move) repairs() bool { return v.cause == over || v.cause == starved || v.cause == reclaiming }

// text is what a plan says of the move: what happened, what apply does, what becomes of data.
func (v move) text() string {
	const again = " Apply asks for bids again in the same deployment, which keeps its dseq and its escrow"
	switch v.cause {
	case over, started:
		return v.reason + "." + again + ", and delivers the manifest to the winner. What the old lease kept on " +
			"persistent storage, and its addresses, went with it."
	case starved:
		return v.reason + ". A deposit is needed before anything can run: raise deposit, or set deposit.runway, on " +
			"akash_deployment." + again + "; without money in it no lease can be made. What the old lease kept on " +
			"persistent storage, and its addresses, went with it."
	case reclaiming:
		return v.reason + "." + again + ", before that time comes: it ends the lease, so the workload stops, and " +
			"starts it with the best of the other Akash providers. Until you apply, the lease runs and is paid for. " +
			"Data on its persistent storage, and its addresses, are lost either way."
	case configured:
	}
	return v.reason + "." + again + ": it ends the lease, so the workload stops, and starts it with whoever " +
		"wins. Data on the old lease's persistent storage, and its addresses, are lost."
}

// without keeps the one out that must not win again.
func (v move) without(policy market.Policy) market.Policy {
	if v.from == "" {
		return policy
	}
	unusable := map[string]string{v.from: takesBack}
	maps.Copy(unusable, policy.Unusable)
	policy.Unusable = unusable
	return policy
}

// consent asks whether data may be lost with a lease that still runs. A move that the configuration wants is refused
// without it; one that the Akash provider wants waits, as data can be copied until the deadline, and stays is true.
func (m *model) consent(v move, group groupModel) (stays bool, problems diag.Diagnostics) {
	if v.reason == "" || v.cause == over || v.cause == started || v.cause == starved || m.AllowDataLoss.ValueBool() ||
		m.AllowDataLoss.IsUnknown() {
		return false, nil
	}
	spec, err := sdl.ParseGroupText(group.Spec.ValueString())
	if err != nil {
		return false, nil // a group whose spec is not known can be judged by nobody
	}
	kept := deploy.PersistentStorage(spec)
	if kept == "" {
		return false, nil
	}
	at := path.Root("allow_data_loss")
	if v.cause == reclaiming {
		problems.AddAttributeWarning(at, "Lease with persistent storage ends soon: "+m.ID.ValueString(), fmt.Sprintf(
			"%s. It keeps %s, which goes with it. Copy the data before that time, then set allow_data_loss = true: the next "+
				"apply moves the group in good order. Without it nothing is changed now, and the group is leased again by "+
				"the first apply after the end.", v.reason, kept))
		return true, problems
	}
	problems.AddAttributeError(at, "Persistent data would be lost: "+m.ID.ValueString(), fmt.Sprintf(
		"%s, so a new auction would end the lease. It keeps %s, which goes with it. Nothing was changed.\n\nCopy "+
			"the data and set allow_data_loss = true on this akash_lease, or let the lease stay: undo what excludes "+
			"it.", v.reason, kept))
	return false, problems
}

// setEnd fills in how the lease ended, or when it will.
func (m *model) setEnd(lease marketv1.Lease) {
	m.CloseReason, m.EndedInBlock = types.StringNull(), types.Int64Null()
	m.ReclaimStarted, m.ReclaimDeadline = types.StringNull(), types.StringNull()
	switch lease.State {
	case marketv1.Lease_active, marketv1.Lease_invalid:
	case marketv1.Lease_reclaiming:
		if r := lease.Reclamation; r != nil && r.Deadline > 0 {
			deadline := time.Unix(r.Deadline, 0).UTC()
			m.ReclaimDeadline = types.StringValue(deadline.Format(time.RFC3339))
			m.ReclaimStarted = types.StringValue(deadline.Add(-r.Window).Format(time.RFC3339))
		}
	case marketv1.Lease_closed, marketv1.Lease_insufficient_funds:
		m.CloseReason = types.StringValue(lease.Reason.String())
		m.EndedInBlock = types.Int64Value(lease.ClosedOn)
	}
}
