// SPDX-License-Identifier: Apache-2.0

package market

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
)

// Filter says which Akash providers somebody wants to see. The zero value wants all of them.
type Filter struct {
	// Attributes must all be declared; a key may hold "*" and "?", which do not cross a "/".
	Attributes []attributesv1.Attribute
	// Auditors, when not empty, are whose signature counts: one of them must have signed Attributes, or anything when
	// there are none.
	Auditors []string
	// GPU, when not nil, is a device it must have, free or not; a field that is "" is any.
	GPU *GPU
	// Free, when not nil, is what it must have free.
	Free *Room
	// Online wants those alone whose gateway answered.
	Online bool
}

// Room is an amount of everything.
type Room struct {
	// CPU is in thousandths of a core.
	CPU uint64
	// Memory and Ephemeral storage are in bytes, Volumes is persistent storage in bytes by class.
	Memory, Ephemeral uint64
	Volumes           map[string]uint64
	// GPUs counts devices, IPs addresses to lease.
	GPUs, IPs uint64
}

// GPUCount is a kind of device and how many of them there are.
type GPUCount struct {
	GPU
	Count uint64
}

// Suits judges by what the chain tells, so that nobody else's gateway needs to be asked.
func (f Filter) Suits(s Seller) bool {
	if _, lacking := lacks(s.Attributes, f.Attributes); lacking {
		return false
	}
	if s.unsigned(attributesv1.SignedBy{AnyOf: f.Auditors}, f.Attributes) != "" {
		return false
	}
	// A device that is not declared is never bid, whatever the machines hold.
	return f.GPU == nil || slices.ContainsFunc(DeclaredGPUs(s.Attributes), func(g GPU) bool { return g.is(*f.GPU) })
}

// NeedsGateway reports whether a silent gateway leaves the question open.
func (f Filter) NeedsGateway() bool { return f.Online || f.Free != nil }

// Wants judges by everything that is known.
func (f Filter) Wants(c Candidate) bool {
	if !f.Suits(c.Seller) {
		return false
	}
	if c.Inventory == nil {
		return !f.NeedsGateway()
	}
	if devices, named := c.Inventory.Devices(); f.GPU != nil && named &&
		!slices.ContainsFunc(devices, func(d GPUCount) bool { return d.is(*f.GPU) }) {
		return false
	}
	return f.Free == nil || c.Inventory.hasRoom(*f.Free, f.GPU)
}

// hasRoom reports whether one machine has all of room free at once, the storage and addresses beside it. Device, when
// not nil, is what the GPUs must be.
func (i Inventory) hasRoom(room Room, device *GPU) bool {
	if room.IPs > 0 && (i.FreeIPs == nil || room.IPs > *i.FreeIPs) {
		return false
	}
	want := need{
		cpu: room.CPU, memory: room.Memory, ephemeral: room.Ephemeral, gpus: room.GPUs, volumes: room.Volumes,
		wanted: []GPU{{Model: anyModel}},
	}
	if device != nil {
		want.wanted = []GPU{*device}
	}
	kinds := []GPU{{}}
	if want.gpus > 0 {
		kinds = i.kinds(want)
		if i.unnamedGPUs() {
			kinds = append(kinds, GPU{Model: anyModel})
		}
	}
	return slices.ContainsFunc(kinds, func(kind GPU) bool { return i.clone().placeAll(want, kind, 1) })
}

// Total is what all machines have free together; a job has to fit on one of them. IPs is 0 where FreeIPs is nil.
func (i Inventory) Total() Room {
	sum := Room{Volumes: maps.Clone(i.Pools)}
	for _, n := range i.Nodes {
		sum.CPU = plus(sum.CPU, n.CPU)
		sum.Memory = plus(sum.Memory, n.Memory)
		sum.Ephemeral = plus(sum.Ephemeral, n.Ephemeral)
		sum.GPUs = plus(sum.GPUs, n.FreeGPUs)
	}
	if i.FreeIPs != nil {
		sum.IPs = *i.FreeIPs
	}
	return sum
}

// plus adds amounts that others tell: what is too large is the most there is.
func plus(a, b uint64) uint64 {
	if a > math.MaxUint64-b {
		return math.MaxUint64
	}
	return a + b
}

// Devices are the GPUs of all machines, free or not, sorted. Named is false when some machine does not tell the models
// of its GPUs, as over REST.
func (i Inventory) Devices() (devices []GPUCount, named bool) {
	counts := map[GPU]uint64{}
	for _, n := range i.Nodes {
		for _, device := range n.GPUs {
			counts[device]++
		}
	}
	for _, device := range slices.SortedFunc(maps.Keys(counts), compareGPUs) {
		devices = append(devices, GPUCount{GPU: device, Count: counts[device]})
	}
	return devices, !i.unnamedGPUs()
}

// DeclaredGPUs are the devices that attributes promise, sorted: keys such as
// "capabilities/gpu/vendor/nvidia/model/a100/ram/80Gi" that are "true".
func DeclaredGPUs(attributes []attributesv1.Attribute) []GPU {
	var declared []GPU
	for _, a := range attributes {
		key, ok := strings.CutPrefix(a.Key, gpuPrefix)
		if !ok || a.Value != "true" {
			continue
		}
		device := gpuOfKey(key)
		if device.Model != "" && device.Model != anyModel && !slices.Contains(declared, device) {
			declared = append(declared, device)
		}
	}
	slices.SortFunc(declared, compareGPUs)
	return declared
}

func compareGPUs(a, b GPU) int {
	return cmp.Or(cmp.Compare(a.Vendor, b.Vendor), cmp.Compare(a.Model, b.Model), cmp.Compare(a.RAM, b.RAM),
		cmp.Compare(a.Interface, b.Interface))
}
