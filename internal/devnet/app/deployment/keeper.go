// SPDX-License-Identifier: Apache-2.0

// Package deployment holds deployments and their groups: creation with every
// limit of the network, hash updates, group pause and start, and closing.
//
// Orders, bids and leases are the market package's; money is escrow's.
// Source: protocol/lifecycle.md section 2.
package deployment

import (
	storetypes "cosmossdk.io/store/types"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/table"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// ModuleName names the module and its store.
const ModuleName = "deployment"

var paramsKey = []byte{0}

// Keeper is the module's state.
type Keeper struct {
	store       storetypes.StoreKey
	deployments table.Table[deploymentv1.Deployment, *deploymentv1.Deployment]
	groups      table.Table[deploymentv1beta4.Group, *deploymentv1beta4.Group]
}

// NewKeeper makes a keeper on its store.
func NewKeeper(store storetypes.StoreKey) *Keeper {
	return &Keeper{
		store: store,
		deployments: table.New[deploymentv1.Deployment](store, 1, table.Def[deploymentv1.Deployment]{
			Primary: func(d *deploymentv1.Deployment) table.Key { return deploymentKey(d.ID) },
			State:   func(d *deploymentv1.Deployment) int32 { return int32(d.State) },
			Pages: table.Pages{
				Marks: map[table.Path]byte{table.InPrimary: 1},
				Leads: func(key table.Key) (owner, _ table.Key, err error) {
					r := key.Read()
					owner = table.Key{}.Text(r.Text())
					r.Uint64()
					return owner, nil, r.Err()
				},
			},
		}),
		groups: table.New[deploymentv1beta4.Group](store, 2, table.Def[deploymentv1beta4.Group]{
			Primary: func(g *deploymentv1beta4.Group) table.Key { return groupKey(g.ID) },
		}),
	}
}

func deploymentKey(id deploymentv1.DeploymentID) table.Key {
	return table.Key{}.Text(id.Owner).Uint64(id.DSeq)
}

func groupKey(id deploymentv1.GroupID) table.Key {
	return table.Key{}.Text(id.Owner).Uint64(id.DSeq).Uint32(id.GSeq)
}

// SetParams stores the module's parameters.
func (k *Keeper) SetParams(ctx sdk.Context, params deploymentv1beta4.Params) error {
	bz, err := params.Marshal()
	if err != nil {
		return err
	}
	ctx.KVStore(k.store).Set(paramsKey, bz)
	return nil
}

// Params returns the module's parameters, as genesis set them.
func (k *Keeper) Params(ctx sdk.Context) (deploymentv1beta4.Params, error) {
	var params deploymentv1beta4.Params
	err := params.Unmarshal(ctx.KVStore(k.store).Get(paramsKey))
	return params, err
}

// Deployment finds a deployment, or returns [ErrNotFound].
func (k *Keeper) Deployment(ctx sdk.Context, id deploymentv1.DeploymentID) (deploymentv1.Deployment, error) {
	d, ok := k.deployments.Get(ctx, deploymentKey(id))
	if !ok {
		return d, ErrNotFound
	}
	return d, nil
}

// Group finds a group, or returns [ErrGroupNotFound].
func (k *Keeper) Group(ctx sdk.Context, id deploymentv1.GroupID) (deploymentv1beta4.Group, error) {
	g, ok := k.groups.Get(ctx, groupKey(id))
	if !ok {
		return g, ErrGroupNotFound
	}
	return g, nil
}

// Groups lists a deployment's groups by number.
func (k *Keeper) Groups(ctx sdk.Context, id deploymentv1.DeploymentID) []deploymentv1beta4.Group {
	return k.groups.Scan(ctx, deploymentKey(id))
}

// PauseGroup pauses a group and says so in an event.
func (k *Keeper) PauseGroup(ctx sdk.Context, g deploymentv1beta4.Group) error {
	g.State = deploymentv1beta4.Group_paused
	k.groups.Set(ctx, g)
	return ctx.EventManager().EmitTypedEvent(&deploymentv1.EventGroupPaused{ID: g.ID})
}

// StartGroup opens a group and says so in an event; the order is the caller's.
func (k *Keeper) StartGroup(ctx sdk.Context, g deploymentv1beta4.Group) error {
	g.State = deploymentv1beta4.Group_open
	k.groups.Set(ctx, g)
	return ctx.EventManager().EmitTypedEvent(&deploymentv1.EventGroupStarted{ID: g.ID})
}

// CloseGroup closes a group, as closed or as out of funds, and says so in an event.
func (k *Keeper) CloseGroup(
	ctx sdk.Context, g deploymentv1beta4.Group, state deploymentv1beta4.Group_State,
) error {
	g.State = state
	k.groups.Set(ctx, g)
	return ctx.EventManager().EmitTypedEvent(&deploymentv1.EventGroupClosed{ID: g.ID})
}

// CloseDeployment marks a deployment closed and says so in an event; its groups
// are the caller's.
func (k *Keeper) CloseDeployment(ctx sdk.Context, d deploymentv1.Deployment) error {
	d.State = deploymentv1.Deployment_closed
	k.deployments.Set(ctx, d)
	return ctx.EventManager().EmitTypedEvent(&deploymentv1.EventDeploymentClosed{ID: d.ID})
}

// Closable returns why a group cannot be closed: [ErrGroupClosed], or nil. A
// group that ran out of funds can.
func Closable(g deploymentv1beta4.Group) error {
	if g.State == deploymentv1beta4.Group_closed {
		return ErrGroupClosed
	}
	return nil
}

func pausable(g deploymentv1beta4.Group) error {
	if g.State == deploymentv1beta4.Group_paused {
		return ErrGroupPaused
	}
	return Closable(g)
}

func startable(g deploymentv1beta4.Group) error {
	switch g.State {
	case deploymentv1beta4.Group_closed:
		return ErrGroupClosed
	case deploymentv1beta4.Group_open:
		return ErrGroupOpen
	default:
		return nil
	}
}
