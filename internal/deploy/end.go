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

// EndLease ends the slot's lease and keeps the deployment: the group is paused, so no new order opens. It does nothing
// when the group is paused, closed or gone already.
func (d *Deployer) EndLease(ctx context.Context, group ids.GroupID) error {
	doing := fmt.Sprintf("Ending the lease of group %s", group)
	slot, err := d.ReadSlot(ctx, group)
	if errors.Is(err, ErrGone) {
		return nil
	}
	if err != nil {
		return err
	}
	if slot.Group.State != deploymentv1beta4.Group_open {
		return nil
	}
	_, err = d.submit(ctx, &deploymentv1beta4.MsgPauseGroup{ID: chain.PBGroupID(group)})
	ended := errors.Is(err, chain.ErrGroupPaused) || errors.Is(err, chain.ErrGroupClosed)
	if err != nil && !ended {
		return d.fail(ctx, doing, d.costText(slot), err).onDestroy()
	}
	return nil
}
