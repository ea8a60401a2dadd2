// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/manifest"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

// savedFormat changes when an older reader would misunderstand.
const savedFormat = 1

var errUnreadable = errors.New("saved workloads cannot be read")

// saved is what an Akash provider knows that the chain does not: what runs, and on which ports, addresses and names.
type saved struct {
	Format    int             `json:"format"`
	Workloads []savedWorkload `json:"workloads"`
	LastPort  uint32          `json:"last_port"`
	Ports     []savedPort     `json:"ports"`
	IPs       []savedIP       `json:"ips"`
	// Hosts is the group, as owner/dseq/gseq, that holds each name.
	Hosts map[string]string `json:"hosts"`
	// Kept are manifests that wait for a lease, or for the next one of their deployment, the oldest first.
	Kept []savedManifest `json:"kept"`
}

type savedWorkload struct {
	Lease    string                  `json:"lease"`
	Since    int64                   `json:"since"`
	Group    manifest.Group          `json:"group"`
	Services map[string]savedRunning `json:"services"`
}

type savedRunning struct {
	StartedAt int64             `json:"started_at"`
	ChangedAt int64             `json:"changed_at"`
	Before    *manifest.Service `json:"before,omitempty"`
	BeforeAt  int64             `json:"before_at,omitempty"`
}

type savedPort struct {
	Lease    string `json:"lease"`
	Service  string `json:"service"`
	Port     uint32 `json:"port"`
	External uint32 `json:"external"`
	Proto    string `json:"proto"`
	Given    uint32 `json:"given"`
}

type savedIP struct {
	Owner    string       `json:"owner"`
	Endpoint string       `json:"endpoint"`
	Given    uint32       `json:"given"`
	Uses     []savedIPUse `json:"uses"`
}

type savedIPUse struct {
	Proto string `json:"proto"`
	Port  uint32 `json:"port"`
	Lease string `json:"lease"`
}

type savedManifest struct {
	Deployment string            `json:"deployment"`
	Manifest   manifest.Manifest `json:"manifest"`
}

// Save returns what runs here, for [Config.Saved] of another process on the same chain. It has manifests as they were
// sent, with the values of env and what unlocks registries: whoever writes it to a file keeps that from others.
func (p *AkashProvider) Save() ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := saved{Format: savedFormat, LastPort: p.ports.last, Hosts: map[string]string{}}
	for id, l := range p.leases {
		if l.workload == nil {
			continue
		}
		w := savedWorkload{
			Lease: id.String(), Since: l.since, Group: l.workload.group, Services: map[string]savedRunning{},
		}
		for name, run := range l.workload.services {
			s := savedRunning{StartedAt: run.startedAt, ChangedAt: run.changedAt}
			if run.before != nil {
				s.Before, s.BeforeAt = &run.before.service, run.before.changedAt
			}
			w.Services[name] = s
		}
		out.Workloads = append(out.Workloads, w)
	}
	slices.SortFunc(out.Workloads, func(a, b savedWorkload) int { return strings.Compare(a.Lease, b.Lease) })
	for key, given := range p.ports.given {
		out.Ports = append(out.Ports, savedPort{
			Lease: key.lease.String(), Service: key.service, Port: key.port, External: key.external, Proto: key.proto,
			Given: given,
		})
	}
	slices.SortFunc(out.Ports, func(a, b savedPort) int { return cmp.Compare(a.Given, b.Given) })
	for name, given := range p.ips.given {
		ip := savedIP{Owner: name.owner, Endpoint: name.endpoint, Given: given}
		for port, lease := range p.ips.uses[name] {
			ip.Uses = append(ip.Uses, savedIPUse{Proto: port.proto, Port: port.port, Lease: lease.String()})
		}
		out.IPs = append(out.IPs, ip)
	}
	for host, group := range p.hosts {
		out.Hosts[host] = group.String()
	}
	for _, id := range p.keptOrder {
		if m, ok := p.kept[id]; ok {
			out.Kept = append(out.Kept, savedManifest{Deployment: id.String(), Manifest: m})
		}
	}
	return json.Marshal(out)
}

// restore takes up what [AkashProvider.Save] returned. Leases that have ended since are torn down with the first
// view of the chain. Errors do not quote the text, which may hold secrets.
func (p *AkashProvider) restore(text []byte) error {
	var from saved
	if err := json.Unmarshal(text, &from); err != nil {
		return errUnreadable
	}
	if from.Format != savedFormat {
		return fmt.Errorf("saved workloads have format %d, this reads %d", from.Format, savedFormat)
	}
	for _, w := range from.Workloads {
		id, err := ids.ParseLeaseID(w.Lease)
		if err != nil {
			return fmt.Errorf("saved workload: %w", err)
		}
		running, err := w.workload()
		if err != nil {
			return err
		}
		p.leases[id] = &lease{
			id: id, text: id.String(), seenAt: p.now(), since: w.Since, workload: running,
		}
	}
	return p.restoreNetworking(from)
}

func (p *AkashProvider) restoreNetworking(from saved) error {
	p.ports.last = max(from.LastPort, p.ports.last)
	for _, s := range from.Ports {
		id, err := ids.ParseLeaseID(s.Lease)
		if err != nil {
			return fmt.Errorf("saved port: %w", err)
		}
		key := portKey{lease: id, service: s.Service, port: s.Port, external: s.External, proto: s.Proto}
		p.ports.given[key], p.ports.taken[s.Given] = s.Given, true
	}
	for _, s := range from.IPs {
		name := ipName{s.Owner, s.Endpoint}
		p.ips.given[name], p.ips.uses[name] = s.Given, map[ipPort]ids.LeaseID{}
		for _, use := range s.Uses {
			id, err := ids.ParseLeaseID(use.Lease)
			if err != nil {
				return fmt.Errorf("saved address: %w", err)
			}
			p.ips.uses[name][ipPort{use.Proto, use.Port}] = id
		}
	}
	for host, group := range from.Hosts {
		id, err := ids.ParseGroupID(group)
		if err != nil {
			return fmt.Errorf("saved host name: %w", err)
		}
		p.hosts[host] = id
	}
	for _, k := range from.Kept {
		id, err := ids.ParseDeploymentID(k.Deployment)
		if err != nil {
			return fmt.Errorf("saved manifest: %w", err)
		}
		p.keep(id, k.Manifest)
	}
	return nil
}

// workload is the saved one, at the heights it had.
func (w savedWorkload) workload() (*workload, error) {
	out := &workload{group: w.Group, services: map[string]*running{}}
	for _, service := range w.Group.Services {
		s, ok := w.Services[service.Name]
		if !ok {
			return nil, fmt.Errorf("saved workload %s: service %q has no heights", w.Lease, service.Name)
		}
		next, err := runningService(service, s.StartedAt, s.ChangedAt)
		if err != nil {
			return nil, err
		}
		if s.Before != nil {
			if next.before, err = runningService(*s.Before, s.StartedAt, s.BeforeAt); err != nil {
				return nil, err
			}
		}
		out.services[service.Name] = next
	}
	return out, nil
}
