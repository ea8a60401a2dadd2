// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
)

// addressTime is how long an Akash provider may take to show an address after the holder's container runs.
const addressTime = 2 * time.Minute

// errNoAddress is the cause of a failure when a lease runs and no address comes.
var errNoAddress = errors.New("the lease runs and its gateway shows no address")

// awaitAddress waits until a holder's gateway shows the address.
func (d *Deployer) awaitAddress(ctx context.Context, lease ids.LeaseID, name string) (string, error) {
	client, err := d.gatewayOf(ctx, lease.ProviderAddr)
	if err != nil {
		return "", err
	}
	address := ""
	until := d.Clock.Now().Add(addressTime)
	err = d.poll(ctx, func() (bool, error) {
		status, err := client.LeaseStatus(ctx, lease)
		switch {
		case err == nil:
			if address = addressIn(status); address != "" {
				return true, nil
			}
		case errors.Is(err, gateway.ErrLeaseNotFound), errors.Is(err, gateway.ErrUnavailable):
			if gone := d.stillLeased(ctx, lease.Group(), lease); gone != nil {
				return false, gone
			}
		default:
			return false, err
		}
		if d.Clock.Now().After(until) {
			return false, errNoAddress
		}
		return false, nil
	})
	if errors.Is(err, errNoAddress) {
		return "", &Failure{
			Title: "No address", Doing: fmt.Sprintf("Waiting for the address of endpoint %q on lease %s", name, lease),
			Cause:  fmt.Errorf("%w: another lease of this account there may have port %d of %q", err, IPHolderPort, name),
			Exists: d.whatExists(ctx, lease.Group()),
			Next: fmt.Sprintf("Run terraform apply again with another name, or keep Akash provider %s out with "+
				"bid_policy.deny.", lease.ProviderAddr),
		}
	}
	return address, err
}

// addressIn is the address on which a holder's port is; "" while there is none.
func addressIn(status gateway.LeaseStatus) string {
	for _, ip := range status.IPs[holderService] {
		if ip.ExternalPort == IPHolderPort && ip.IP != "" {
			return ip.IP
		}
	}
	return ""
}

// HolderAddress asks the gateway of a holder's lease for the address; "" when it shows none.
func (d *Deployer) HolderAddress(ctx context.Context, lease ids.LeaseID) (string, error) {
	status, err := d.ReadStatus(ctx, lease)
	return addressIn(status), err
}

// holdersOf lists the Akash providers that hold an endpoint of this name for the owner already: two holders of one name
// in one place would share an address, and one of them would get no port of it. except is the holder that asks.
func (d *Deployer) holdersOf(ctx context.Context, name string, except ids.DeploymentID) ([]string, error) {
	var others []ids.DeploymentID
	for key := []byte(nil); ; {
		page, next, err := d.Chain.DeploymentsPage(ctx, d.Owner, deploymentv1.Deployment_active.String(), key)
		if err != nil {
			return nil, fmt.Errorf("list the deployments of %s: %w", d.Owner, err)
		}
		for i := range page {
			id := chain.DeploymentIDOf(page[i].Deployment.ID)
			holds := slices.ContainsFunc(specsOf(page[i].Groups), holdsName(name, id.DSeq))
			if id != except && holds {
				others = append(others, id)
			}
		}
		if key = next; len(next) == 0 {
			break
		}
	}
	var addresses []string
	for _, id := range others {
		leases, err := d.Chain.ListLeases(ctx, chain.LeaseFilter{Owner: id.Owner, DSeq: id.DSeq})
		if err != nil {
			return nil, fmt.Errorf("list the leases of deployment %s: %w", id, err)
		}
		for i := range leases {
			if leases[i].Lease.State == marketv1.Lease_active {
				addresses = append(addresses, leases[i].Lease.ID.Provider)
			}
		}
	}
	return addresses, nil
}

// withoutDestroy takes the advice to destroy out of a text, for what is in no state.
func withoutDestroy(next string) string {
	before, _, _ := strings.Cut(next, "; to give up and get the deposit back")
	if before != next {
		return before + "."
	}
	return next
}
