// SPDX-License-Identifier: Apache-2.0

package deployment

import (
	"bytes"
	"context"
	"fmt"
	"time"

	errorsmod "cosmossdk.io/errors"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/escrow"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/stateless"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	escrowid "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/id/v1"
)

// Market is what the deployment messages ask of the market.
type Market interface {
	// CreateOrder opens a group's next order.
	CreateOrder(ctx sdk.Context, group deploymentv1beta4.Group, reclamation *deploymentv1.DeploymentReclamation) error
	// CloseGroup closes a group's orders, bids and leases after the group itself.
	CloseGroup(ctx sdk.Context, id deploymentv1.GroupID) error
	// ReclamationBounds are the shortest and longest window allowed.
	ReclamationBounds(ctx sdk.Context) (low, high time.Duration, err error)
}

// MsgServer executes the module's messages.
type MsgServer struct {
	k      *Keeper
	escrow *escrow.Keeper
	market Market
}

var _ deploymentv1beta4.MsgServer = MsgServer{}

// NewMsgServer makes the message server.
func NewMsgServer(k *Keeper, accounts *escrow.Keeper, market Market) MsgServer {
	return MsgServer{k: k, escrow: accounts, market: market}
}

// UpdateParams is for governance alone.
func (MsgServer) UpdateParams(
	_ context.Context, m *deploymentv1beta4.MsgUpdateParams,
) (*deploymentv1beta4.MsgUpdateParamsResponse, error) {
	return nil, stateless.ForGovernance(m.Authority)
}

// CreateDeployment records a deployment with its groups, opens an order for each and funds the escrow account.
func (s MsgServer) CreateDeployment(
	goCtx context.Context, m *deploymentv1beta4.MsgCreateDeployment,
) (*deploymentv1beta4.MsgCreateDeploymentResponse, error) {
	if err := ValidateBasic(m); err != nil {
		return nil, err
	}
	ctx := sdk.UnwrapSDKContext(goCtx)
	if err := s.checkCreate(ctx, m); err != nil {
		return nil, err
	}
	owner, err := stateless.Address(m.ID.Owner)
	if err != nil {
		return nil, err
	}
	deposits, err := s.escrow.AuthorizeDeposits(ctx, owner, escrowid.Scope_deployment, m.Deposit)
	if err != nil {
		return nil, err
	}
	s.k.deployments.Set(ctx, deploymentv1.Deployment{
		ID: m.ID, State: deploymentv1.Deployment_active, Hash: m.Hash,
		CreatedAt: ctx.BlockHeight(), Reclamation: m.Reclamation,
	})
	event := &deploymentv1.EventDeploymentCreated{ID: m.ID, Hash: m.Hash}
	if err := ctx.EventManager().EmitTypedEvent(event); err != nil {
		return nil, err
	}
	for i := range m.Groups {
		gseq := uint32(i) + 1
		group := deploymentv1beta4.Group{
			ID:        deploymentv1.GroupID{Owner: m.ID.Owner, DSeq: m.ID.DSeq, GSeq: gseq},
			State:     deploymentv1beta4.Group_open,
			GroupSpec: m.Groups[i],
			CreatedAt: ctx.BlockHeight(),
		}
		s.k.groups.Set(ctx, group)
		if err := s.market.CreateOrder(ctx, group, m.Reclamation); err != nil {
			return nil, err
		}
	}
	if err := s.escrow.CreateAccount(ctx, escrow.DeploymentAccount(m.ID), owner, deposits); err != nil {
		return nil, err
	}
	return &deploymentv1beta4.MsgCreateDeploymentResponse{}, nil
}

// checkCreate runs the checks that need state, in the network's order.
func (s MsgServer) checkCreate(ctx sdk.Context, m *deploymentv1beta4.MsgCreateDeployment) error {
	if s.k.deployments.Has(ctx, deploymentKey(m.ID)) {
		return ErrExists
	}
	params, err := s.k.Params(ctx)
	if err != nil {
		return err
	}
	known, least := sdk.Coins(params.MinDeposits).Find(m.Deposit.Amount.Denom)
	if !known {
		// A detail behind "%w" loses the code, as on the network.
		return fmt.Errorf("%w: Invalid deposit denomination %s", ErrInvalidDeposit, m.Deposit.Amount.Denom)
	}
	if m.Deposit.Amount.Amount.LT(least.Amount) {
		return errorsmod.Wrapf(ErrInvalidDeposit, "Deposit too low - %s < %s", m.Deposit.Amount.Amount, least)
	}
	if m.Deposit.Amount.Denom == coin.UAKT {
		return ErrInvalidDeposit
	}
	if m.Reclamation != nil {
		low, high, err := s.market.ReclamationBounds(ctx)
		if err != nil {
			return err
		}
		if m.Reclamation.MinWindow < low {
			return errorsmod.Wrap(ErrInvalidReclamation, "min_window below governance minimum")
		}
		if m.Reclamation.MinWindow > high {
			return errorsmod.Wrap(ErrInvalidReclamation, "min_window above governance maximum")
		}
	}
	if err := validateGroupSpecs(m.Groups); err != nil {
		return errorsmod.Wrap(ErrInvalidGroups, err.Error())
	}
	if denom := priceDenom(&m.Groups[0]); denom != coin.UACT {
		return errorsmod.Wrapf(ErrInvalidPrice, "unsupported denomination %s", denom)
	}
	return nil
}

// UpdateDeployment changes the manifest hash, nothing else.
func (s MsgServer) UpdateDeployment(
	goCtx context.Context, m *deploymentv1beta4.MsgUpdateDeployment,
) (*deploymentv1beta4.MsgUpdateDeploymentResponse, error) {
	if err := ValidateBasic(m); err != nil {
		return nil, err
	}
	ctx := sdk.UnwrapSDKContext(goCtx)
	d, err := s.active(ctx, m.ID)
	if err != nil {
		return nil, err
	}
	if bytes.Equal(d.Hash, m.Hash) {
		return nil, ErrInvalidHash
	}
	d.Hash = m.Hash
	s.k.deployments.Set(ctx, d)
	event := &deploymentv1.EventDeploymentUpdated{ID: m.ID, Hash: m.Hash}
	if err := ctx.EventManager().EmitTypedEvent(event); err != nil {
		return nil, err
	}
	return &deploymentv1beta4.MsgUpdateDeploymentResponse{}, nil
}

// CloseDeployment closes the escrow account, whose hook closes everything else.
func (s MsgServer) CloseDeployment(
	goCtx context.Context, m *deploymentv1beta4.MsgCloseDeployment,
) (*deploymentv1beta4.MsgCloseDeploymentResponse, error) {
	if err := ValidateBasic(m); err != nil {
		return nil, err
	}
	ctx := sdk.UnwrapSDKContext(goCtx)
	if _, err := s.active(ctx, m.ID); err != nil {
		return nil, err
	}
	if err := s.escrow.CloseAccount(ctx, escrow.DeploymentAccount(m.ID)); err != nil {
		return nil, err
	}
	return &deploymentv1beta4.MsgCloseDeploymentResponse{}, nil
}

func (s MsgServer) active(ctx sdk.Context, id deploymentv1.DeploymentID) (deploymentv1.Deployment, error) {
	d, err := s.k.Deployment(ctx, id)
	if err == nil && d.State != deploymentv1.Deployment_active {
		err = ErrClosed
	}
	return d, err
}
