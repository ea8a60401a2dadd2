// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"

	"cosmossdk.io/math"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// source is where reading a deployment or a slot has its facts from: [direct] asks for each, the refresher shares.
type source interface {
	// deployment returns a chain.ErrNotFound only for one that may be called missing.
	deployment(ctx context.Context, id ids.DeploymentID) (*deploymentv1beta4.QueryDeploymentResponse, error)
	// lease returns the newest lease of a group, nil when it never had one.
	lease(ctx context.Context, id ids.GroupID) (*marketv1.Lease, error)
	// order returns the open order of a group, nil when it has none.
	order(ctx context.Context, id ids.GroupID) (*marketv1beta5.Order, error)
	// price is what the leases of a deployment, whose groups are given, cost together, in uact a block.
	price(ctx context.Context, id ids.DeploymentID, groups []ids.GroupID) (math.LegacyDec, error)
	// block is the newest one.
	block(ctx context.Context) (chain.Block, error)
}

// direct asks the chain anew for everything: for whoever decides about money.
type direct struct{ *Deployer }

func (d direct) deployment(
	ctx context.Context, id ids.DeploymentID,
) (*deploymentv1beta4.QueryDeploymentResponse, error) {
	return d.findDeployment(ctx, id)
}

func (d direct) lease(ctx context.Context, id ids.GroupID) (*marketv1.Lease, error) {
	leases, err := d.Chain.ListLeases(ctx, chain.LeaseFilter{Owner: id.Owner, DSeq: id.DSeq, GSeq: id.GSeq})
	if err != nil {
		return nil, err
	}
	var newest *marketv1.Lease
	for i := range leases {
		if lease := &leases[i].Lease; newest == nil || lease.ID.OSeq > newest.ID.OSeq {
			newest = lease
		}
	}
	return newest, nil
}

func (d direct) order(ctx context.Context, id ids.GroupID) (*marketv1beta5.Order, error) {
	orders, err := d.Chain.ListOrders(ctx, id, marketv1beta5.Order_open.String())
	if err != nil {
		return nil, err
	}
	var newest *marketv1beta5.Order
	for i := range orders {
		if newest == nil || orders[i].ID.OSeq > newest.ID.OSeq {
			newest = &orders[i]
		}
	}
	return newest, nil
}
