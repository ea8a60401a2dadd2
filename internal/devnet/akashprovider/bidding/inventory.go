// SPDX-License-Identifier: Apache-2.0

package bidding

import (
	"maps"
	"slices"

	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
	resourcesv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/resources/v1beta4"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// Cluster is all that an Akash provider has to give.
type Cluster struct {
	Nodes        []Node
	Pools        []StoragePool
	DefaultClass string // what class "default" stands for; "" means it is a class of its own
	LeasedIPs    uint32 // addresses it can lease; 0 means it leases none
}

// Inventory keeps what is free. It is not safe for concurrent use.
type Inventory struct {
	cluster  Cluster
	nodes    []Node // what is left of each node of cluster
	pools    map[string]uint64
	ips      uint32
	reserved map[marketv1.OrderID]*Reservation
}

// Reservation is what one order holds from the moment it is bid on until it is lost or its lease ends.
type Reservation struct {
	// Offer is what goes into the bid: the resources of the order with the concrete GPU model.
	Offer []marketv1beta5.ResourceOffer
	// Totals over all replicas, for status reports.
	CPUMilli, MemoryBytes, EphemeralStorageBytes, GPUUnits uint64
	PersistentBytes                                        map[string]uint64 // by class
	LeasedIPs                                              uint32

	nodes []Node // what was taken from each node, in the cluster's order
}

// NewInventory starts with everything free.
func NewInventory(c Cluster) *Inventory {
	inv := &Inventory{
		cluster: c, pools: map[string]uint64{}, ips: c.LeasedIPs,
		reserved: map[marketv1.OrderID]*Reservation{},
	}
	for _, n := range c.Nodes {
		inv.nodes = append(inv.nodes, n.clone())
	}
	for _, p := range c.Pools {
		inv.pools[p.Class] += p.Bytes
	}
	return inv
}

// Reserve fits the group onto the nodes, replica by replica, and holds what it takes under id until
// [Inventory.Release]. All replicas of a unit get one GPU model. On failure nothing is held; the error is
// a [Reason]. An order that is held already gives its reservation back.
func (inv *Inventory) Reserve(id marketv1.OrderID, spec deploymentv1beta4.GroupSpec) (*Reservation, error) {
	if held, ok := inv.reserved[id]; ok {
		return held, nil
	}
	ips := leasedIPs(spec)
	if ips > inv.ips {
		return nil, ReasonLeasedIPs
	}
	try := inv.attempt()
	res := &Reservation{PersistentBytes: map[string]uint64{}, LeasedIPs: ips}
	for _, unit := range spec.Resources {
		want, ok := readNeed(unit.Resource, inv.cluster.DefaultClass)
		if !ok {
			return nil, ReasonCapacity
		}
		key, ok := try.placeUnit(want, unit.Count)
		if !ok {
			return nil, ReasonCapacity
		}
		res.add(want, unit.Count)
		res.Offer = append(res.Offer, marketv1beta5.ResourceOffer{
			Resources: concrete(unit.Resource, want, key), Count: unit.Count,
		})
	}
	for i := range inv.nodes {
		res.nodes = append(res.nodes, difference(inv.nodes[i], try.nodes[i]))
	}
	inv.nodes, inv.pools = try.nodes, try.pools
	inv.ips -= ips
	inv.reserved[id] = res
	return res, nil
}

// Release gives back what id holds; an order that holds nothing is no mistake.
func (inv *Inventory) Release(id marketv1.OrderID) {
	res, ok := inv.reserved[id]
	if !ok {
		return
	}
	delete(inv.reserved, id)
	inv.ips += res.LeasedIPs
	for class, bytes := range res.PersistentBytes {
		inv.pools[class] += bytes
	}
	for i, taken := range res.nodes {
		node := &inv.nodes[i]
		node.CPUMilli += taken.CPUMilli
		node.MemoryBytes += taken.MemoryBytes
		node.EphemeralStorageBytes += taken.EphemeralStorageBytes
		for j := range taken.GPUs {
			node.GPUs[j].Units += taken.GPUs[j].Units
		}
	}
}

// Held is the reservation of an order, nil when there is none.
func (inv *Inventory) Held(id marketv1.OrderID) *Reservation { return inv.reserved[id] }

// NodeFree pairs a node with what is left of it.
type NodeFree struct{ Total, Free Node }

// Nodes reports every node of the cluster, in its order.
func (inv *Inventory) Nodes() []NodeFree {
	out := make([]NodeFree, len(inv.nodes))
	for i, free := range inv.nodes {
		out[i] = NodeFree{Total: inv.cluster.Nodes[i].clone(), Free: free.clone()}
	}
	return out
}

// PoolsFree reports what is left of each storage class, by class name.
func (inv *Inventory) PoolsFree() []StoragePool {
	out := make([]StoragePool, 0, len(inv.pools))
	for _, class := range slices.Sorted(maps.Keys(inv.pools)) {
		out = append(out, StoragePool{Class: class, Bytes: inv.pools[class]})
	}
	return out
}

// IPsFree is how many addresses can still be leased.
func (inv *Inventory) IPsFree() uint32 { return inv.ips }

// attempt copies the free state so that a failed fit leaves no trace.
func (inv *Inventory) attempt() *Inventory {
	try := &Inventory{pools: maps.Clone(inv.pools)}
	for _, n := range inv.nodes {
		try.nodes = append(try.nodes, n.clone())
	}
	return try
}

// placeUnit places all replicas of one unit. GPU models are tried in the order of nodes and devices.
func (inv *Inventory) placeUnit(want need, count uint32) (gpuKey, bool) {
	for class, bytes := range want.persistent {
		free := inv.pools[class]
		if bytes > 0 && free/bytes < uint64(count) {
			return gpuKey{}, false
		}
		inv.pools[class] = free - bytes*uint64(count)
	}
	if want.gpuUnits == 0 {
		return inv.placeReplicas(want, count, "")
	}
	before := inv.nodes
	var tried []string
	for _, node := range before {
		for _, gpu := range node.GPUs {
			if _, ok := gpu.matches(want.gpuKeys); !ok || slices.Contains(tried, gpu.Model) {
				continue
			}
			tried = append(tried, gpu.Model)
			inv.nodes = nil
			for _, n := range before {
				inv.nodes = append(inv.nodes, n.clone())
			}
			if key, ok := inv.placeReplicas(want, count, gpu.Model); ok {
				return key, true
			}
		}
	}
	inv.nodes = before
	return gpuKey{}, false
}

func (inv *Inventory) placeReplicas(want need, count uint32, model string) (gpuKey, bool) {
	var last gpuKey
	left := count
	for i := range inv.nodes {
		for left > 0 {
			key, ok := inv.nodes[i].place(want, model)
			if !ok {
				break
			}
			last = key
			left--
		}
	}
	return last, left == 0
}

func (r *Reservation) add(want need, count uint32) {
	n := uint64(count)
	r.CPUMilli += want.cpuMilli * n
	r.MemoryBytes += want.memoryBytes * n
	r.EphemeralStorageBytes += want.ephemeralBytes * n
	r.GPUUnits += want.gpuUnits * n
	for class, bytes := range want.persistent {
		r.PersistentBytes[class] += bytes * n
	}
}

// difference is what was taken from a node between two moments.
func difference(before, after Node) Node {
	taken := before.clone()
	taken.CPUMilli -= after.CPUMilli
	taken.MemoryBytes -= after.MemoryBytes
	taken.EphemeralStorageBytes -= after.EphemeralStorageBytes
	for i := range taken.GPUs {
		taken.GPUs[i].Units -= after.GPUs[i].Units
	}
	return taken
}

// concrete replaces the wanted GPU keys by the one that is offered.
func concrete(r resourcesv1beta4.Resources, want need, key gpuKey) resourcesv1beta4.Resources {
	if want.gpuUnits == 0 {
		return r
	}
	gpu := *r.GPU
	gpu.Attributes = []attributesv1.Attribute{{Key: key.String(), Value: "true"}}
	r.GPU = &gpu
	return r
}

// leasedIPs counts the distinct leased addresses of a group.
func leasedIPs(spec deploymentv1beta4.GroupSpec) uint32 {
	seen := map[uint32]bool{}
	for _, unit := range spec.Resources {
		for _, e := range unit.Resource.Endpoints {
			if e.Kind == resourcesv1beta4.Endpoint_LEASED_IP {
				seen[e.SequenceNumber] = true
			}
		}
	}
	return uint32(len(seen)) //nolint:gosec // a group has a handful of endpoints
}
