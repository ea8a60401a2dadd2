// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"maps"
	"slices"
	"strconv"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/bidding"
	inventoryv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/inventory/v1"
	providerv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1"
	"github.com/akash-iac/terraform-provider-akash/internal/pb/k8s/resource"
)

// clusterNow is the wire form of the status over gRPC, in more detail than the one over REST, and a channel that is
// closed at the next step.
func (p *AkashProvider) clusterNow() (*providerv1.Status, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	public := p.publicStatus()
	out := &providerv1.Status{
		Cluster: &providerv1.ClusterStatus{
			Leases: providerv1.Leases{Active: count(public.Cluster.Leases)},
			Inventory: providerv1.Inventory{
				Cluster: p.clusterInventory(),
				Reservations: providerv1.Reservations{
					Pending: reservations(public.Cluster.Inventory.Pending),
					Active:  reservations(public.Cluster.Inventory.Active),
				},
				LeasedIp: pair(uint64(p.spec.LeasedIPs), uint64(p.inventory.IPsFree())),
			},
		},
		BidEngine:       &providerv1.BidEngineStatus{Orders: count(public.BidEngine.Orders)},
		Manifest:        &providerv1.ManifestStatus{Deployments: count(public.Manifest.Deployments)},
		PublicHostnames: []string{p.hostname},
		Timestamp:       p.now().UTC(),
	}
	if window := p.spec.ReclamationWindow; window > 0 {
		out.ReclamationWindow = &window
	}
	return out, p.stepped
}

// clusterInventory lists nodes and storage; the caller holds the lock.
func (p *AkashProvider) clusterInventory() inventoryv1.Cluster {
	var out inventoryv1.Cluster
	for _, n := range p.inventory.Nodes() {
		out.Nodes = append(out.Nodes, node(n))
	}
	free := map[string]uint64{}
	for _, pool := range p.inventory.PoolsFree() {
		free[pool.Class] = pool.Bytes
	}
	total := map[string]uint64{}
	for _, pool := range p.spec.PersistentStorage {
		total[pool.Class] += pool.Bytes
	}
	for _, class := range slices.Sorted(maps.Keys(total)) {
		out.Storage = append(out.Storage, inventoryv1.Storage{
			Quantity: pair(total[class], free[class]), Info: inventoryv1.StorageInfo{Class: class},
		})
	}
	return out
}

func node(n bidding.NodeFree) inventoryv1.Node {
	none := pair(0, 0)
	return inventoryv1.Node{
		Name: n.Total.Name,
		Resources: inventoryv1.NodeResources{
			CPU: inventoryv1.CPU{
				Quantity: pairOf(n.Total.CPUMilli, n.Free.CPUMilli, milli),
				Info: []inventoryv1.CPUInfo{{
					ID: "0", Vendor: "AuthenticAMD", Model: "AMD EPYC (simulated)",
					Vcores: uint32(n.Total.CPUMilli / 1000), //nolint:gosec // cores of one machine
				}},
			},
			Memory:           inventoryv1.Memory{Quantity: pair(n.Total.MemoryBytes, n.Free.MemoryBytes)},
			GPU:              inventoryv1.GPU{Quantity: pair(n.Total.GPUUnits(), n.Free.GPUUnits()), Info: devices(n.Total)},
			EphemeralStorage: pair(n.Total.EphemeralStorageBytes, n.Free.EphemeralStorageBytes),
			VolumesAttached:  none,
			VolumesMounted:   none,
		},
		Capabilities: inventoryv1.NodeCapabilities{StorageClasses: n.Total.StorageClasses},
	}
}

// The PCI numbers of vendors and of some models; the others are left out.
var (
	vendorIDs = map[string]string{"nvidia": "10de", "amd": "1002"}
	modelIDs  = map[string]string{"a100": "20b2", "h100": "2330", "t4": "1eb8"}
)

// devices lists every GPU of a node, one by one.
func devices(n Node) []inventoryv1.GPUInfo {
	var out []inventoryv1.GPUInfo
	for _, g := range n.GPUs {
		for range g.Units {
			out = append(out, inventoryv1.GPUInfo{
				Vendor: g.Vendor, VendorId: vendorIDs[g.Vendor], Name: g.Model, Modelid: modelIDs[g.Model],
				Interface: g.Interface, MemorySize: g.RAM,
			})
		}
	}
	return out
}

func reservations(from []resourceTotal) providerv1.ReservationsMetric {
	var sum resourceTotal
	storage := map[string]uint64{}
	for _, r := range from {
		sum.CPU += r.CPU
		sum.GPU += r.GPU
		sum.Memory += r.Memory
		sum.StorageEphemeral += r.StorageEphemeral
		for class, bytes := range r.Storage {
			storage[class] += bytes
		}
	}
	out := providerv1.ReservationsMetric{
		Count: count(len(from)),
		Resources: providerv1.ResourcesMetric{
			CPU: milli(sum.CPU), Memory: whole(sum.Memory), GPU: whole(sum.GPU), EphemeralStorage: whole(sum.StorageEphemeral),
			Storage: map[string]*resource.Quantity{},
		},
	}
	for class, bytes := range storage {
		out.Resources.Storage[class] = whole(bytes)
	}
	return out
}

func count(n int) uint32 { return uint32(n) } //nolint:gosec // of things in memory, thousands at most

// pair is what there is of something and what of it is taken, in whole units.
func pair(total, free uint64) inventoryv1.ResourcePair { return pairOf(total, free, whole) }

func pairOf(total, free uint64, quantity func(uint64) *resource.Quantity) inventoryv1.ResourcePair {
	return inventoryv1.ResourcePair{
		Capacity: quantity(total), Allocatable: quantity(total), Allocated: quantity(total - free),
	}
}

// whole writes a number as Kubernetes does: with the largest decimal suffix that leaves it whole.
func whole(n uint64) *resource.Quantity {
	suffixes := []string{"", "k", "M", "G", "T", "P", "E"}
	power := 0
	for n != 0 && n%1000 == 0 && power < len(suffixes)-1 {
		n /= 1000
		power++
	}
	return &resource.Quantity{String_: strconv.FormatUint(n, 10) + suffixes[power]}
}

// milli writes thousandths, as whole units where it can.
func milli(n uint64) *resource.Quantity {
	if n%1000 == 0 {
		return whole(n / 1000)
	}
	return &resource.Quantity{String_: strconv.FormatUint(n, 10) + "m"}
}
