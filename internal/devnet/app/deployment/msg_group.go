// SPDX-License-Identifier: Apache-2.0

package deployment

import (
	"context"

	sdk "github.com/cosmos/cosmos-sdk/types"

	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// CloseGroup closes one group with its orders, bids and leases; the deployment's
// account stays open.
func (s MsgServer) CloseGroup(
	goCtx context.Context, m *deploymentv1beta4.MsgCloseGroup,
) (*deploymentv1beta4.MsgCloseGroupResponse, error) {
	ctx, group, err := s.group(goCtx, m, m.ID)
	if err != nil {
		return nil, err
	}
	if err := Closable(group); err != nil {
		return nil, err
	}
	if err := s.k.CloseGroup(ctx, group, deploymentv1beta4.Group_closed); err != nil {
		return nil, err
	}
	if err := s.market.CloseGroup(ctx, m.ID); err != nil {
		return nil, err
	}
	return &deploymentv1beta4.MsgCloseGroupResponse{}, nil
}

// PauseGroup closes a group's orders, bids and leases; it can be started again.
func (s MsgServer) PauseGroup(
	goCtx context.Context, m *deploymentv1beta4.MsgPauseGroup,
) (*deploymentv1beta4.MsgPauseGroupResponse, error) {
	ctx, group, err := s.group(goCtx, m, m.ID)
	if err != nil {
		return nil, err
	}
	if err := pausable(group); err != nil {
		return nil, err
	}
	if err := s.k.PauseGroup(ctx, group); err != nil {
		return nil, err
	}
	if err := s.market.CloseGroup(ctx, m.ID); err != nil {
		return nil, err
	}
	return &deploymentv1beta4.MsgPauseGroupResponse{}, nil
}

// StartGroup opens a paused group and its next order.
func (s MsgServer) StartGroup(
	goCtx context.Context, m *deploymentv1beta4.MsgStartGroup,
) (*deploymentv1beta4.MsgStartGroupResponse, error) {
	ctx, group, err := s.group(goCtx, m, m.ID)
	if err != nil {
		return nil, err
	}
	if err := startable(group); err != nil {
		return nil, err
	}
	if err := s.k.StartGroup(ctx, group); err != nil {
		return nil, err
	}
	d, err := s.k.Deployment(ctx, deploymentv1.DeploymentID{Owner: m.ID.Owner, DSeq: m.ID.DSeq})
	if err != nil {
		return nil, err
	}
	if err := s.market.CreateOrder(ctx, group, d.Reclamation); err != nil {
		return nil, err
	}
	return &deploymentv1beta4.MsgStartGroupResponse{}, nil
}

func (s MsgServer) group(
	goCtx context.Context, m sdk.Msg, id deploymentv1.GroupID,
) (sdk.Context, deploymentv1beta4.Group, error) {
	ctx := sdk.UnwrapSDKContext(goCtx)
	if err := ValidateBasic(m); err != nil {
		return ctx, deploymentv1beta4.Group{}, err
	}
	g, err := s.k.Group(ctx, id)
	return ctx, g, err
}
