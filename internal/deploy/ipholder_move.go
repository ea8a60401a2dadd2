// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"errors"
	"fmt"

	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

// errElsewhere is the cause of a failure when an address should move to a lease with another Akash provider.
var errElsewhere = errors.New("an address never moves between Akash providers")

// MoveEndpoint gives a group's lease every port of an address that its manifest asks for, whichever lease had them, and
// waits until its gateway shows the address there. holder is the lease that holds it; it keeps its own port, so the
// address stays. Nothing of it is on chain. A group without a lease gets the ports that nobody has once it is leased:
// moved is false then. Errors are [*Failure]s.
func (d *Deployer) MoveEndpoint(
	ctx context.Context, holder ids.LeaseID, name, address string, to ids.GroupID,
) (moved bool, err error) {
	slot, err := d.ReadSlot(ctx, to)
	if err != nil {
		return false, d.moveFailure(ctx, name, to, err)
	}
	if !slot.Active() {
		return false, nil
	}
	if slot.LeaseID().ProviderAddr != holder.ProviderAddr {
		return false, d.moveFailure(ctx, name, to, fmt.Errorf("%w: the address is with %s, the lease of the group with %s",
			errElsewhere, holder.ProviderAddr, slot.LeaseID().ProviderAddr))
	}
	err = d.move(ctx, slot.LeaseID(), name, address)
	return err == nil, err
}

// HasEndpoint asks whether a group's lease has a port of an address. known is false where it has no lease with this
// Akash provider, or where nobody answers.
func (d *Deployer) HasEndpoint(
	ctx context.Context, providerAddr, address string, group ids.GroupID,
) (has, known bool) {
	slot, err := d.RefreshSlot(ctx, group)
	if err != nil || !slot.Active() || slot.LeaseID().ProviderAddr != providerAddr {
		return false, false
	}
	status, err := d.ReadStatus(ctx, slot.LeaseID())
	if err != nil || !status.Ready() {
		return false, false // an address comes after the services run
	}
	return hasAddress(status, address), true
}

// CheckMove says at plan that a group's lease is with another Akash provider than the address. What is not leased yet,
// or cannot be read, is no failure: apply may find it otherwise.
func (d *Deployer) CheckMove(ctx context.Context, providerAddr, name string, to ids.GroupID) error {
	slot, err := d.RefreshSlot(ctx, to)
	if err != nil || !slot.Active() || slot.LeaseID().ProviderAddr == providerAddr {
		return nil //nolint:nilerr // apply tells
	}
	return d.moveFailure(ctx, name, to, fmt.Errorf("%w: the address is with %s, the lease of the group with %s",
		errElsewhere, providerAddr, slot.LeaseID().ProviderAddr))
}

// attachNew is MoveEndpoint for an address that is new: a group that is leased elsewhere so far may follow.
func (d *Deployer) attachNew(ctx context.Context, holder IPHolder, to ids.GroupID) (moved bool, err error) {
	moved, err = d.MoveEndpoint(ctx, holder.Lease.ID, holder.Name, holder.Address, to)
	if errors.Is(err, errElsewhere) {
		return false, nil
	}
	return moved, err
}

func (d *Deployer) move(ctx context.Context, to ids.LeaseID, name, address string) error {
	client, err := d.gatewayOf(ctx, to.ProviderAddr)
	if err != nil {
		return d.moveFailure(ctx, name, to.Group(), err)
	}
	if _, err := client.MigrateEndpoints(ctx, to.Group(), []string{name}); err != nil {
		return d.moveFailure(ctx, name, to.Group(), err)
	}
	until := d.Clock.Now().Add(addressTime)
	err = d.poll(ctx, func() (bool, error) {
		status, err := client.LeaseStatus(ctx, to)
		switch {
		case err == nil && hasAddress(status, address):
			return true, nil
		case err != nil && !errors.Is(err, gateway.ErrUnavailable):
			return false, err
		case d.Clock.Now().After(until):
			return false, errNoAddress
		default:
			return false, nil
		}
	})
	if err != nil {
		return d.moveFailure(ctx, name, to.Group(), err)
	}
	return nil
}

// hasAddress reports whether a lease has a port of an address.
func hasAddress(status gateway.LeaseStatus, address string) bool {
	for _, ports := range status.IPs {
		for _, p := range ports {
			if p.IP == address {
				return true
			}
		}
	}
	return false
}

// moveFailure says what is left when an address could not be moved.
func (d *Deployer) moveFailure(ctx context.Context, name string, to ids.GroupID, err error) *Failure {
	f := d.fail(ctx, fmt.Sprintf("Moving endpoint %q to group %s", name, to), "The address is held as before, and its "+
		"ports are where they were, as far as is known. Nothing was spent.", err)
	f.Title = "Address not moved"
	f.Next = fmt.Sprintf("The group needs an active lease with the address's Akash provider, and an expose with ip: %s "+
		"in its SDL. Apply that first, then set attach. Run terraform apply again.", name)
	if errors.Is(err, errElsewhere) {
		f.Next = "Lease the group there with bid_policy.allow = [akash_ip_endpoint.NAME.provider_address], or set " +
			"bid_policy.allow of the endpoint to the other Akash provider, which replaces it and gives another address."
	}
	return f
}
