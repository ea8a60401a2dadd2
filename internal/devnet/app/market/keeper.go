// SPDX-License-Identifier: Apache-2.0

// Package market holds orders, bids and leases and moves them through their
// states; it also closes a deployment's market side when its escrow account closes.
//
// It decides nothing about prices: Akash providers bid by transactions.
// Source: protocol/lifecycle.md sections 3 to 5, matching rules ip-and-gpu.md section 3.
package market

import (
	"fmt"
	"time"

	storetypes "cosmossdk.io/store/types"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/deployment"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/escrow"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/table"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// ModuleName names the module and its store.
const ModuleName = "market"

var paramsKey = []byte{0}

// Keeper is the module's state.
type Keeper struct {
	store       storetypes.StoreKey
	escrow      *escrow.Keeper
	deployments *deployment.Keeper
	orders      table.Table[marketv1beta5.Order, *marketv1beta5.Order]
	bids        table.Table[marketv1beta5.Bid, *marketv1beta5.Bid]
	leases      table.Table[marketv1.Lease, *marketv1.Lease]
}

// NewKeeper makes a keeper on its store and hooks it to the escrow's account closing.
func NewKeeper(store storetypes.StoreKey, accounts *escrow.Keeper, deployments *deployment.Keeper) *Keeper {
	k := &Keeper{
		store: store, escrow: accounts, deployments: deployments,
		orders: table.New[marketv1beta5.Order](store, 1, table.Def[marketv1beta5.Order]{
			Primary: func(o *marketv1beta5.Order) table.Key { return orderKey(o.ID) },
			State:   func(o *marketv1beta5.Order) int32 { return int32(o.State) },
			Pages:   table.Pages{Marks: map[table.Path]byte{table.InPrimary: 1}, Leads: orderLeads},
		}),
		bids: table.New[marketv1beta5.Bid](store, 2, table.Def[marketv1beta5.Bid]{
			Primary: func(b *marketv1beta5.Bid) table.Key { return bidKey(b.ID) },
			State:   func(b *marketv1beta5.Bid) int32 { return int32(b.State) },
			Second:  func(b *marketv1beta5.Bid) table.Key { return table.Key{}.Text(b.ID.Provider) },
			Pages:   bidPages,
		}),
		leases: table.New[marketv1.Lease](store, 3, table.Def[marketv1.Lease]{
			Primary: func(l *marketv1.Lease) table.Key { return bidKey(bidOf(l.ID)) },
			State:   func(l *marketv1.Lease) int32 { return int32(l.State) },
			Second:  func(l *marketv1.Lease) table.Key { return table.Key{}.Text(l.ID.Provider) },
			Pages:   bidPages,
		}),
	}
	accounts.OnAccountClosed(k.accountClosed)
	return k
}

func groupKey(id deploymentv1.GroupID) table.Key {
	return table.Key{}.Text(id.Owner).Uint64(id.DSeq).Uint32(id.GSeq)
}

func orderKey(id marketv1.OrderID) table.Key { return groupKey(groupOf(id)).Uint32(id.OSeq) }

func bidKey(id marketv1.BidID) table.Key {
	return orderKey(orderOf(id)).Text(id.Provider).Uint32(id.BSeq)
}

// bidPages says how lists of bids and of leases go on.
var bidPages = table.Pages{
	Marks:  map[table.Path]byte{table.StateByState: 0, table.InSecond: 1, table.InPrimary: 2},
	Marked: true,
	Leads: func(key table.Key) (owner, seller table.Key, err error) {
		r := key.Read()
		owner = readOrder(r)
		seller = table.Key{}.Text(r.Text())
		r.Uint32()
		return owner, seller, r.Err()
	},
}

func orderLeads(key table.Key) (owner, _ table.Key, err error) {
	r := key.Read()
	owner = readOrder(r)
	return owner, nil, r.Err()
}

// readOrder reads an order's key and returns its owner as the leading part of one.
func readOrder(r *table.Reader) table.Key {
	owner := table.Key{}.Text(r.Text())
	r.Uint64()
	r.Uint32()
	r.Uint32()
	return owner
}

func groupOf(id marketv1.OrderID) deploymentv1.GroupID {
	return deploymentv1.GroupID{Owner: id.Owner, DSeq: id.DSeq, GSeq: id.GSeq}
}

func orderOf(id marketv1.BidID) marketv1.OrderID {
	return marketv1.OrderID{Owner: id.Owner, DSeq: id.DSeq, GSeq: id.GSeq, OSeq: id.OSeq}
}

func bidOf(id marketv1.LeaseID) marketv1.BidID { return marketv1.BidID(id) }

func leaseOf(id marketv1.BidID) marketv1.LeaseID { return marketv1.LeaseID(id) }

// SetParams stores the module's parameters.
func (k *Keeper) SetParams(ctx sdk.Context, params marketv1beta5.Params) error {
	bz, err := params.Marshal()
	if err != nil {
		return err
	}
	ctx.KVStore(k.store).Set(paramsKey, bz)
	return nil
}

// Params returns the module's parameters, as genesis set them.
func (k *Keeper) Params(ctx sdk.Context) (marketv1beta5.Params, error) {
	var params marketv1beta5.Params
	err := params.Unmarshal(ctx.KVStore(k.store).Get(paramsKey))
	return params, err
}

// ReclamationBounds are the shortest and longest reclamation window allowed.
func (k *Keeper) ReclamationBounds(ctx sdk.Context) (low, high time.Duration, err error) {
	params, err := k.Params(ctx)
	return params.MinReclamationWindow, params.MaxReclamationWindow, err
}

func (k *Keeper) order(ctx sdk.Context, id marketv1.OrderID) (marketv1beta5.Order, bool) {
	return k.orders.Get(ctx, orderKey(id))
}

func (k *Keeper) bid(ctx sdk.Context, id marketv1.BidID) (marketv1beta5.Bid, bool) {
	return k.bids.Get(ctx, bidKey(id))
}

func (k *Keeper) lease(ctx sdk.Context, id marketv1.LeaseID) (marketv1.Lease, bool) {
	return k.leases.Get(ctx, bidKey(bidOf(id)))
}

// CreateOrder opens a group's next order, numbered after its closed ones.
// [ErrOrderActive] while one is open or leased.
func (k *Keeper) CreateOrder(
	ctx sdk.Context, group deploymentv1beta4.Group, reclamation *deploymentv1.DeploymentReclamation,
) error {
	earlier := k.orders.Scan(ctx, groupKey(group.ID))
	for _, o := range earlier {
		if o.State != marketv1beta5.Order_closed {
			return fmt.Errorf("%w: create order: active order exists", ErrOrderActive)
		}
	}
	order := marketv1beta5.Order{
		ID: marketv1.OrderID{
			Owner: group.ID.Owner, DSeq: group.ID.DSeq, GSeq: group.ID.GSeq,
			OSeq: uint32(len(earlier)) + 1, //nolint:gosec // orders of one group stay few
		},
		State: marketv1beta5.Order_open, Spec: group.GroupSpec, CreatedAt: ctx.BlockHeight(), Reclamation: reclamation,
	}
	k.orders.Set(ctx, order)
	return ctx.EventManager().EmitTypedEvent(&marketv1.EventOrderCreated{ID: order.ID})
}
