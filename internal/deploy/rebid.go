// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"errors"
	"fmt"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// Reopen ends a lease so that its group's next auction can begin: the chain opens the new order in the same
// transaction. It does nothing, and returns false, when the lease has ended already. loseData consents to the loss of
// persistent storage, without which such a lease is not ended. Errors are [*Failure]s.
func (d *Deployer) Reopen(ctx context.Context, lease ids.LeaseID, loseData bool) (ended bool, _ error) {
	doing := fmt.Sprintf("Ending lease %s for a new auction", lease)
	slot, err := d.ReadSlot(ctx, lease.Group())
	if errors.Is(err, ErrGone) {
		return false, &Failure{
			Title: "Group is gone", Doing: doing, Cause: err, Exists: nothingSpent,
			Next: "A closed group takes no bids. Run terraform apply: it creates the deployment again.",
		}
	}
	if err != nil {
		return false, d.fail(ctx, doing, nothingSpent, err)
	}
	if !slot.Active() || slot.LeaseID() != lease {
		return false, nil
	}
	if refused := d.keepsData(slot, doing); !loseData && refused != nil {
		return false, refused
	}
	_, err = d.submit(ctx, &marketv1beta5.MsgCloseLease{ID: chain.PBLeaseID(lease)})
	if errors.Is(err, chain.ErrLeaseNotActive) || errors.Is(err, chain.ErrOrderClosed) {
		return false, nil
	}
	if err != nil {
		return false, d.fail(ctx, doing, d.costText(slot), err)
	}
	return true, nil
}
