// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"sync"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// sameTime is how many blocks lie between orders that were opened together at most.
const sameTime = 2

// windowOf is the window of one order: longer when others of the owner were opened at the same time, and closed by as
// many bids as the network lets an order have. What cannot be read of that is as for an order alone.
func (d *Deployer) windowOf(ctx context.Context, window market.Window, order marketv1beta5.Order) market.Window {
	window.MaxBids = d.maxBids(ctx)
	open, _, err := d.Chain.OrdersPage(ctx, order.ID.Owner, "open", nil)
	if err != nil {
		d.Logger.Debug("other orders could not be listed", "error", err.Error())
		return window
	}
	together := 1
	for _, other := range open {
		apart := other.CreatedAt - order.CreatedAt
		if other.ID != order.ID && apart >= -sameTime && apart <= sameTime {
			together++
		}
	}
	return window.Together(together)
}

// rules are what the chain says once for all auctions of a process.
type rules struct {
	mu      sync.Mutex
	maxBids int
}

// maxBids is how many bids fit on an order; 0 while that cannot be read. The chain compares with >, so one more fits
// than its parameter says.
func (d *Deployer) maxBids(ctx context.Context) int {
	d.rules.mu.Lock()
	defer d.rules.mu.Unlock()
	if d.rules.maxBids > 0 {
		return d.rules.maxBids
	}
	params, err := d.Chain.MarketParams(ctx)
	if err != nil {
		d.Logger.Debug("market parameters could not be read", "error", err.Error())
		return 0
	}
	if params.OrderMaxBids > 0 {
		d.rules.maxBids = int(params.OrderMaxBids) + 1
	}
	return d.rules.maxBids
}

// picks are whom the auctions of this process are making leases with, so that leases that are chosen at the same time
// are spread as those that are chosen one after the other.
type picks struct {
	choosing sync.Mutex
	mu       sync.Mutex
	byGroup  map[ids.GroupID]string
}

func (p *picks) set(group ids.GroupID, addr string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.byGroup == nil {
		p.byGroup = map[ids.GroupID]string{}
	}
	p.byGroup[group] = addr
}

func (p *picks) drop(group ids.GroupID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.byGroup, group)
}

// count adds to held who was picked for groups that do not count yet.
func (p *picks) count(held map[string]int, counted map[ids.GroupID]bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for group, addr := range p.byGroup {
		if !counted[group] {
			held[addr]++
		}
	}
}

// choose ranks the bids of a window that is over with what only then matters: how fast gateways answer, and who has
// leases of the owner already. settle must be called with who is picked, or "": until then nobody else picks.
func (d *Deployer) choose(ctx context.Context, r *leaseRun) (settle func(addr string)) {
	d.clockGateways(ctx, r)
	settle = func(string) {}
	if r.policy.Needs().Held {
		d.picks.choosing.Lock()
		settle = func(addr string) {
			if addr != "" {
				d.picks.set(r.group, addr)
			}
			d.picks.choosing.Unlock()
		}
		r.policy.Held = d.held(ctx, r.group)
	}
	bids := make([]market.Bid, 0, len(r.verdicts))
	for _, v := range r.verdicts {
		bids = append(bids, v.Bid)
	}
	r.verdicts = market.Choose(bids, r.policy)
	return settle
}

// held counts the owner's leases by Akash provider, those that this process is making included, but for those of the
// group itself.
func (d *Deployer) held(ctx context.Context, group ids.GroupID) map[string]int {
	held, counted := map[string]int{}, map[ids.GroupID]bool{group: true}
	leases, err := d.Chain.ListLeases(ctx, chain.LeaseFilter{Owner: group.Owner, State: leaseActive})
	if err != nil {
		d.Logger.Warn("the owner's leases could not be listed: they are not spread", "error", err.Error())
	}
	for _, l := range leases {
		id := chain.LeaseIDOf(l.Lease.ID)
		if g := id.Group(); !counted[g] {
			counted[g] = true
			held[id.ProviderAddr]++
		}
	}
	d.picks.count(held, counted)
	return held
}
