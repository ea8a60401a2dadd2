// SPDX-License-Identifier: Apache-2.0

package market

import (
	"fmt"
	"maps"
	"slices"

	resourcesv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/resources/v1beta4"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// fits tries to place a whole group on what is free, replica by replica and node by node as an Akash provider's
// reservation does. why is what there is not enough of, "" when the group fits; gpus are the devices it would get, by
// model.
func (i Inventory) fits(group deploymentv1beta4.GroupSpec) (gpus map[string]uint64, why string) {
	if ips := ShapeOfGroup(group).IPs; i.FreeIPs != nil && ips > *i.FreeIPs {
		return nil, "no free IP address"
	}
	free := i.clone()
	for _, unit := range group.Resources {
		want := needOf(unit.Resource)
		kinds := []GPU{{}}
		if want.gpus > 0 {
			if kinds = free.kinds(want); len(kinds) == 0 && !free.unnamedGPUs() {
				return nil, "no GPU " + gpuText(unit.Resource.GPU) + " in its machines"
			}
		}
		if len(kinds) == 0 {
			kinds = []GPU{{Model: anyModel}} // it declares the model, and does not tell which of its devices are free
		}
		placed := false
		for _, kind := range kinds { // every replica gets the same kind of device
			trial := free.clone()
			if placed = trial.placeAll(want, kind, unit.Count); placed {
				free = trial
				if want.gpus > 0 {
					if gpus == nil {
						gpus = map[string]uint64{}
					}
					gpus[kind.Model] += want.gpus * uint64(unit.Count)
				}
				break
			}
		}
		if !placed {
			return nil, free.shortOf(want, unit.Count)
		}
	}
	return gpus, ""
}

// need is what one replica takes.
type need struct {
	cpu, memory, ephemeral, gpus uint64
	wanted                       []GPU
	volumes                      map[string]uint64
}

func needOf(r resourcesv1beta4.Resources) need {
	var n need
	if r.CPU != nil {
		n.cpu = amount(r.CPU.Units)
	}
	if r.Memory != nil {
		n.memory = amount(r.Memory.Quantity)
	}
	for _, volume := range r.Storage {
		class, persistent := storageClass(volume)
		switch {
		case class == ramClass: // a tmpfs
			n.memory += amount(volume.Quantity)
		case persistent:
			if n.volumes == nil {
				n.volumes = map[string]uint64{}
			}
			n.volumes[class] += amount(volume.Quantity)
		default:
			n.ephemeral += amount(volume.Quantity)
		}
	}
	if r.GPU != nil {
		if n.gpus = amount(r.GPU.Units); n.gpus > 0 {
			n.wanted = wantedGPUs(r.GPU)
		}
	}
	return n
}

func (i Inventory) clone() Inventory {
	i.Nodes, i.Pools = slices.Clone(i.Nodes), maps.Clone(i.Pools)
	return i
}

// kinds are the devices of all nodes that a unit may get, each once, in the order of nodes.
func (i Inventory) kinds(want need) []GPU {
	var kinds []GPU
	for _, node := range i.Nodes {
		for _, device := range node.GPUs {
			fits := slices.ContainsFunc(want.wanted, device.is)
			if fits && !slices.Contains(kinds, device) {
				kinds = append(kinds, device)
			}
		}
	}
	return kinds
}

// unnamedGPUs reports whether a node has devices free and does not tell of which model, as over REST.
func (i Inventory) unnamedGPUs() bool {
	return slices.ContainsFunc(i.Nodes, func(n Node) bool { return n.FreeGPUs > 0 && len(n.GPUs) == 0 })
}

// placeAll takes room for all replicas, or reports false with some of it taken.
func (i Inventory) placeAll(want need, kind GPU, count uint32) bool {
	var placed uint32
	for at := range i.Nodes {
		for placed < count && i.place(at, want, kind) {
			placed++
		}
	}
	return placed == count
}

// place takes room for one replica on a node.
func (i Inventory) place(at int, want need, kind GPU) bool {
	node := i.Nodes[at]
	if node.CPU < want.cpu || node.Memory < want.memory || node.Ephemeral < want.ephemeral ||
		want.gpus > 0 && node.free(kind) < want.gpus {
		return false
	}
	for class, bytes := range want.volumes {
		if class = i.class(class); i.Pools[class] < bytes || !slices.Contains(node.StorageClasses, class) {
			return false
		}
	}
	for class, bytes := range want.volumes {
		i.Pools[i.class(class)] -= bytes
	}
	node.CPU -= want.cpu
	node.Memory -= want.memory
	node.Ephemeral -= want.ephemeral
	node.FreeGPUs -= want.gpus
	node.GPUs = without(node.GPUs, kind, want.gpus)
	i.Nodes[at] = node
	return true
}

// class is where a volume of a class goes: "default" stands for a class that the Akash provider does not tell; we take
// the one with most room.
func (i Inventory) class(name string) string {
	if _, known := i.Pools[name]; known || name != "default" {
		return name
	}
	for _, other := range slices.Sorted(maps.Keys(i.Pools)) {
		if i.Pools[other] > i.Pools[name] {
			name = other
		}
	}
	return name
}

// free is how many devices of a kind a node may have free: it tells how many are free, not which.
func (n Node) free(kind GPU) uint64 {
	if len(n.GPUs) == 0 {
		return n.FreeGPUs
	}
	var devices uint64
	for _, device := range n.GPUs {
		if device == kind {
			devices++
		}
	}
	return min(devices, n.FreeGPUs)
}

// without is a list of devices less n of a kind.
func without(devices []GPU, kind GPU, n uint64) []GPU {
	if n == 0 {
		return devices
	}
	var left []GPU
	for _, device := range devices {
		if device == kind && n > 0 {
			n--
			continue
		}
		left = append(left, device)
	}
	return left
}

// shortOf names the first thing that no node has enough of for a single replica, in the order people ask for them.
func (i Inventory) shortOf(want need, count uint32) string {
	lacking := func(what string, has func(Node) bool) string {
		if slices.ContainsFunc(i.Nodes, has) {
			return ""
		}
		return "no machine with " + what + " free"
	}
	reasons := []string{}
	if want.gpus > 0 {
		reasons = append(reasons, lacking(fmt.Sprintf("%d such GPUs", want.gpus), func(n Node) bool {
			return slices.ContainsFunc(n.GPUs, func(g GPU) bool {
				return slices.ContainsFunc(want.wanted, g.is) && n.free(g) >= want.gpus
			})
		}))
	}
	reasons = append(reasons,
		lacking(cpuText(want.cpu)+" CPU", func(n Node) bool { return n.CPU >= want.cpu }),
		lacking(bytesText(want.memory)+" memory", func(n Node) bool { return n.Memory >= want.memory }),
		lacking(bytesText(want.ephemeral)+" storage", func(n Node) bool { return n.Ephemeral >= want.ephemeral }),
	)
	for _, class := range slices.Sorted(maps.Keys(want.volumes)) {
		if i.Pools[i.class(class)] < want.volumes[class] {
			reasons = append(reasons, fmt.Sprintf("not %s of storage class %s free", bytesText(want.volumes[class]), class))
		}
	}
	for _, reason := range reasons {
		if reason != "" {
			return reason
		}
	}
	if count > 1 {
		return fmt.Sprintf("no room for all %d replicas", count)
	}
	return "no machine with everything free at once"
}

// cpuText prints thousandths of a core: "0.5", "16".
func cpuText(milli uint64) string {
	if milli%1000 == 0 {
		return fmt.Sprint(milli / 1000)
	}
	return fmt.Sprintf("%d.%s", milli/1000, trimZeros(fmt.Sprintf("%03d", milli%1000)))
}

func trimZeros(digits string) string {
	for len(digits) > 0 && digits[len(digits)-1] == '0' {
		digits = digits[:len(digits)-1]
	}
	return digits
}

// bytesText prints bytes in the largest unit that leaves a whole number: "512 MiB".
func bytesText(n uint64) string {
	units := []string{"B", "KiB", "MiB", "GiB", "TiB"}
	at := 0
	for n > 0 && n%1024 == 0 && at < len(units)-1 {
		n /= 1024
		at++
	}
	return fmt.Sprintf("%d %s", n, units[at])
}
