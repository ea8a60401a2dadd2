// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/manifest"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// maxKept bounds the manifests that wait for a lease; the oldest goes first.
const maxKept = 1000

// lease is one that runs here, with or without a workload.
type lease struct {
	id     ids.LeaseID
	text   string    // the id's, for ordering
	seenAt time.Time // by our clock
	// since is the block at which the lease was first known; an older list that lacks it proves nothing.
	since    int64
	adopted  bool // found at the first step: its manifest was lost with the process before
	closing  bool
	attempts int
	workload *workload
	funds    supervision
}

// updateLeases follows the list of leases; the caller holds the lock.
func (p *AkashProvider) updateLeases(v view) {
	for id := range v.leases {
		known := p.leaseOf(id, v.leaseHeight)
		if _, ok := v.adopted[orderOf(id)]; ok {
			known.adopted = true
		}
	}
	for id, l := range p.leases {
		if _, listed := v.leases[id]; !listed && v.leaseHeight >= l.since {
			p.tearDown(l)
		}
	}
}

// leaseOf finds the record of a lease, or makes it at the given block.
func (p *AkashProvider) leaseOf(id ids.LeaseID, height int64) *lease {
	l, ok := p.leases[id]
	if !ok {
		l = &lease{id: id, text: id.String(), seenAt: p.now(), since: height}
		p.leases[id] = l
		p.log.Info("lease won", "lease", id)
	}
	return l
}

// tearDown forgets a lease that has ended and frees all it held.
func (p *AkashProvider) tearDown(l *lease) {
	p.log.Info("lease ended", "lease", l.id)
	delete(p.leases, l.id)
	delete(p.orders, orderOf(l.id))
	p.inventory.Release(orderOf(l.id))
	p.ports.release(l.id)
	p.ips.release(l.id)
	deployment, last := l.id.Deployment(), true
	for id := range p.leases {
		if id.Group() == l.id.Group() {
			return // the group has been leased here again
		}
		last = last && id.Deployment() != deployment
	}
	p.hosts.release(l.id.Group())
	if !last {
		return // another group of the deployment still runs here
	}
	delete(p.kept, deployment)
}

// nextLeaseAction picks a lease to give up: one without manifest for too long, or any on a fault.
func (p *AkashProvider) nextLeaseAction() *action {
	l := p.firstLease(func(l *lease) bool {
		_, ok := p.giveUpReason(l)
		return ok
	})
	if l == nil {
		return p.nextWithdrawal()
	}
	reason, _ := p.giveUpReason(l)
	return &action{
		what: "close lease " + l.id.String(),
		msg:  &marketv1beta5.MsgCloseBid{ID: bidID(l.id.Order(), p.identity.Address), Reason: reason},
		sent: func() { l.closing = true },
		failed: func(error) {
			if l.attempts++; l.attempts >= maxAttempts {
				l.closing = true
			}
		},
	}
}

// firstLease finds the lease with the lowest id that meets a condition; nil when none does.
func (p *AkashProvider) firstLease(meets func(*lease) bool) *lease {
	var first *lease
	for _, l := range p.leases {
		if meets(l) && (first == nil || l.text < first.text) {
			first = l
		}
	}
	return first
}

func (p *AkashProvider) giveUpReason(l *lease) (marketv1.LeaseClosedReason, bool) {
	switch {
	case l.closing:
		return 0, false
	case p.faults.CloseLeases && p.height > l.since:
		return marketv1.LeaseClosedReason_lease_closed_reason_unstable, true
	case l.workload == nil && !l.adopted && !p.faults.IgnoreManifestTimeout &&
		p.now().Sub(l.seenAt) >= p.spec.ManifestTimeout:
		return marketv1.LeaseClosedReason_lease_closed_reason_manifest_timeout, true
	}
	return 0, false
}

// keep holds a correct manifest for a lease that is not there yet; the caller holds the lock.
func (p *AkashProvider) keep(id ids.DeploymentID, m manifest.Manifest) {
	if _, ok := p.kept[id]; !ok {
		p.keptOrder = append(p.keptOrder, id)
	}
	p.kept[id] = m
	for len(p.keptOrder) > maxKept {
		delete(p.kept, p.keptOrder[0])
		p.keptOrder = p.keptOrder[1:]
	}
}

// leasesWithKeptManifest lists the leases that wait for a manifest which is already here.
func (p *AkashProvider) leasesWithKeptManifest() []ids.LeaseID {
	if len(p.kept) == 0 {
		return nil
	}
	var out []ids.LeaseID
	for id, l := range p.leases {
		if _, ok := p.kept[id.Deployment()]; ok && l.workload == nil && !l.closing {
			out = append(out, id)
		}
	}
	slices.SortFunc(out, func(a, b ids.LeaseID) int { return strings.Compare(a.String(), b.String()) })
	return out
}

// deployKept deploys a kept manifest if it is still the one whose hash is on chain.
func (p *AkashProvider) deployKept(ctx context.Context, id ids.LeaseID, height int64) error {
	p.mu.Lock()
	kept, ok := p.kept[id.Deployment()]
	p.mu.Unlock()
	if !ok {
		return nil
	}
	found, err := p.chain.deployment(ctx, id.Deployment())
	if err != nil {
		return err
	}
	if err := matches(kept, found); err != nil {
		p.mu.Lock()
		delete(p.kept, id.Deployment())
		p.mu.Unlock()
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, ok := p.leases[id]; !ok {
		return nil // ended meanwhile
	}
	if err := p.deploy([]ids.LeaseID{id}, kept, found.Groups, height); err != nil {
		delete(p.kept, id.Deployment())
		return err
	}
	return nil
}
