// SPDX-License-Identifier: Apache-2.0

package chain

import (
	"context"
	"fmt"

	"github.com/cosmos/cosmos-sdk/types/query"

	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// FindDeployment returns the deployment with its groups and escrow account,
// closed ones too. It returns [ErrDeploymentNotFound] when it never existed.
func (c *Client) FindDeployment(
	ctx context.Context, id ids.DeploymentID,
) (*deploymentv1beta4.QueryDeploymentResponse, error) {
	reply, err := deploymentv1beta4.NewQueryClient(c.pool).Deployment(ctx,
		&deploymentv1beta4.QueryDeploymentRequest{ID: PBDeploymentID(id)})
	if err != nil {
		return nil, fmt.Errorf("deployment %s: %w", id, err)
	}
	return reply, nil
}

// ListDeployments returns all deployments of owner. State is active, closed or
// empty for both. An owner the chain does not know has none.
func (c *Client) ListDeployments(
	ctx context.Context, owner, state string,
) ([]deploymentv1beta4.QueryDeploymentResponse, error) {
	all, err := listAll(ctx, c.deployments(owner, state))
	if err != nil {
		return nil, fmt.Errorf("deployments of %s: %w", owner, err)
	}
	return all, nil
}

// DeploymentsPage returns one page of [Client.ListDeployments]: the first with a nil key, and with the next of a page
// the one behind it, for the same owner and state. Next is nil behind the last one. Pages may be of different heights.
func (c *Client) DeploymentsPage(
	ctx context.Context, owner, state string, key []byte,
) (page []deploymentv1beta4.QueryDeploymentResponse, next []byte, err error) {
	page, next, err = onePage(ctx, key, c.deployments(owner, state))
	if err != nil {
		return nil, nil, fmt.Errorf("deployments of %s: %w", owner, err)
	}
	return page, next, nil
}

func (c *Client) deployments(owner, state string) func(
	context.Context, *query.PageRequest,
) ([]deploymentv1beta4.QueryDeploymentResponse, *query.PageResponse, error) {
	client := deploymentv1beta4.NewQueryClient(c.pool)
	filters := deploymentv1beta4.DeploymentFilters{Owner: owner, State: state}
	return func(
		ctx context.Context, page *query.PageRequest,
	) ([]deploymentv1beta4.QueryDeploymentResponse, *query.PageResponse, error) {
		reply, err := client.Deployments(ctx,
			&deploymentv1beta4.QueryDeploymentsRequest{Filters: filters, Pagination: page})
		if err != nil {
			return nil, nil, err
		}
		return reply.Deployments, reply.Pagination, nil
	}
}

// FindGroup returns one group of a deployment, or [ErrGroupNotFound].
func (c *Client) FindGroup(ctx context.Context, id ids.GroupID) (*deploymentv1beta4.Group, error) {
	reply, err := deploymentv1beta4.NewQueryClient(c.pool).Group(ctx,
		&deploymentv1beta4.QueryGroupRequest{ID: PBGroupID(id)})
	if err != nil {
		return nil, fmt.Errorf("group %s: %w", id, err)
	}
	return &reply.Group, nil
}

// DeploymentParams returns the network's rules for deployments, such as the
// smallest deposits.
func (c *Client) DeploymentParams(ctx context.Context) (deploymentv1beta4.Params, error) {
	reply, err := deploymentv1beta4.NewQueryClient(c.pool).Params(ctx, &deploymentv1beta4.QueryParamsRequest{})
	if err != nil {
		return deploymentv1beta4.Params{}, fmt.Errorf("deployment parameters: %w", err)
	}
	return reply.Params, nil
}
