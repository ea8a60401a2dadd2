// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// view is what lists told of one owner's deployments, leases and open orders. Lists are by state, so that a long
// history costs nothing to those whose resources run.
type view struct {
	// changes is the refresher's count when the view was begun, until the time it is used.
	changes uint64
	until   time.Time

	deployments, closed        listing[ids.DeploymentID, *deploymentv1beta4.QueryDeploymentResponse]
	running, reclaiming, ended listing[ids.GroupID, *marketv1.Lease]
	orders                     listing[ids.GroupID, *marketv1beta5.Order]
}

func newView(from Chain, owner string, changes uint64, until time.Time) *view {
	return &view{
		changes: changes, until: until,
		deployments: deploymentsOf(from, owner, deploymentv1.Deployment_active),
		closed:      deploymentsOf(from, owner, deploymentv1.Deployment_closed),
		running:     leasesOf(from, owner, marketv1.Lease_active),
		reclaiming:  leasesOf(from, owner, marketv1.Lease_reclaiming),
		ended:       leasesOf(from, owner, marketv1.Lease_closed),
		orders:      openOrdersOf(from, owner),
	}
}

func deploymentsOf(
	from Chain, owner string, state deploymentv1.Deployment_State,
) listing[ids.DeploymentID, *deploymentv1beta4.QueryDeploymentResponse] {
	return listing[ids.DeploymentID, *deploymentv1beta4.QueryDeploymentResponse]{
		page: func(
			ctx context.Context, key []byte,
		) ([]*deploymentv1beta4.QueryDeploymentResponse, []byte, error) {
			page, next, err := from.DeploymentsPage(ctx, owner, state.String(), key)
			return pointers(page), next, err
		},
		id: func(d *deploymentv1beta4.QueryDeploymentResponse) ids.DeploymentID {
			return chain.DeploymentIDOf(d.Deployment.ID)
		},
		order: func(*deploymentv1beta4.QueryDeploymentResponse) uint32 { return 0 },
	}
}

func leasesOf(from Chain, owner string, state marketv1.Lease_State) listing[ids.GroupID, *marketv1.Lease] {
	return listing[ids.GroupID, *marketv1.Lease]{
		page: func(ctx context.Context, key []byte) ([]*marketv1.Lease, []byte, error) {
			page, next, err := from.LeasesPage(ctx, chain.LeaseFilter{Owner: owner, State: state.String()}, key)
			leases := make([]*marketv1.Lease, 0, len(page))
			for i := range page {
				leases = append(leases, &page[i].Lease)
			}
			return leases, next, err
		},
		id: func(l *marketv1.Lease) ids.GroupID {
			return ids.GroupID{Owner: l.ID.Owner, DSeq: l.ID.DSeq, GSeq: l.ID.GSeq}
		},
		order: func(l *marketv1.Lease) uint32 { return l.ID.OSeq },
	}
}

func openOrdersOf(from Chain, owner string) listing[ids.GroupID, *marketv1beta5.Order] {
	return listing[ids.GroupID, *marketv1beta5.Order]{
		page: func(ctx context.Context, key []byte) ([]*marketv1beta5.Order, []byte, error) {
			page, next, err := from.OrdersPage(ctx, owner, marketv1beta5.Order_open.String(), key)
			return pointers(page), next, err
		},
		id: func(o *marketv1beta5.Order) ids.GroupID {
			return ids.GroupID{Owner: o.ID.Owner, DSeq: o.ID.DSeq, GSeq: o.ID.GSeq}
		},
		order: func(o *marketv1beta5.Order) uint32 { return o.ID.OSeq },
	}
}

func pointers[V any](values []V) []*V {
	all := make([]*V, len(values))
	for i := range values {
		all[i] = &values[i]
	}
	return all
}
