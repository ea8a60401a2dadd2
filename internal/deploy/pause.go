// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"errors"
	"fmt"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// errKeepsData is why a lease is not ended.
var errKeepsData = errors.New("its lease keeps persistent storage, which goes with it")

// keepsData refuses to end a slot's running lease where data would go with it; nil where none would.
func (d *Deployer) keepsData(slot Slot, doing string) error {
	kept := PersistentStorage(slot.Group.GroupSpec)
	if kept == "" || !slot.Active() {
		return nil
	}
	return &Failure{
		Title: "Persistent data would be lost: " + slot.LeaseID().Group().String(), Doing: doing, Cause: errKeepsData,
		Exists: d.costText(slot) + " It keeps " + kept + ".",
		Next:   "Copy the data and set allow_data_loss = true, then do this again; or let the lease run.",
	}
}

// PauseGroup ends the slot's lease, if it has one, and sees that no order is open: the group stays as it is until
// [Deployer.EnsureLease] starts it. The deployment keeps its escrow, of which nothing is spent for the group. It does
// nothing for a group that is paused. With keepData a running lease with persistent storage is not ended. The error is
// a [*Failure], or wraps [ErrGone].
func (d *Deployer) PauseGroup(ctx context.Context, group ids.GroupID, keepData bool) error {
	doing := fmt.Sprintf("Pausing group %s", group)
	slot, err := d.ReadSlot(ctx, group)
	if err != nil {
		return err
	}
	if slot.Group.State == deploymentv1beta4.Group_paused {
		return nil
	}
	if refused := d.keepsData(slot, doing); keepData && refused != nil {
		return refused
	}
	_, err = d.submit(ctx, &deploymentv1beta4.MsgPauseGroup{ID: chain.PBGroupID(group)})
	switch {
	case err == nil, errors.Is(err, chain.ErrGroupPaused):
		return nil
	case errors.Is(err, chain.ErrGroupClosed):
		return fmt.Errorf("group %s: %w", group, ErrGone)
	default:
		return d.fail(ctx, doing, d.whatExists(ctx, group), err)
	}
}
