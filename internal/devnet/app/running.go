// SPDX-License-Identifier: Apache-2.0

package app

import (
	"errors"
	"fmt"
	"sync"

	storetypes "cosmossdk.io/store/types"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/deployment"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/escrow"
	depositv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/deposit/v1"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// firstHeight is when what is in genesis is said to have been made.
const firstHeight = 1

// Deployment is one that is active from the start. Each group has a lease, or an open order.
type Deployment struct {
	ID      deploymentv1.DeploymentID
	Hash    []byte
	Groups  []deploymentv1beta4.GroupSpec
	Deposit sdk.Coin // uact
	Leases  []Lease
}

// Lease is one that runs from the start, after a bid that nobody else made.
type Lease struct {
	GSeq         uint32
	ProviderAddr string
	Price        sdk.DecCoin // per block
}

// Validate tells whether the chain would have let the deployment come about.
func (d Deployment) Validate() error {
	if err := deployment.ValidateBasic(&deploymentv1beta4.MsgCreateDeployment{
		ID: d.ID, Hash: d.Hash, Groups: d.Groups,
		Deposit: depositv1.Deposit{Amount: d.Deposit, Sources: []depositv1.Source{depositv1.Source_balance}},
	}); err != nil {
		return err
	}
	if d.Deposit.Denom != coin.UACT || d.Deposit.Amount.LT(sdk.NewInt64Coin(coin.UACT, minDeposit).Amount) {
		return fmt.Errorf("deposit %s: at least %d%s is needed", d.Deposit, minDeposit, coin.UACT)
	}
	leased := map[uint32]bool{}
	for _, l := range d.Leases {
		switch {
		case l.GSeq == 0 || int(l.GSeq) > len(d.Groups):
			return fmt.Errorf("lease of group %d: there are %d groups", l.GSeq, len(d.Groups))
		case leased[l.GSeq]:
			return fmt.Errorf("two leases of group %d", l.GSeq)
		case l.Price.Denom != coin.UACT || !l.Price.IsPositive():
			return fmt.Errorf("lease of group %d: the price %q is not a positive amount of %s", l.GSeq, l.Price, coin.UACT)
		}
		leased[l.GSeq] = true
	}
	return nil
}

// Held is what the deposits of all deployments and their bids come to.
func Held(deployments []Deployment) sdk.Coins {
	sum := sdk.NewCoins()
	bids := int64(0)
	for _, d := range deployments {
		sum = sum.Add(d.Deposit)
		bids += int64(len(d.Leases))
	}
	return sum.Add(sdk.NewInt64Coin(coin.UAKT, bids*minDeposit))
}

var errDuplicate = errors.New("the same owner and dseq twice")

// SetRunning says which deployments the chain begins with, before its first block. They do not pass through the
// genesis document, which would take longer to read than the chain to start; a chain on disk has them from then on.
func (a *App) SetRunning(deployments []Deployment) error {
	seen := make(map[deploymentv1.DeploymentID]bool, len(deployments))
	for _, d := range deployments {
		err := d.Validate()
		if err == nil && seen[d.ID] {
			err = errDuplicate
		}
		if err != nil {
			return fmt.Errorf("genesis deployment %s/%d: %w", d.ID.Owner, d.ID.DSeq, err)
		}
		seen[d.ID] = true
	}
	a.running = deployments
	return nil
}

// loadRunning fills the stores of three modules, which are independent, at the same time. Straight into the stores:
// keeping, sorting and copying a hundred thousand entries before takes a second.
func (a *App) loadRunning(ctx sdk.Context) {
	ctx = ctx.WithMultiStore(a.CommitMultiStore())
	var work sync.WaitGroup
	for _, load := range []func(sdk.Context, Deployment){a.loadDeployment, a.loadMarket, a.loadEscrow} {
		own := ctx.WithGasMeter(storetypes.NewInfiniteGasMeter())
		work.Go(func() {
			for _, d := range a.running {
				load(own, d)
			}
		})
	}
	work.Wait()
	a.running = nil
}

func (d Deployment) group(i int) deploymentv1.GroupID {
	return deploymentv1.GroupID{Owner: d.ID.Owner, DSeq: d.ID.DSeq, GSeq: uint32(i) + 1} //nolint:gosec // a handful
}

func (d Deployment) bid(l Lease) marketv1.BidID {
	return marketv1.BidID{Owner: d.ID.Owner, DSeq: d.ID.DSeq, GSeq: l.GSeq, OSeq: 1, Provider: l.ProviderAddr}
}

func (a *App) loadDeployment(ctx sdk.Context, d Deployment) {
	groups := make([]deploymentv1beta4.Group, len(d.Groups))
	for i, spec := range d.Groups {
		groups[i] = deploymentv1beta4.Group{
			ID: d.group(i), State: deploymentv1beta4.Group_open, GroupSpec: spec, CreatedAt: firstHeight,
		}
	}
	a.deployments.Load(ctx, deploymentv1.Deployment{
		ID: d.ID, State: deploymentv1.Deployment_active, Hash: d.Hash, CreatedAt: firstHeight,
	}, groups)
}

func (a *App) loadMarket(ctx sdk.Context, d Deployment) {
	leased := map[uint32]bool{}
	for _, l := range d.Leases {
		leased[l.GSeq] = true
		units := d.Groups[l.GSeq-1].Resources
		offer := make([]marketv1beta5.ResourceOffer, len(units))
		for i, unit := range units {
			offer[i] = marketv1beta5.ResourceOffer{Resources: unit.Resource, Count: unit.Count}
		}
		bid := d.bid(l)
		a.market.LoadLease(ctx,
			marketv1beta5.Bid{
				ID: bid, State: marketv1beta5.Bid_active, Price: l.Price, CreatedAt: firstHeight, ResourcesOffer: offer,
			},
			marketv1.Lease{
				ID: marketv1.LeaseID(bid), State: marketv1.Lease_active, Price: l.Price, CreatedAt: firstHeight,
			},
		)
	}
	for i, spec := range d.Groups {
		id := d.group(i)
		order := marketv1beta5.Order{
			ID:    marketv1.OrderID{Owner: id.Owner, DSeq: id.DSeq, GSeq: id.GSeq, OSeq: 1},
			State: marketv1beta5.Order_open, Spec: spec, CreatedAt: firstHeight,
		}
		if leased[id.GSeq] {
			order.State = marketv1beta5.Order_active
		}
		a.market.LoadOrder(ctx, order)
	}
}

func (a *App) loadEscrow(ctx sdk.Context, d Deployment) {
	a.escrow.LoadAccount(ctx, escrow.DeploymentAccount(d.ID), d.ID.Owner, d.Deposit, firstHeight)
	for _, l := range d.Leases {
		bid := d.bid(l)
		deposit := sdk.NewInt64Coin(coin.UAKT, minDeposit)
		a.escrow.LoadAccount(ctx, escrow.BidAccount(bid), l.ProviderAddr, deposit, firstHeight)
		a.escrow.LoadPayment(ctx, escrow.LeasePayment(marketv1.LeaseID(bid)), l.ProviderAddr, l.Price)
	}
}
