// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"cosmossdk.io/math"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/journal"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// DeploymentFilter narrows [Deployer.ListDeployments].
type DeploymentFilter struct {
	Owner string
	// State is active or closed; "" is both.
	State string
	// DSeq is the only one that is wanted; 0 is all.
	DSeq uint64
}

// ListedDeployment is a deployment in a list, active or closed.
type ListedDeployment struct {
	Deployment
	// State is the deployment's on chain, active or closed, and EscrowState its account's: open, closed or overdrawn.
	State, EscrowState string
	// Running is how many of its leases take money.
	Running int
	// Runway is how its money goes on; nil when it is closed, or when not all leases of its owner could be read.
	Runway *Runway
	// Unfinished is the kind of what an interrupted run of this configuration began with it, "" for nothing known. A
	// state may hold it all the same.
	Unfinished journal.Kind
}

// HoldsEndpoint says that the deployment does nothing but hold the address of an IP endpoint.
func (l ListedDeployment) HoldsEndpoint() bool {
	_, err := l.EndpointName()
	return err == nil
}

// ListDeployments lists an owner's deployments with what they hold and spend, with bounds. None is no error. The
// journal is asked without looking at what another live process is doing.
func (d *Deployer) ListDeployments(ctx context.Context, filter DeploymentFilter) (List[ListedDeployment], error) {
	var list List[ListedDeployment]
	var err error
	if list.At, err = d.Chain.LatestBlock(ctx); err != nil {
		return list, fmt.Errorf("height of the chain: %w", err)
	}
	anyActive := false
	list.Partial, err = eachOf(ctx, func(
		ctx context.Context, key []byte,
	) ([]deploymentv1beta4.QueryDeploymentResponse, []byte, error) {
		return d.deploymentsPage(ctx, filter, key)
	}, func(found deploymentv1beta4.QueryDeploymentResponse) {
		state := found.Deployment.State
		if filter.State != "" && filter.State != state.String() {
			return
		}
		anyActive = anyActive || state == deploymentv1.Deployment_active
		list.Items = append(list.Items, ListedDeployment{
			Deployment: deploymentOf(&found), State: state.String(), EscrowState: found.EscrowAccount.State.State.String(),
		})
	})
	if err != nil {
		return list, err
	}
	slices.SortFunc(list.Items, func(a, b ListedDeployment) int { return cmp.Compare(a.ID.DSeq, b.ID.DSeq) })
	if !anyActive {
		return list, nil
	}
	rates, all, err := d.rates(ctx, filter)
	if err != nil {
		return list, err
	}
	kinds, err := d.unfinished(filter.Owner)
	if err != nil {
		return list, err
	}
	list.Partial = list.Partial || !all
	for i := range list.Items {
		if item := &list.Items[i]; item.State == deploymentv1.Deployment_active.String() {
			item.Unfinished = kinds[item.ID]
			if all {
				item.count(rates[item.ID.DSeq], list.At)
			}
		}
	}
	return list, nil
}

// deploymentsPage is a page of the list, or the one deployment that is wanted.
func (d *Deployer) deploymentsPage(
	ctx context.Context, filter DeploymentFilter, key []byte,
) ([]deploymentv1beta4.QueryDeploymentResponse, []byte, error) {
	if filter.DSeq == 0 {
		return d.Chain.DeploymentsPage(ctx, filter.Owner, filter.State, key)
	}
	found, err := d.Chain.FindDeployment(ctx, ids.DeploymentID{Owner: filter.Owner, DSeq: filter.DSeq})
	switch {
	case errors.Is(err, chain.ErrNotFound):
		return nil, nil, nil
	case err != nil:
		return nil, nil, err
	}
	return []deploymentv1beta4.QueryDeploymentResponse{*found}, nil, nil
}

// rates are what leases take, in uact a block, by dseq and lease; all is false when there are more leases than are
// read.
func (d *Deployer) rates(
	ctx context.Context, filter DeploymentFilter,
) (rates map[uint64]map[ids.LeaseID]math.LegacyDec, all bool, err error) {
	rates = map[uint64]map[ids.LeaseID]math.LegacyDec{}
	for _, state := range []marketv1.Lease_State{marketv1.Lease_active, marketv1.Lease_reclaiming} {
		wanted := chain.LeaseFilter{Owner: filter.Owner, DSeq: filter.DSeq, State: state.String()}
		partial, err := eachOf(ctx, func(
			ctx context.Context, key []byte,
		) ([]marketv1beta5.QueryLeaseResponse, []byte, error) {
			return d.Chain.LeasesPage(ctx, wanted, key)
		}, func(l marketv1beta5.QueryLeaseResponse) {
			id := chain.LeaseIDOf(l.Lease.ID)
			if rates[id.DSeq] == nil {
				rates[id.DSeq] = map[ids.LeaseID]math.LegacyDec{}
			}
			rates[id.DSeq][id] = rateOf(&l.Lease) // one that begins to be reclaimed meanwhile counts once
		})
		if err != nil || partial {
			return nil, false, err
		}
	}
	return rates, true, nil
}

// count fills in how the money goes on, as of a block.
func (l *ListedDeployment) count(rates map[ids.LeaseID]math.LegacyDec, at chain.Block) {
	price := math.LegacyZeroDec()
	for _, rate := range rates {
		price = price.Add(rate)
	}
	runway := runwayAt(l.Deployment, price, at)
	l.Running, l.Runway = len(rates), &runway
}

// unfinished is what the journal holds of interrupted runs of this configuration.
func (d *Deployer) unfinished(owner string) (map[ids.DeploymentID]journal.Kind, error) {
	if d.Journal == nil {
		return nil, nil
	}
	kinds := map[ids.DeploymentID]journal.Kind{}
	for _, kind := range []journal.Kind{journal.KindDeployment, journal.KindProbe, journal.KindIPHolder} {
		intents, err := d.Journal.Unclaimed(kind, d.Chain.ChainID(), owner)
		if err != nil {
			return nil, fmt.Errorf("read the journal: %w", err)
		}
		for _, intent := range intents {
			kinds[intent.ID()] = kind
		}
	}
	return kinds, nil
}
