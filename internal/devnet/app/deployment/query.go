// SPDX-License-Identifier: Apache-2.0

package deployment

import (
	"context"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/escrow"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/stateless"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/table"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// QueryServer answers the module's queries.
type QueryServer struct {
	k      *Keeper
	escrow *escrow.Keeper
}

var _ deploymentv1beta4.QueryServer = QueryServer{}

// NewQueryServer makes the query server.
func NewQueryServer(k *Keeper, accounts *escrow.Keeper) QueryServer {
	return QueryServer{k: k, escrow: accounts}
}

// Deployments lists deployments by owner, number and state. An owner that does
// not exist, or is no address, gives an empty list.
func (s QueryServer) Deployments(
	goCtx context.Context, req *deploymentv1beta4.QueryDeploymentsRequest,
) (*deploymentv1beta4.QueryDeploymentsResponse, error) {
	states, all, err := table.States(req.Filters.State, deploymentv1.Deployment_State_value, req.Pagination)
	if err != nil {
		return nil, err
	}
	ctx := sdk.UnwrapSDKContext(goCtx)
	f := req.Filters
	sel := table.Selection[deploymentv1.Deployment]{
		States: states, AllStates: all,
		Keep: func(d *deploymentv1.Deployment) bool {
			return (f.Owner == "" || f.Owner == d.ID.Owner) && (f.DSeq == 0 || f.DSeq == d.ID.DSeq)
		},
	}
	if f.Owner != "" {
		sel.Path, sel.Prefix = table.InPrimary, table.Key{}.Text(f.Owner)
		if f.DSeq != 0 && !table.Continued(req.Pagination) {
			return s.one(ctx, deploymentv1.DeploymentID{Owner: f.Owner, DSeq: f.DSeq}, states)
		}
	}
	found, page, err := s.k.deployments.List(ctx, sel, req.Pagination)
	if err != nil {
		return nil, err
	}
	out := make([]deploymentv1beta4.QueryDeploymentResponse, 0, len(found))
	for _, d := range found {
		view, err := s.view(ctx, d)
		if err != nil {
			return nil, err
		}
		out = append(out, *view)
	}
	return &deploymentv1beta4.QueryDeploymentsResponse{Deployments: out, Pagination: page}, nil
}

// one answers a list query whose filter names a single deployment.
func (s QueryServer) one(
	ctx sdk.Context, id deploymentv1.DeploymentID, states []int32,
) (*deploymentv1beta4.QueryDeploymentsResponse, error) {
	d, ok := s.k.deployments.Get(ctx, deploymentKey(id))
	if !ok || (len(states) > 0 && states[0] != int32(d.State)) {
		return &deploymentv1beta4.QueryDeploymentsResponse{Pagination: &query.PageResponse{}}, nil
	}
	view, err := s.view(ctx, d)
	if err != nil {
		return nil, err
	}
	return &deploymentv1beta4.QueryDeploymentsResponse{
		Deployments: []deploymentv1beta4.QueryDeploymentResponse{*view}, Pagination: &query.PageResponse{Total: 1},
	}, nil
}

// Deployment answers one deployment with groups and escrow account, or [ErrNotFound].
func (s QueryServer) Deployment(
	goCtx context.Context, req *deploymentv1beta4.QueryDeploymentRequest,
) (*deploymentv1beta4.QueryDeploymentResponse, error) {
	if _, err := stateless.Address(req.ID.Owner); err != nil {
		return nil, errOwner()
	}
	ctx := sdk.UnwrapSDKContext(goCtx)
	d, err := s.k.Deployment(ctx, req.ID)
	if err != nil {
		return nil, err
	}
	return s.view(ctx, d)
}

// Group answers one group, or [ErrGroupNotFound].
func (s QueryServer) Group(
	goCtx context.Context, req *deploymentv1beta4.QueryGroupRequest,
) (*deploymentv1beta4.QueryGroupResponse, error) {
	if _, err := stateless.Address(req.ID.Owner); err != nil {
		return nil, errOwner()
	}
	g, err := s.k.Group(sdk.UnwrapSDKContext(goCtx), req.ID)
	if err != nil {
		return nil, err
	}
	return &deploymentv1beta4.QueryGroupResponse{Group: g}, nil
}

// Params answers the module's parameters.
func (s QueryServer) Params(
	goCtx context.Context, _ *deploymentv1beta4.QueryParamsRequest,
) (*deploymentv1beta4.QueryParamsResponse, error) {
	params, err := s.k.Params(sdk.UnwrapSDKContext(goCtx))
	if err != nil {
		return nil, err
	}
	return &deploymentv1beta4.QueryParamsResponse{Params: params}, nil
}

func (s QueryServer) view(
	ctx sdk.Context, d deploymentv1.Deployment,
) (*deploymentv1beta4.QueryDeploymentResponse, error) {
	account, err := s.escrow.Account(ctx, escrow.DeploymentAccount(d.ID))
	if err != nil {
		return nil, err
	}
	return &deploymentv1beta4.QueryDeploymentResponse{
		Deployment: d, Groups: s.k.Groups(ctx, d.ID), EscrowAccount: account,
	}, nil
}

func errOwner() error { return status.Error(codes.InvalidArgument, "invalid owner address") }
