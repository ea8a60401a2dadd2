// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"context"
	"time"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/bidding"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// sendTimeout bounds one transaction; the chain may stand still while a test holds it.
const sendTimeout = 30 * time.Second

// view is what the chain said in one step.
type view struct {
	height      int64 // of the list of orders, which is read first
	leaseHeight int64 // of the list of leases, which is read last
	orders      map[marketv1.OrderID]marketv1beta5.Order
	bids        map[marketv1.OrderID]marketv1beta5.Bid
	leases      []marketv1.Lease
	// adopted are orders of leases that this process did not bid for.
	adopted map[marketv1.OrderID]marketv1beta5.Order
	facts   bidding.Facts
}

// follow runs one step a block until ctx ends. A chain that does not answer is asked again.
func (p *AkashProvider) follow(ctx context.Context) {
	tick := time.NewTicker(p.interval)
	defer tick.Stop()
	for {
		if err := p.step(ctx); err != nil && ctx.Err() == nil {
			p.log.Warn("step failed, trying again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// step does what one new block calls for: read, update what is known, deploy kept manifests, and send at most
// one transaction. Without a new block it does nothing.
func (p *AkashProvider) step(ctx context.Context) error {
	orders, height, err := p.chain.openOrders(ctx)
	if err != nil {
		return err
	}
	p.mu.Lock()
	known := p.height
	p.mu.Unlock()
	if height <= known {
		return nil
	}
	v, err := p.look(ctx, orders, height)
	if err != nil {
		return err
	}
	p.mu.Lock()
	p.height = height
	p.updateOrders(v)
	p.updateLeases(v)
	waiting := p.leasesWithKeptManifest()
	close(p.stepped)
	p.stepped = make(chan struct{})
	p.mu.Unlock()

	for _, id := range waiting {
		if err := p.deployKept(ctx, id, v.leaseHeight); err != nil {
			p.log.Warn("kept manifest not deployed", "lease", id, "error", err)
		}
	}
	p.checkFunds(ctx, height)
	p.mu.Lock()
	next := p.next()
	p.mu.Unlock()
	if next != nil {
		p.send(ctx, next)
	}
	return nil
}

// look reads the rest of the view. What only new orders need is read only for them.
func (p *AkashProvider) look(ctx context.Context, orders []marketv1beta5.Order, height int64) (view, error) {
	v := view{
		height: height,
		orders: make(map[marketv1.OrderID]marketv1beta5.Order, len(orders)),
		bids:   map[marketv1.OrderID]marketv1beta5.Bid{}, adopted: map[marketv1.OrderID]marketv1beta5.Order{},
	}
	for _, o := range orders {
		v.orders[o.ID] = o
	}
	if err := p.lookAtSelf(ctx, &v); err != nil {
		return view{}, err
	}
	bids, err := p.chain.openBids(ctx, p.identity.Address)
	if err != nil {
		return view{}, err
	}
	for _, b := range bids {
		v.bids[marketv1.OrderID{Owner: b.ID.Owner, DSeq: b.ID.DSeq, GSeq: b.ID.GSeq, OSeq: b.ID.OSeq}] = b
	}
	for _, state := range []string{"active", "reclaiming"} {
		leases, at, err := p.chain.leases(ctx, marketv1.LeaseFilters{Provider: p.identity.Address, State: state})
		if err != nil {
			return view{}, err
		}
		v.leases = append(v.leases, leases...)
		if v.leaseHeight == 0 {
			v.leaseHeight = at
		}
	}
	return v, p.lookForAdopted(ctx, &v)
}

// lookAtSelf reads attributes and audits when there is an order to judge.
func (p *AkashProvider) lookAtSelf(ctx context.Context, v *view) error {
	p.mu.Lock()
	fresh := false
	for id := range v.orders {
		if _, ok := p.orders[id]; !ok {
			fresh = true
			break
		}
	}
	p.mu.Unlock()
	if !fresh {
		return nil
	}
	var err error
	v.facts, err = p.facts(ctx)
	return err
}

// lookForAdopted reads the orders of leases that are new here although nothing was bid in this process.
func (p *AkashProvider) lookForAdopted(ctx context.Context, v *view) error {
	var missing []marketv1.OrderID
	p.mu.Lock()
	for _, l := range v.leases {
		id := orderOf(leaseID(l.ID))
		_, bidding := p.orders[id]
		_, listed := v.orders[id]
		if !bidding && !listed {
			missing = append(missing, id)
		}
	}
	p.mu.Unlock()
	for _, id := range missing {
		order, err := p.chain.order(ctx, id)
		if err != nil {
			return err
		}
		v.adopted[id] = order
	}
	return nil
}

// action is one transaction to send and what follows from its outcome, under the lock.
type action struct {
	what   string
	msg    sdk.Msg
	sent   func()
	failed func(error)
}

// next picks the most urgent transaction; the caller holds the lock.
func (p *AkashProvider) next() *action {
	if p.faults.Dead {
		return nil
	}
	if a := p.nextLeaseAction(); a != nil {
		return a
	}
	return p.nextOrderAction()
}

// send broadcasts one action and tells it the outcome; whether to try again is for the action to decide.
func (p *AkashProvider) send(ctx context.Context, a *action) {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	p.sending.Lock()
	err := p.wallet.Broadcast(ctx, a.msg)
	p.sending.Unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil {
		p.log.Warn("transaction failed", "what", a.what, "error", err)
		a.failed(err)
		return
	}
	p.log.Info("transaction sent", "what", a.what)
	a.sent()
}
