// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"context"
	"errors"
	"sync"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/bidding"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// runningStates are those of a lease that an Akash provider serves.
var runningStates = []string{marketv1.Lease_active.String(), marketv1.Lease_reclaiming.String()}

// board is what the chain shows of the market, as far as Akash providers act on it. One goroutine at a time uses it.
type board struct {
	height      int64 // of the orders, which are read first
	leaseHeight int64 // of the leases, which are read last
	orders      map[marketv1.OrderID]marketv1beta5.Order
	standings   map[string]*standing // by address
	quota       *quota
	// active are orders with a lease, for whoever finds leases here that it knows nothing of; only at the beginning.
	active map[marketv1.OrderID]marketv1beta5.Order
	// fresh are the open orders that nobody has judged yet.
	fresh []marketv1.OrderID
}

// standing is what one Akash provider has in the market.
type standing struct {
	bids   map[marketv1.OrderID]marketv1beta5.Bid // open ones
	leases map[ids.LeaseID]marketv1.Lease         // running ones
	facts  *bidding.Facts                         // nil when they have to be read
}

func newBoard() *board {
	return &board{
		orders: map[marketv1.OrderID]marketv1beta5.Order{}, standings: map[string]*standing{}, quota: newQuota(),
	}
}

func (b *board) of(address string) *standing {
	s, ok := b.standings[address]
	if !ok {
		s = &standing{bids: map[marketv1.OrderID]marketv1beta5.Bid{}, leases: map[ids.LeaseID]marketv1.Lease{}}
		b.standings[address] = s
	}
	return s
}

// poll reads the lists again when there is a new block: everybody's orders, and the bids and leases of the given
// addresses. It may meet a block on its way: what it read last is the newest.
func (b *board) poll(ctx context.Context, chain chainReader, addresses []string) (changed bool, err error) {
	open, height, err := chain.orders(ctx, marketv1beta5.Order_open.String())
	if err != nil || height <= b.height {
		return false, err
	}
	var leaseHeight int64
	standings := map[string]*standing{}
	for _, address := range addresses {
		s := newBoard().of(address)
		standings[address] = s
		bids, err := chain.bids(ctx, marketv1beta5.BidFilters{
			Provider: address, State: marketv1beta5.Bid_open.String(),
		})
		if err != nil {
			return false, err
		}
		for _, bid := range bids {
			s.bids[orderOfBid(bid.ID)] = bid
		}
		for _, state := range runningStates {
			leases, at, err := chain.leases(ctx, marketv1.LeaseFilters{Provider: address, State: state})
			if err != nil {
				return false, err
			}
			for _, l := range leases {
				s.leases[leaseID(l.ID)] = l
			}
			if leaseHeight == 0 {
				leaseHeight = at
			}
		}
	}
	orders := make(map[marketv1.OrderID]marketv1beta5.Order, len(open))
	for _, o := range open {
		orders[o.ID] = o
		if _, known := b.orders[o.ID]; !known {
			b.fresh = append(b.fresh, o.ID)
		}
	}
	b.height, b.leaseHeight, b.orders, b.standings = height, leaseHeight, orders, standings
	return true, nil
}

