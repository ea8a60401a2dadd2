// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"fmt"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/manifest"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

const maxLeasedIPs = 254

// leasedIP is the wire form of one port on a leased address; its keys are capitalised on the network.
type leasedIP struct {
	Port         uint32 `json:"Port"`
	ExternalPort uint32 `json:"ExternalPort"`
	Protocol     string `json:"Protocol"`
	IP           string `json:"IP"`
}

// ipName is what an address belongs to: an owner's endpoint name, across all his leases here.
type ipName struct{ owner, endpoint string }

type ipPort struct {
	proto string
	port  uint32
}

// ipAllocator leases addresses of the documentation range 203.0.113.0/24. The first lease to ask for a port
// of an address has it; a second one is left without, until the first ends.
type ipAllocator struct {
	size  uint32
	given map[ipName]uint32 // last byte of the address
	uses  map[ipName]map[ipPort]ids.LeaseID
}

func newIPAllocator(size uint32) ipAllocator {
	return ipAllocator{size: size, given: map[ipName]uint32{}, uses: map[ipName]map[ipPort]ids.LeaseID{}}
}

func (a *ipAllocator) assign(id ids.LeaseID, group manifest.Group) {
	type use struct {
		name ipName
		port ipPort
	}
	wanted := map[use]bool{}
	for _, service := range group.Services {
		for _, e := range service.Expose {
			if e.Global && e.IP != "" {
				wanted[use{ipName{id.Owner, e.IP}, ipPort{e.Proto, e.EffectivePort()}}] = true
			}
		}
	}
	for name, ports := range a.uses {
		for port, holder := range ports {
			if holder == id && !wanted[use{name, port}] {
				delete(ports, port)
			}
		}
	}
	for u := range wanted {
		if a.uses[u.name] == nil {
			a.uses[u.name] = map[ipPort]ids.LeaseID{}
		}
		if _, taken := a.uses[u.name][u.port]; !taken {
			a.uses[u.name][u.port] = id
		}
	}
	for name, ports := range a.uses {
		if len(ports) == 0 {
			delete(a.uses, name)
			delete(a.given, name)
		}
	}
	// Names are numbered in their order, so that the same requests get the same addresses.
	for _, service := range group.Services {
		for _, e := range service.Expose {
			if e.Global && e.IP != "" {
				a.number(ipName{id.Owner, e.IP})
			}
		}
	}
}

// take gives all ports of a group to a lease, whoever had them: a migration. The leases that had them go on without.
func (a *ipAllocator) take(id ids.LeaseID, group manifest.Group) {
	for _, service := range group.Services {
		for _, e := range service.Expose {
			name := ipName{id.Owner, e.IP}
			if e.Global && e.IP != "" && a.uses[name] != nil {
				a.uses[name][ipPort{e.Proto, e.EffectivePort()}] = id
			}
		}
	}
}

func (a *ipAllocator) number(name ipName) {
	if _, ok := a.given[name]; ok {
		return
	}
	taken := map[uint32]bool{}
	for _, n := range a.given {
		taken[n] = true
	}
	for n := uint32(1); n <= a.size; n++ {
		if !taken[n] {
			a.given[name] = n
			return
		}
	}
}

func (a *ipAllocator) release(id ids.LeaseID) { a.assign(id, manifest.Group{}) }

// leased reports the addresses of a group by service: nil when it asks for none, empty while they are pending.
func (a *ipAllocator) leased(id ids.LeaseID, group manifest.Group, ready bool) map[string][]leasedIP {
	var out map[string][]leasedIP
	for _, service := range group.Services {
		for _, e := range service.Expose {
			if !e.Global || e.IP == "" {
				continue
			}
			if out == nil {
				out = map[string][]leasedIP{}
			}
			name, port := ipName{id.Owner, e.IP}, ipPort{e.Proto, e.EffectivePort()}
			n, given := a.given[name]
			if !ready || !given || a.uses[name][port] != id {
				continue
			}
			out[service.Name] = append(out[service.Name], leasedIP{
				Port: e.Port, ExternalPort: e.EffectivePort(), Protocol: e.Proto, IP: fmt.Sprintf("203.0.113.%d", n),
			})
		}
	}
	return out
}
