// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
)

const (
	// factTime bounds what is asked about one bidder at a time.
	factTime = 5 * time.Second
	// factsAtOnce is how many bidders are asked about at the same time.
	factsAtOnce = 4
)

// facts are what an auction has learned of its bidders.
type facts struct {
	sellers map[string]market.Seller
	// timed are those whose gateway was asked for the time.
	timed map[string]bool
}

// learn reads what the policy turns on of bidders that are new, and hands it to the policy. Who cannot be asked about
// stays unknown, and the policy refuses or ranks it accordingly.
func (d *Deployer) learn(ctx context.Context, r *leaseRun, bids []market.Bid) {
	needs := r.policy.Needs()
	if !needs.OfSeller() {
		return
	}
	if r.facts.sellers == nil {
		r.facts.sellers = map[string]market.Seller{}
	}
	var unknown []string
	for _, b := range bids {
		if _, known := r.facts.sellers[b.ID.ProviderAddr]; b.Open && !known {
			unknown = append(unknown, b.ID.ProviderAddr)
		}
	}
	var mu sync.Mutex
	eachAtOnce(unknown, func(addr string) {
		bounded, cancel := context.WithTimeout(ctx, factTime)
		defer cancel()
		seller, err := d.sellerOf(bounded, addr, needs)
		if err != nil {
			d.Logger.Debug("what a bidder declares could not be read", "akash_provider", addr, "error", err.Error())
			return
		}
		mu.Lock()
		defer mu.Unlock()
		r.facts.sellers[addr] = seller
	})
	r.policy.Sellers = r.facts.sellers
}

// eachAtOnce calls ask for every address, a few at a time, and returns when all are done.
func eachAtOnce(addrs []string, ask func(addr string)) {
	var running sync.WaitGroup
	slots := make(chan struct{}, factsAtOnce)
	for _, addr := range addrs {
		slots <- struct{}{}
		running.Go(func() {
			defer func() { <-slots }()
			ask(addr)
		})
	}
	running.Wait()
}

// sellerOf reads from the chain what is needed of one Akash provider.
func (d *Deployer) sellerOf(ctx context.Context, addr string, needs market.Facts) (market.Seller, error) {
	record, err := d.Chain.FindProvider(ctx, addr)
	if err != nil {
		return market.Seller{}, fmt.Errorf("find Akash provider %s: %w", addr, err)
	}
	seller := market.Seller{
		Addr: addr, HostURI: record.HostURI, Email: record.Info.Email, Website: record.Info.Website,
		Attributes: record.Attributes,
	}
	if needs.Audits {
		signed, err := d.Chain.ListAudits(ctx, addr)
		if err != nil {
			return market.Seller{}, err
		}
		seller.Audits = map[string][]attributesv1.Attribute{}
		for _, a := range signed {
			seller.Audits[a.Auditor] = append(seller.Audits[a.Auditor], a.Attributes...)
		}
	}
	if needs.Record {
		var err error
		if seller.Record, err = d.recordOf(ctx, chain.LeaseFilter{ProviderAddr: addr}); err != nil {
			return market.Seller{}, err
		}
	}
	return seller, nil
}

// recordOf looks at one page of ended leases.
func (d *Deployer) recordOf(ctx context.Context, filter chain.LeaseFilter) (market.Record, error) {
	filter.State = leaseClosed
	ended, _, err := d.Chain.LeasesPage(ctx, filter, nil)
	if err != nil {
		return market.Record{}, fmt.Errorf("ended leases of Akash provider %s: %w", filter.ProviderAddr, err)
	}
	record := market.Record{Leases: len(ended)}
	for _, l := range ended {
		if gaveUp(l.Lease.Reason) {
			record.GaveUp++
		}
	}
	return record, nil
}

const (
	leaseClosed = "closed"
	leaseActive = "active"
)

// gaveUp reports whether a lease ended because its Akash provider wanted it to. A manifest that never came is the
// tenant's doing, and so is an escrow that ran out.
func gaveUp(reason marketv1.LeaseClosedReason) bool {
	return reason == marketv1.LeaseClosedReason_lease_closed_reason_unstable ||
		reason == marketv1.LeaseClosedReason_lease_closed_reason_decommission ||
		reason == marketv1.LeaseClosedReason_lease_closed_reason_unspecified
}

// clockGateways measures how fast the gateways of acceptable bidders answer, once each.
func (d *Deployer) clockGateways(ctx context.Context, r *leaseRun) {
	if !r.policy.Needs().Latency {
		return
	}
	if r.facts.timed == nil {
		r.facts.timed = map[string]bool{}
	}
	var unclocked []string
	for _, b := range market.Acceptable(r.verdicts) {
		if addr := b.ID.ProviderAddr; !r.facts.timed[addr] {
			r.facts.timed[addr] = true
			unclocked = append(unclocked, addr)
		}
	}
	var mu sync.Mutex
	eachAtOnce(unclocked, func(addr string) {
		took, ok := d.latencyOf(ctx, addr)
		mu.Lock()
		defer mu.Unlock()
		if seller, known := r.facts.sellers[addr]; ok && known {
			seller.Latency = took
			r.facts.sellers[addr] = seller
		}
	})
}

func (d *Deployer) latencyOf(ctx context.Context, addr string) (time.Duration, bool) {
	client, err := d.gatewayOf(ctx, addr)
	if err != nil {
		return 0, false
	}
	bounded, cancel := context.WithTimeout(ctx, factTime)
	defer cancel()
	before := d.Clock.Now()
	if _, err := client.Address(bounded); err != nil {
		return 0, false
	}
	return max(d.Clock.Now().Sub(before), time.Microsecond), true
}
