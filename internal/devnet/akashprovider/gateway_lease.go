// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"net/http"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/manifest"
)

const textNoService = "kube: no service for that lease"

// leaseStatus is the wire form of a lease's state.
type leaseStatus struct {
	Services       map[string]serviceStatus   `json:"services"`
	ForwardedPorts map[string][]forwardedPort `json:"forwarded_ports"`
	IPs            map[string][]leasedIP      `json:"ips"`
}

// getLeaseStatus answers 404 without a word for anything that does not run here.
func (p *AkashProvider) getLeaseStatus(w http.ResponseWriter, _ *http.Request, at place) {
	status, ok := p.leaseStatus(at)
	if !ok {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	writeJSON(w, status)
}

func (p *AkashProvider) leaseStatus(at place) (leaseStatus, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	id := at.lease(p.identity.Address)
	l, ok := p.leases[id]
	if !ok || l.workload == nil {
		return leaseStatus{}, false
	}
	out := leaseStatus{Services: map[string]serviceStatus{}}
	ready := true
	for _, service := range l.workload.group.Services {
		out.Services[service.Name] = p.serviceStatus(id, l.workload, service)
		ready = ready && p.settled(l.workload.services[service.Name].startedAt)
	}
	out.ForwardedPorts = p.ports.forwarded(id, l.workload.group, p.hostname)
	out.IPs = p.ips.leased(id, l.workload.group, ready)
	return out, true
}

func (p *AkashProvider) getServiceStatus(w http.ResponseWriter, _ *http.Request, at place) {
	status, refusal := p.oneService(at)
	if refusal != "" {
		http.Error(w, refusal, http.StatusNotFound)
		return
	}
	writeJSON(w, status)
}

func (p *AkashProvider) oneService(at place) (status serviceStatus, refusal string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	id := at.lease(p.identity.Address)
	l, ok := p.leases[id]
	if !ok || l.workload == nil {
		return serviceStatus{}, "kube: lease not found"
	}
	for _, service := range l.workload.group.Services {
		if service.Name == at.service {
			status := p.serviceStatus(id, l.workload, service)
			if isIngress(service) {
				status.URIs = p.allURIs(id, l.workload.group)
			}
			return status, ""
		}
	}
	return serviceStatus{}, textNoService
}

// getLeaseManifest gives back the group of one lease, as the cluster stores it.
func (p *AkashProvider) getLeaseManifest(w http.ResponseWriter, _ *http.Request, at place) {
	p.mu.Lock()
	l, ok := p.leases[at.lease(p.identity.Address)]
	var group manifest.Group
	if ok = ok && l.workload != nil; ok {
		group = l.workload.group.AsStored()
	}
	p.mu.Unlock()
	if !ok {
		http.Error(w, "lease not found", http.StatusNotFound)
		return
	}
	writeJSON(w, manifest.Manifest{group})
}
