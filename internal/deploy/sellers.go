// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"fmt"
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
)

// everyAuditor reads what anybody signed: [Market.Read] wants auditors named only to know that signatures matter.
const everyAuditor = "*"

// versionTime bounds the question for a gateway's version, once it answered another.
const versionTime = 2 * time.Second

// SellerList is the part of the market that somebody wanted to see.
type SellerList struct {
	// Sellers are by address.
	Sellers []market.Candidate
	// Unanswered is how many of those that suit by what the chain tells have a gateway that did not answer. They are in
	// Sellers unless the filter needs the answer.
	Unanswered int
	// Unaudited is how many of all registered could not be read for what auditors signed.
	Unaudited int
	// ReadAt is when the chain was asked, Height its last block then.
	ReadAt time.Time
	Height int64
}

// ListSellers reads the market and keeps whom the filter wants. It takes a few seconds at most. The error is the
// context's or that of the chain.
func (d *Deployer) ListSellers(ctx context.Context, filter market.Filter) (SellerList, error) {
	if d.Market == nil {
		return SellerList{}, errNoMarket
	}
	snapshot, err := d.Market.Read(ctx, filter.Suits, everyAuditor)
	if err != nil {
		return SellerList{}, fmt.Errorf("read the market: %w", err)
	}
	list := SellerList{ReadAt: snapshot.ReadAt, Height: snapshot.Height}
	for _, c := range snapshot.Candidates {
		if c.Audits == nil {
			list.Unaudited++
		}
		if c.Inventory == nil && filter.Suits(c.Seller) {
			list.Unanswered++
		}
		if filter.Wants(c) {
			list.Sellers = append(list.Sellers, c)
		}
	}
	return list, nil
}

// SellerFacts is everything that is known of one Akash provider. Its Record is that of one page of ended leases.
type SellerFacts struct {
	market.Candidate
	// OwnRecord is how its leases with the owner ended; nil when there is no owner yet.
	OwnRecord *market.Record
	// Version is the software behind the gateway; zero when it did not tell.
	Version gateway.Version
}

// versioned is a [Gateway] that tells its software. [*gateway.Client] is one.
type versioned interface {
	Version(ctx context.Context) (gateway.Version, error)
}

// ReadSeller reads one Akash provider from the chain and asks its gateway. A gateway that does not answer is no error.
// Errors: [chain.ErrProviderNotFound], others of package chain.
func (d *Deployer) ReadSeller(ctx context.Context, addr string) (SellerFacts, error) {
	seller, err := d.sellerOf(ctx, addr, market.Facts{Declared: true, Audits: true, Record: true})
	if err != nil {
		return SellerFacts{}, err
	}
	facts := SellerFacts{Candidate: market.Candidate{Seller: seller}}
	if d.Owner != "" {
		own, err := d.recordOf(ctx, chain.LeaseFilter{Owner: d.Owner, ProviderAddr: addr})
		if err != nil {
			return SellerFacts{}, err
		}
		facts.OwnRecord = &own
	}
	if d.Market == nil {
		return facts, nil
	}
	facts.Candidate = d.Market.Ask(ctx, seller)[0]
	if facts.Inventory != nil {
		facts.Version = d.versionOf(ctx, seller)
	}
	return facts, nil
}

func (d *Deployer) versionOf(ctx context.Context, seller market.Seller) gateway.Version {
	client, err := d.Gateways(seller.HostURI, seller.Addr)
	if err != nil {
		return gateway.Version{}
	}
	tells, ok := client.(versioned)
	if !ok {
		return gateway.Version{}
	}
	bounded, cancel := context.WithTimeout(ctx, versionTime)
	defer cancel()
	version, err := tells.Version(bounded)
	if err != nil {
		d.Logger.Debug("a gateway told no version", "akash_provider", seller.Addr, "error", err.Error())
	}
	return version
}
