// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/manifest"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

// forwardedPort is the wire form of one node port.
type forwardedPort struct {
	Host         string `json:"host"`
	Port         uint32 `json:"port"`
	ExternalPort uint32 `json:"externalPort"`
	Proto        string `json:"proto"`
	Name         string `json:"name"`
}

// The range from which a cluster gives node ports.
const (
	firstNodePort = 30000
	lastNodePort  = 32767
)

// portKey names a node port: which expose of which service of which lease.
type portKey struct {
	lease    ids.LeaseID
	service  string
	port     uint32
	external uint32
	proto    string
}

// portAllocator gives every forwarded expose a node port of its own for as long as its lease runs.
type portAllocator struct {
	given map[portKey]uint32
	taken map[uint32]bool
	last  uint32
}

func newPortAllocator() portAllocator {
	return portAllocator{given: map[portKey]uint32{}, taken: map[uint32]bool{}, last: firstNodePort - 1}
}

// assign gives ports to what is new in the group and takes back those of exposes that are gone.
func (a *portAllocator) assign(id ids.LeaseID, group manifest.Group) {
	wanted := map[portKey]bool{}
	for _, service := range group.Services {
		for _, e := range service.Expose {
			if !e.Global || e.IsIngress() {
				continue
			}
			key := keyOf(id, service.Name, e)
			wanted[key] = true
			if _, ok := a.given[key]; !ok {
				a.give(key)
			}
		}
	}
	for key, port := range a.given {
		if key.lease == id && !wanted[key] {
			delete(a.given, key)
			delete(a.taken, port)
		}
	}
}

func keyOf(id ids.LeaseID, service string, e manifest.Expose) portKey {
	return portKey{lease: id, service: service, port: e.Port, external: e.EffectivePort(), proto: e.Proto}
}

// give takes the next free port; when all are taken the expose stays without, as in a cluster.
func (a *portAllocator) give(key portKey) {
	for range lastNodePort - firstNodePort + 1 {
		if a.last++; a.last > lastNodePort {
			a.last = firstNodePort
		}
		if !a.taken[a.last] {
			a.given[key], a.taken[a.last] = a.last, true
			return
		}
	}
}

func (a *portAllocator) release(id ids.LeaseID) { a.assign(id, manifest.Group{}) }

// forwarded reports the node ports of a group by service. It is nil unless some global expose is written with
// an external port other than 80: an expose of port 80 without one makes an empty object already.
func (a *portAllocator) forwarded(id ids.LeaseID, group manifest.Group, host string) map[string][]forwardedPort {
	var out map[string][]forwardedPort
	for _, service := range group.Services {
		for _, e := range service.Expose {
			if !e.Global || e.ExternalPort == 80 {
				continue
			}
			if out == nil {
				out = map[string][]forwardedPort{}
			}
			if port, ok := a.given[keyOf(id, service.Name, e)]; ok && !e.IsIngress() {
				out[service.Name] = append(out[service.Name], forwardedPort{
					Host: host, Port: e.Port, ExternalPort: port, Proto: e.Proto, Name: service.Name,
				})
			}
		}
	}
	return out
}
