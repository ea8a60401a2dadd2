// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"context"
	"time"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/bidding"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// sendTimeout bounds one transaction; the chain may stand still while a test holds it.
const sendTimeout = 30 * time.Second

// The parts of a view.
type (
	orderMap = map[marketv1.OrderID]marketv1beta5.Order
	bidMap   = map[marketv1.OrderID]marketv1beta5.Bid
	leaseMap = map[ids.LeaseID]marketv1.Lease
)

// view is what one Akash provider is told of a block. Its maps are the watcher's: for reading, until observe returns.
type view struct {
	height      int64 // of the orders
	leaseHeight int64 // of the leases
	orders      orderMap
	fresh       []marketv1beta5.Order // those of orders that nobody has judged yet
	bids        bidMap                // its own open ones
	leases      leaseMap              // its own running ones
	adopted     orderMap              // orders of leases that this process did not bid for
	facts       bidding.Facts         // known when there is something fresh
	stranger    bool                  // facts are not known, since the chain does not know it
}

// observe does what one new block calls for: it updates what is known, and sets out on an errand unless one is still
// under way. It does not wait for the chain.
func (p *AkashProvider) observe(v view) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return
	}
	p.height, p.leaseHeight = v.height, v.leaseHeight
	p.updateOrders(v)
	p.updateLeases(v)
	close(p.stepped)
	p.stepped = make(chan struct{})
	if p.errandUnderWay {
		return
	}
	if e, ok := p.nextErrand(); ok {
		p.errandUnderWay = true
		p.work.Go(func() { p.runErrands(e) })
	}
}

// errand is what a block calls for that needs the chain's answers, and at most one transaction. One is under way
// at a time, so that an Akash provider sends one transaction a block, as a daemon does.
type errand struct {
	height, leaseHeight int64
	kept                []ids.LeaseID // leases whose manifest came before them
	broke               []ids.LeaseID // leases whose funds are to be looked at
	send                *action
}

// nextErrand collects what is to be done; the caller holds the lock.
func (p *AkashProvider) nextErrand() (errand, bool) {
	e := errand{
		height: p.height, leaseHeight: p.leaseHeight,
		kept: p.leasesWithKeptManifest(), broke: p.leasesToSupervise(), send: p.next(),
	}
	return e, e.send != nil || len(e.kept)+len(e.broke) > 0
}

// runErrands runs one errand, and the next at once when a block has passed meanwhile.
func (p *AkashProvider) runErrands(e errand) {
	for more := true; more; {
		for _, id := range e.kept {
			if err := p.deployKept(p.life, id, e.leaseHeight); err != nil {
				p.log.Warn("kept manifest not deployed", "lease", id, "error", err)
			}
		}
		p.checkFunds(p.life, e.broke, e.height)
		if e.send == nil && len(e.broke) > 0 {
			p.mu.Lock()
			e.send = p.next() // a withdrawal, perhaps
			p.mu.Unlock()
		}
		if e.send != nil {
			p.send(p.life, e.send)
		}
		p.mu.Lock()
		passed := p.height > e.height && !p.closed
		if more = false; passed {
			e, more = p.nextErrand()
		}
		p.errandUnderWay = more
		p.mu.Unlock()
	}
}

// unknown lists the orders of leases that are neither open nor known here.
func (p *AkashProvider) unknown(leases leaseMap, open orderMap) []marketv1.OrderID {
	p.mu.Lock()
	defer p.mu.Unlock()
	var missing []marketv1.OrderID
	for lease := range leases {
		id := orderOf(lease)
		_, bidding := p.orders[id]
		_, listed := open[id]
		if !bidding && !listed {
			missing = append(missing, id)
		}
	}
	return missing
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
