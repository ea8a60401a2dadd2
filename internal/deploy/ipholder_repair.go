// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// ErrNoHolder is returned for a deployment that holds no address.
var ErrNoHolder = errors.New("it was not made by an akash_ip_endpoint")

// holdsName finds the group of a holder of an endpoint.
func holdsName(name string, dseq uint64) func(deploymentv1beta4.GroupSpec) bool {
	return func(g deploymentv1beta4.GroupSpec) bool { return HolderName(g.Name, dseq) == name }
}

// EndpointName is the name that a holder's deployment has on chain. The error wraps [ErrNoHolder].
func (d Deployment) EndpointName() (string, error) {
	if len(d.Groups) == 1 {
		if name := HolderName(d.Groups[0].GroupSpec.Name, d.ID.DSeq); name != "" {
			return name, nil
		}
	}
	return "", fmt.Errorf("deployment %s: %w", d.ID, ErrNoHolder)
}

// RepairIPHolder leases a holder again whose lease ended. The Akash provider before is asked first: where deployments
// still use the endpoint there, the address is the same. A failure closes nothing, as a state holds the deployment.
func (d *Deployer) RepairIPHolder(
	ctx context.Context, id ids.DeploymentID, before string, request IPHolderRequest,
) (IPHolder, error) {
	found, err := d.ReadDeployment(ctx, id)
	if err != nil {
		return IPHolder{}, err
	}
	holder := IPHolder{Opened: Opened{ID: id}}
	if holder.Name, err = found.EndpointName(); err != nil {
		return IPHolder{}, err
	}
	given := holder.Name
	if found.Groups[0].GroupSpec.Name == holderGroup {
		given = ""
	}
	doc, err := holderDocument(given, id.DSeq, request.Most)
	if err != nil {
		return IPHolder{}, err
	}
	if err := d.UpdateHash(ctx, id, doc.Hash()); err != nil {
		return IPHolder{}, err
	}
	elsewhere, err := d.holdersOf(ctx, holder.Name, id)
	if err != nil {
		return IPHolder{}, d.fail(ctx, "Looking for other holders of "+holder.Name, d.whatExists(ctx, HolderGroup(id)), err)
	}
	asked := holderLease(id, doc, request)
	asked.Policy.Deny = append(elsewhere, asked.Policy.Deny...)
	if holder.Lease, err = d.leaseAgain(ctx, asked, before); err != nil {
		return IPHolder{}, err
	}
	if holder.Address, err = d.awaitAddress(ctx, holder.Lease.ID, holder.Name); err != nil {
		return IPHolder{}, d.fail(ctx, "Waiting for the address of endpoint "+holder.Name,
			d.whatExists(ctx, HolderGroup(id)), err)
	}
	return holder, nil
}

// leaseAgain asks the Akash provider before alone, then everybody.
func (d *Deployer) leaseAgain(ctx context.Context, asked LeaseRequest, before string) (Lease, error) {
	seller := market.Seller{Addr: before}
	if before == "" || asked.Policy.Staying().RefuseSeller(seller) != "" {
		return d.EnsureLease(ctx, asked)
	}
	same := asked
	same.Policy.Allow, same.MinBids = []string{before}, 1
	same.Policy.Deny = slices.Clone(asked.Policy.Deny)
	lease, err := d.EnsureLease(ctx, same)
	if errors.Is(err, errNoBid) {
		d.Logger.Info("the Akash provider before did not bid", "provider_address", before)
		return d.EnsureLease(ctx, asked)
	}
	return lease, err
}
