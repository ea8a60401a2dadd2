// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"errors"
	"fmt"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// errNoBid is the cause of a failure when no bid was acceptable.
var errNoBid = errors.New("no acceptable bid")

// auction makes sure the group has an open order, waits for bids and accepts the best one whose Akash provider
// answers. It returns every verdict, and the lease it made.
func (d *Deployer) auction(ctx context.Context, r *leaseRun) (ids.LeaseID, error) {
	order, err := d.openOrder(ctx, r)
	if err != nil {
		return ids.LeaseID{}, err
	}
	for {
		if err := d.awaitBids(ctx, r, order); err != nil {
			return ids.LeaseID{}, err
		}
		settle := d.choose(ctx, r)
		best := market.Acceptable(r.verdicts)
		if len(best) == 0 {
			settle("")
			// Bids are lost to a lease too: one of ours, from a transaction whose answer was lost.
			if err := d.stillUnfilled(ctx, r.group); err != nil {
				return ids.LeaseID{}, err
			}
			if !r.mayReopen {
				return ids.LeaseID{}, errNoBid
			}
			r.mayReopen = false
			if order, err = d.reopen(ctx, r); err != nil {
				return ids.LeaseID{}, err
			}
			continue
		}
		bid := best[0].ID
		settle(bid.ProviderAddr)
		if why := d.unusable(ctx, bid.ProviderAddr); why != "" {
			d.picks.drop(r.group)
			r.policy.Unusable[bid.ProviderAddr] = why
			continue
		}
		if _, err = d.submit(ctx, &marketv1beta5.MsgCreateLease{BidID: chain.PBBidID(bid)}); err == nil {
			r.verdicts = accepted(r.verdicts)
			return bid.Lease(), nil
		}
		d.picks.drop(r.group)
		switch {
		case errors.Is(err, chain.ErrOrderNotOpen):
			return ids.LeaseID{}, errors.Join(d.stillUnfilled(ctx, r.group), err)
		case errors.Is(err, chain.ErrBidNotOpen), errors.Is(err, chain.ErrBidNotFound):
			if err := d.stillUnfilled(ctx, r.group); err != nil {
				return ids.LeaseID{}, err
			}
			r.policy.Unusable[bid.ProviderAddr] = "withdrew its bid"
		default:
			return ids.LeaseID{}, err
		}
	}
}

// errSlotFilled says that the slot got a lease while an auction was held for it.
var errSlotFilled = errors.New("the group has a lease meanwhile")

// stillUnfilled fails with errSlotFilled when the slot has an active lease.
func (d *Deployer) stillUnfilled(ctx context.Context, group ids.GroupID) error {
	slot, err := d.ReadSlot(ctx, group)
	if err == nil && slot.Active() {
		return errSlotFilled
	}
	return err
}

// openOrder returns the group's open order, starting a paused group. An order that an earlier run left is used as it
// is; should nobody acceptable answer it any more, it may be reopened once.
func (d *Deployer) openOrder(ctx context.Context, r *leaseRun) (marketv1beta5.Order, error) {
	slot, err := d.ReadSlot(ctx, r.group)
	if err != nil {
		return marketv1beta5.Order{}, err
	}
	if slot.Order != nil {
		block, err := d.Chain.LatestBlock(ctx)
		if err != nil {
			return marketv1beta5.Order{}, err
		}
		r.mayReopen = block.Height-slot.Order.CreatedAt > r.window.Blocks
		return *slot.Order, nil
	}
	if slot.Group.State != deploymentv1beta4.Group_paused {
		return marketv1beta5.Order{}, fmt.Errorf("group %s is %s but has no open order", r.group, slot.Group.State)
	}
	return d.newOrder(ctx, r, &deploymentv1beta4.MsgStartGroup{ID: chain.PBGroupID(r.group)})
}

// reopen replaces a stale order by a fresh one: Akash providers bid once on an order and withdraw after minutes.
func (d *Deployer) reopen(ctx context.Context, r *leaseRun) (marketv1beta5.Order, error) {
	d.Logger.Info("reopening an order that got no acceptable bid earlier", "group", r.group.String())
	id := chain.PBGroupID(r.group)
	return d.newOrder(ctx, r, &deploymentv1beta4.MsgPauseGroup{ID: id}, &deploymentv1beta4.MsgStartGroup{ID: id})
}

// newOrder sends messages that open an order and returns it.
func (d *Deployer) newOrder(ctx context.Context, r *leaseRun, messages ...sdk.Msg) (marketv1beta5.Order, error) {
	if _, err := d.submit(ctx, messages...); err != nil {
		return marketv1beta5.Order{}, err
	}
	slot, err := d.ReadSlot(ctx, r.group)
	if err != nil {
		return marketv1beta5.Order{}, err
	}
	if slot.Order == nil {
		return marketv1beta5.Order{}, fmt.Errorf("group %s has no open order after it was started", r.group)
	}
	return *slot.Order, nil
}

// awaitBids waits until the order's window is over and leaves the verdicts in r.
func (d *Deployer) awaitBids(ctx context.Context, r *leaseRun, order marketv1beta5.Order) error {
	id := chain.OrderIDOf(order.ID)
	window := d.windowOf(ctx, r.window, order)
	return d.poll(ctx, func() (bool, error) {
		block, err := d.Chain.LatestBlock(ctx)
		if err != nil {
			return false, err
		}
		found, err := d.Chain.ListBids(ctx, id)
		if err != nil {
			return false, err
		}
		bids := bidsOf(found)
		d.learn(ctx, r, bids)
		r.verdicts = market.Choose(bids, r.policy)
		auction := market.Auction{OrderHeight: order.CreatedAt, Height: block.Height, Verdicts: r.verdicts}
		return window.Over(auction), nil
	})
}

// unusable asks the Akash provider's gateway who it is, before a lease makes us pay; "" means it may win.
func (d *Deployer) unusable(ctx context.Context, providerAddr string) string {
	client, err := d.gatewayOf(ctx, providerAddr)
	if err != nil {
		return "its gateway cannot be used: " + err.Error()
	}
	address, err := client.Address(ctx)
	switch {
	case err != nil:
		return "its gateway does not answer: " + err.Error()
	case address != providerAddr:
		return "its gateway says it is " + address
	default:
		return ""
	}
}

// gatewayOf opens the gateway of an Akash provider by its record on chain.
func (d *Deployer) gatewayOf(ctx context.Context, providerAddr string) (Gateway, error) {
	record, err := d.Chain.FindProvider(ctx, providerAddr)
	if err != nil {
		return nil, fmt.Errorf("find Akash provider %s: %w", providerAddr, err)
	}
	return d.Gateways(record.HostURI, providerAddr)
}

func bidsOf(found []marketv1beta5.QueryBidResponse) []market.Bid {
	bids := make([]market.Bid, 0, len(found))
	for _, f := range found {
		bids = append(bids, market.Bid{
			ID:     chain.BidIDOf(f.Bid.ID),
			Price:  coin.PerBlock{Denom: f.Bid.Price.Denom, Amount: f.Bid.Price.Amount},
			Open:   f.Bid.State == marketv1beta5.Bid_open,
			Height: f.Bid.CreatedAt,
		})
	}
	return bids
}

// accepted marks the winner, the first acceptable verdict.
func accepted(verdicts []market.Verdict) []market.Verdict {
	for i := range verdicts {
		if verdicts[i].Acceptable {
			verdicts[i].Reason = "accepted: " + verdicts[i].Reason
			break
		}
	}
	return verdicts
}
