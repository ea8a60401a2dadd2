// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"encoding/json"
	"fmt"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/manifest"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// workload is what "runs" for one lease: its group of the manifest, and when each service began.
type workload struct {
	group    manifest.Group
	services map[string]*running
}

// running is one service. Heights are blocks.
type running struct {
	service   manifest.Service
	text      string // the service as JSON, to see whether it changed
	startedAt int64
	changedAt int64
	before    *running // what runs until the change is ready; nil at the first start
}

// deploy puts the groups of a checked manifest onto leases of one deployment; the caller holds the lock. A
// host name that somebody else holds fails it as a whole. The same manifest again changes nothing.
func (p *AkashProvider) deploy(
	leases []ids.LeaseID, m manifest.Manifest, groups []deploymentv1beta4.Group, height int64,
) error {
	if len(leases) == 0 {
		return nil
	}
	deployment := leases[0].Deployment()
	wanted := make([]manifest.Group, len(leases))
	for i, id := range leases {
		name, ok := groupName(groups, id.GSeq)
		if !ok {
			return fmt.Errorf("group %d of deployment %s is not on chain", id.GSeq, deployment)
		}
		if wanted[i], ok = m.Group(name); !ok {
			return fmt.Errorf("group %q is not in the manifest", name)
		}
		if err := p.hosts.check(id.Owner, hostsOf(wanted[i])); err != nil {
			return err
		}
	}
	for i, id := range leases {
		l := p.leaseOf(id, height)
		started, err := p.start(l.workload, wanted[i], height)
		if err != nil {
			return err
		}
		l.workload = started
		p.hosts.claim(id.Group(), hostsOf(wanted[i]))
		p.ports.assign(id, wanted[i])
		p.ips.assign(id, wanted[i])
	}
	return nil
}

// start makes a workload out of the one before: unchanged services go on, changed ones are rolled.
func (p *AkashProvider) start(before *workload, group manifest.Group, height int64) (*workload, error) {
	w := &workload{group: group, services: map[string]*running{}}
	for _, service := range group.Services {
		next, err := runningService(service, height, height)
		if err != nil {
			return nil, err
		}
		if before != nil {
			if old, ok := before.services[service.Name]; ok {
				next = p.follows(old, next)
			}
		}
		w.services[service.Name] = next
	}
	return w, nil
}

func runningService(service manifest.Service, startedAt, changedAt int64) (*running, error) {
	text, err := json.Marshal(service)
	if err != nil {
		return nil, fmt.Errorf("service %q: %w", service.Name, err)
	}
	return &running{service: service, text: string(text), startedAt: startedAt, changedAt: changedAt}, nil
}

// follows puts the next form of a service after the one before.
func (p *AkashProvider) follows(old, next *running) *running {
	if old.text == next.text {
		return old
	}
	next.startedAt, next.before = old.startedAt, old.before
	if p.settled(old.changedAt) {
		last := *old
		last.before = nil
		next.before = &last
	}
	return next
}

func groupName(groups []deploymentv1beta4.Group, gseq uint32) (string, bool) {
	for _, g := range groups {
		if g.ID.GSeq == gseq {
			return g.GroupSpec.Name, true
		}
	}
	return "", false
}

// serviceStatus is the wire form of one service. Without ingress uris is null.
type serviceStatus struct {
	Name               string   `json:"name"`
	Available          uint32   `json:"available"`
	Total              uint32   `json:"total"`
	URIs               []string `json:"uris"`
	ObservedGeneration int64    `json:"observed_generation"` // always 0, as recorded
	Replicas           uint32   `json:"replicas"`
	UpdatedReplicas    uint32   `json:"updated_replicas"`
	ReadyReplicas      uint32   `json:"ready_replicas"`
	AvailableReplicas  uint32   `json:"available_replicas"`
}

// serviceStatus reports a service at the current block. In its first block nothing is counted, not even the
// total: a client that takes 0 of 0 for ready is wrong, as on the network. Then it is pending, then ready. A
// changed service keeps its old replicas until the new ones are ready.
func (p *AkashProvider) serviceStatus(id ids.LeaseID, w *workload, service manifest.Service) serviceStatus {
	run := w.services[service.Name]
	out := serviceStatus{Name: service.Name, URIs: p.uris(id, service)}
	if p.height <= run.startedAt {
		return out
	}
	out.Total, out.Replicas = service.Count, service.Count
	if !p.settled(run.startedAt) {
		return out
	}
	out.Available, out.ReadyReplicas, out.AvailableReplicas = service.Count, service.Count, service.Count
	if p.settled(run.changedAt) {
		out.UpdatedReplicas = service.Count
	}
	return out
}

// settled tells whether what began at a block is ready by now.
func (p *AkashProvider) settled(since int64) bool {
	delay := 1 + p.spec.ReadyDelayBlocks + p.faults.SlowReadyBlocks
	return !p.faults.NeverReady && p.height-since >= delay
}