// load reads everything as of one height.
func (b *board) load(ctx context.Context, chain chainReader, height int64) error {
	ctx = pinned(ctx, height)
	most, err := chain.mostBids(ctx)
	if err != nil {
		return err
	}
	b.quota.most = most
	var (
		work                 sync.WaitGroup
		open, active         []marketv1beta5.Order
		bids                 []marketv1beta5.Bid
		leases               []marketv1.Lease
		errOrders, errLeases error
	)
	work.Go(func() { leases, errLeases = chain.running(ctx) }) // half of all there is to read
	open, _, errOrders = chain.orders(ctx, marketv1beta5.Order_open.String())
	if errOrders == nil {
		active, _, errOrders = chain.orders(ctx, marketv1beta5.Order_active.String())
	}
	if errOrders == nil {
		bids, errOrders = chain.bids(ctx, marketv1beta5.BidFilters{State: marketv1beta5.Bid_open.String()})
	}
	work.Wait()
	if err := errors.Join(errOrders, errLeases); err != nil {
		return err
	}
	for _, l := range leases {
		b.of(l.ID.Provider).leases[leaseID(l.ID)] = l
	}
	b.active = make(map[marketv1.OrderID]marketv1beta5.Order, len(active))
	for _, o := range active {
		b.active[o.ID] = o
	}
	for _, bid := range bids {
		b.of(bid.ID.Provider).bids[orderOfBid(bid.ID)] = bid
		b.quota.show(orderOfBid(bid.ID), bid.ID.Provider)
	}
	for _, o := range open {
		b.orders[o.ID] = o
		b.fresh = append(b.fresh, o.ID)
	}
	b.height, b.leaseHeight = height, height
	return nil
}

// running lists everybody's leases that an Akash provider serves.
func (c chainReader) running(ctx context.Context) (all []marketv1.Lease, err error) {
	for _, state := range runningStates {
		leases, _, err := c.leases(ctx, marketv1.LeaseFilters{State: state})
		if err != nil {
			return nil, err
		}
		all = append(all, leases...)
	}
	return all, nil
}

// change is one order with all its bids and leases.
type change struct {
	order  marketv1beta5.Order
	bids   []marketv1beta5.Bid
	leases []marketv1.Lease
}

// apply reads what changed up to a block, all of it as of that block. On an error the board is as before.
func (b *board) apply(ctx context.Context, chain chainReader, block Block) error {
	ctx = pinned(ctx, block.Height)
	changes := make([]change, 0, len(block.Orders))
	for _, id := range block.orders() {
		var c change
		var err error
		if c.order, err = chain.order(ctx, id); err != nil {
			if status.Code(err) == codes.NotFound {
				continue // an event of a transaction that failed after it
			}
			return err
		}
		c.bids, err = chain.bids(ctx, marketv1beta5.BidFilters{Owner: id.Owner, DSeq: id.DSeq, GSeq: id.GSeq, OSeq: id.OSeq})
		if err != nil {
			return err
		}
		c.leases, _, err = chain.leases(ctx,
			marketv1.LeaseFilters{Owner: id.Owner, DSeq: id.DSeq, GSeq: id.GSeq, OSeq: id.OSeq})
		if err != nil {
			return err
		}
		changes = append(changes, c)
	}
	for _, c := range changes {
		b.put(c)
	}
	for owner := range block.Owners {
		b.of(owner).facts = nil
	}
	b.height, b.leaseHeight = block.Height, block.Height
	return nil
}

func (b *board) put(c change) {
	id := c.order.ID
	open := c.order.State == marketv1beta5.Order_open
	if _, known := b.orders[id]; open && !known {
		b.fresh = append(b.fresh, id)
	}
	if open {
		b.orders[id] = c.order
	} else {
		delete(b.orders, id)
		b.quota.forget(id)
	}
	for _, bid := range c.bids {
		s := b.of(bid.ID.Provider)
		if bid.State == marketv1beta5.Bid_open {
			s.bids[id] = bid
		} else {
			delete(s.bids, id)
		}
		if open && bid.State != marketv1beta5.Bid_lost {
			b.quota.show(id, bid.ID.Provider)
		}
	}
	for _, l := range c.leases {
		s := b.of(l.ID.Provider)
		if l.State == marketv1.Lease_active || l.State == marketv1.Lease_reclaiming {
			s.leases[leaseID(l.ID)] = l
		} else {
			delete(s.leases, leaseID(l.ID))
		}
	}
}

// orderOfBid is the order that a bid is for.
func orderOfBid(b marketv1.BidID) marketv1.OrderID {
	return marketv1.OrderID{Owner: b.Owner, DSeq: b.DSeq, GSeq: b.GSeq, OSeq: b.OSeq}
}
