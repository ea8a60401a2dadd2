// SPDX-License-Identifier: Apache-2.0

package page

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	grpctypes "github.com/cosmos/cosmos-sdk/types/grpc"
	"google.golang.org/grpc/metadata"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

// How much of a network is shown. A page is for people, and is made anew for every block that somebody watches.
const (
	maxBlocks   = 10
	maxAuctions = 12
	maxOpinions = 12
	maxLeases   = 60
	// freshFor is how long a view is good when no block comes: faults change without one.
	freshFor = 300 * time.Millisecond
)

// Collector reads views of one network. It is safe for concurrent use; however many
// ask, the network is read at most once a block or every 300 ms.
type Collector struct {
	network *devnet.Network
	now     func() time.Time
	// names of accounts and Akash providers by address.
	accounts, sellers map[string]string

	mu     sync.Mutex
	view   View
	madeAt time.Time
	blocks map[int64]Block
}

// NewCollector makes a collector of a running network; now is the clock that freshness goes by.
func NewCollector(network *devnet.Network, now func() time.Time) *Collector {
	c := &Collector{
		network: network, now: now,
		accounts: map[string]string{}, sellers: map[string]string{}, blocks: map[int64]Block{},
	}
	for _, account := range network.Accounts() {
		c.accounts[account.Address] = account.Name
	}
	for _, p := range network.AkashProviders() {
		c.sellers[p.Address()] = p.Name()
	}
	return c
}

// View reads the network. What it returns is shared: do not change it.
func (c *Collector) View(ctx context.Context) (View, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	height := c.network.Height()
	if height == c.view.Height && c.now().Sub(c.madeAt) < freshFor {
		return c.view, nil
	}
	view, err := c.collect(ctx, height)
	if err != nil {
		return View{}, fmt.Errorf("read the devnet at height %d: %w", height, err)
	}
	c.view, c.madeAt = view, c.now()
	return view, nil
}

// Auction reads one auction with every opinion on it. It returns an error that wraps [ErrNoOrder] for an order that
// the chain does not have.
func (c *Collector) Auction(ctx context.Context, id ids.OrderID) (Auction, error) {
	r := c.reader(ctx, c.network.Height())
	r.decisions = map[ids.OrderID]map[string]akashprovider.Decision{id: {}}
	for _, p := range c.network.AkashProviders() {
		if d, ok := p.DecisionOn(id); ok {
			r.decisions[id][p.Address()] = d
		}
	}
	order, err := r.order(id)
	if err != nil {
		return Auction{}, fmt.Errorf("read order %s: %w", id, err)
	}
	return r.auction(order, 0)
}

// reader reads the chain at one height.
type reader struct {
	*Collector

	ctx       context.Context //nolint:containedctx // lives for one reading
	height    int64
	decisions map[ids.OrderID]map[string]akashprovider.Decision // by order, then by address
}

func (c *Collector) reader(ctx context.Context, height int64) *reader {
	ctx = metadata.AppendToOutgoingContext(ctx, grpctypes.GRPCBlockHeightHeader, strconv.FormatInt(height, 10))
	return &reader{Collector: c, ctx: ctx, height: height}
}

// collect makes a view; the caller holds the lock.
func (c *Collector) collect(ctx context.Context, height int64) (View, error) {
	r := c.reader(ctx, height)
	r.recall()
	view := View{
		ChainID: c.network.ChainID(), Height: height, BlockTime: c.network.BlockTime().String(),
	}
	var err error
	endpoints, sellers := faults(c.network)
	view.Faults = endpoints
	if view.Blocks, err = c.latestBlocks(ctx, height); err != nil {
		return view, err
	}
	if len(view.Blocks) > 0 {
		view.Time = view.Blocks[0].Time
	}
	if view.Auctions, err = r.auctions(); err != nil {
		return view, err
	}
	if view.Leases, view.More, err = r.leases(view.Auctions); err != nil {
		return view, err
	}
	if view.Escrows, err = r.escrows(view); err != nil {
		return view, err
	}
	if view.Burn, err = burn(view.Leases); err != nil {
		return view, err
	}
	view.AkashProviders = c.akashProviders(view, sellers)
	return view, nil
}

// recall sorts what Akash providers decided lately by order.
func (r *reader) recall() {
	r.decisions = map[ids.OrderID]map[string]akashprovider.Decision{}
	for _, p := range r.network.AkashProviders() {
		for _, d := range p.RecentDecisions(2 * maxAuctions) {
			if r.decisions[d.Order] == nil {
				r.decisions[d.Order] = map[string]akashprovider.Decision{}
			}
			r.decisions[d.Order][p.Address()] = d
		}
	}
}

// akashProviders lists the simulated sellers in the network's order.
func (c *Collector) akashProviders(view View, faults map[string][]string) []AkashProvider {
	leases, bids := map[string]int{}, map[string]int{}
	for _, l := range view.Leases {
		if l.running() {
			leases[l.Address]++
		}
	}
	for _, a := range view.Auctions {
		for _, o := range a.Opinions {
			if o.Verdict == VerdictOpen {
				bids[o.Address]++
			}
		}
	}
	var out []AkashProvider
	for _, p := range c.network.AkashProviders() {
		out = append(out, AkashProvider{
			Name: p.Name(), Address: p.Address(), HostURI: p.HostURI(),
			Leases: leases[p.Address()], Bids: bids[p.Address()], Faults: faults[p.Name()],
		})
	}
	return out
}

// accountName is the devnet's name for an address, or the address.
func (c *Collector) accountName(address string) string { return cmp.Or(c.accounts[address], address) }

// sellerName is the devnet's name for an Akash provider, or its address.
func (c *Collector) sellerName(address string) string { return cmp.Or(c.sellers[address], address) }

func (c *Collector) orderName(id ids.OrderID) Order {
	return Order{ID: id.String(), Owner: c.accountName(id.Owner), DSeq: id.DSeq, GSeq: id.GSeq, OSeq: id.OSeq}
}

// newestFirst sorts by heights, and by text where they are equal.
func newestFirst[T any](list []T, height func(T) int64, text func(T) string) {
	slices.SortFunc(list, func(a, b T) int {
		return cmp.Or(cmp.Compare(height(b), height(a)), cmp.Compare(text(a), text(b)))
	})
}
