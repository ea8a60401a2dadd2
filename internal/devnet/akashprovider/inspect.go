// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/manifest"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// Decision records why an order was bid on or not.
type Decision struct {
	Order  ids.OrderID
	Height int64
	// Price is the bid's, as "12.5…uact"; "" when there is no bid.
	Price string
	// Due is the block after which the bid is sent; 0 when there is none.
	Due int64
	// Reason says why there is no bid; "" when there is one.
	Reason string
}

const maxDecisions = 1000

// Deployed gives the services that run for a lease, env and credentials included; false when nothing runs.
func (p *AkashProvider) Deployed(id ids.LeaseID) ([]manifest.Service, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	l, ok := p.leases[id]
	if !ok || l.workload == nil {
		return nil, false
	}
	return slices.Clone(l.workload.group.Services), true
}

// Leases lists the leases that this Akash provider knows to run, by their text.
func (p *AkashProvider) Leases() []ids.LeaseID {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.SortedFunc(maps.Keys(p.leases), func(a, b ids.LeaseID) int {
		return strings.Compare(a.String(), b.String())
	})
}

// ManifestsAccepted counts the manifests answered with 200 so far, repetitions included.
func (p *AkashProvider) ManifestsAccepted() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.accepted
}

// decide notes a decision; the caller holds the lock.
func (p *AkashProvider) decide(d Decision) {
	p.decisions = append(p.decisions, d)
	if extra := len(p.decisions) - maxDecisions; extra > 0 {
		p.decisions = slices.Delete(p.decisions, 0, extra)
	}
}

// Decisions lists the latest decisions about orders, oldest first. The last one about an order holds: whoever
// wanted to bid may find that others were quicker.
func (p *AkashProvider) Decisions() []Decision {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.decisions)
}

// RecentDecisions lists at most n of [AkashProvider.Decisions], the latest, oldest first.
func (p *AkashProvider) RecentDecisions(n int) []Decision {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.decisions[max(0, len(p.decisions)-max(0, n)):])
}

// DecisionOn gives the latest decision about an order; false when there is none, or none any more.
func (p *AkashProvider) DecisionOn(id ids.OrderID) (Decision, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, d := range slices.Backward(p.decisions) {
		if d.Order == id {
			return d, true
		}
	}
	return Decision{}, false
}

// Hosts maps the host names of accept lists that are served here to the groups that have them.
func (p *AkashProvider) Hosts() map[string]ids.GroupID {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.hosts)
}

// CloseLease kills a lease from the Akash provider's side: it sends MsgCloseBid, which also pauses the group.
// reason must be one of the Akash provider's (10000 to 19999).
func (p *AkashProvider) CloseLease(ctx context.Context, id ids.LeaseID, reason marketv1.LeaseClosedReason) error {
	msg := &marketv1beta5.MsgCloseBid{ID: bidID(id.Order(), p.identity.Address), Reason: reason}
	p.sending.Lock()
	defer p.sending.Unlock()
	if err := p.wallet.Broadcast(ctx, msg); err != nil {
		return fmt.Errorf("close lease %s: %w", id, err)
	}
	return nil
}

// StartReclaim announces that a lease, whose bid offered a reclamation window, will be taken back once the window is
// over. reason must be one of the Akash provider's (10000 to 19999).
func (p *AkashProvider) StartReclaim(
	ctx context.Context, id ids.LeaseID, reason marketv1.LeaseClosedReason,
) error {
	bid := bidID(id.Order(), p.identity.Address)
	msg := &marketv1beta5.MsgLeaseStartReclaim{ID: marketv1.LeaseID(bid), Reason: reason}
	p.sending.Lock()
	defer p.sending.Unlock()
	if err := p.wallet.Broadcast(ctx, msg); err != nil {
		return fmt.Errorf("reclaim lease %s: %w", id, err)
	}
	return nil
}

// bidID is the wire form of this Akash provider's bid on an order.
func bidID(o ids.OrderID, providerAddr string) marketv1.BidID {
	return marketv1.BidID{Owner: o.Owner, DSeq: o.DSeq, GSeq: o.GSeq, OSeq: o.OSeq, Provider: providerAddr}
}

func orderID(o marketv1.OrderID) ids.OrderID {
	return ids.OrderID{Owner: o.Owner, DSeq: o.DSeq, GSeq: o.GSeq, OSeq: o.OSeq}
}

func leaseID(l marketv1.LeaseID) ids.LeaseID {
	return ids.LeaseID{Owner: l.Owner, DSeq: l.DSeq, GSeq: l.GSeq, OSeq: l.OSeq, ProviderAddr: l.Provider}
}

// orderOf is the wire form of a lease's order.
func orderOf(l ids.LeaseID) marketv1.OrderID {
	return marketv1.OrderID{Owner: l.Owner, DSeq: l.DSeq, GSeq: l.GSeq, OSeq: l.OSeq}
}
