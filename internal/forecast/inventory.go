// SPDX-License-Identifier: Apache-2.0

package forecast

import (
	"errors"
	"math/big"

	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	inventoryv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/inventory/v1"
	providerv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1"
	"github.com/akash-iac/terraform-provider-akash/internal/pb/k8s/resource"
)

// milli counts thousandths, of a core.
const milli = 1000

var errNoInventory = errors.New("a status without an inventory that can be read")

// inventoryOf reads what a gateway tells over gRPC. A machine or pool with an amount that cannot be read is left out,
// as if it were full; it is an error when that leaves no machine of those that there are.
func inventoryOf(status *providerv1.Status) (*market.Inventory, error) {
	if status == nil || status.Cluster == nil {
		return nil, errNoInventory
	}
	told := status.Cluster.Inventory
	inventory := &market.Inventory{}
	for _, n := range told.Cluster.Nodes {
		if node, err := nodeOf(n); err == nil {
			inventory.Nodes = append(inventory.Nodes, node)
		}
	}
	if len(inventory.Nodes) == 0 && len(told.Cluster.Nodes) > 0 {
		return nil, errNoInventory
	}
	for _, pool := range told.Cluster.Storage {
		if free, err := freeOf(pool.Quantity, 1); err == nil && pool.Info.Class != "" {
			addPool(inventory, pool.Info.Class, free)
		}
	}
	// Older daemons do not know the field, those without leased addresses leave it empty.
	if told.LeasedIp.Allocatable != nil {
		if free, err := freeOf(told.LeasedIp, 1); err == nil {
			inventory.FreeIPs = &free
		}
	}
	if window := status.ReclamationWindow; window != nil && *window > 0 {
		inventory.ReclamationWindow = *window
	}
	return inventory, nil
}

func nodeOf(n inventoryv1.Node) (market.Node, error) {
	r := n.Resources
	var failed []error
	free := func(pair inventoryv1.ResourcePair, scale int64) uint64 {
		amount, err := freeOf(pair, scale)
		failed = append(failed, err)
		return amount
	}
	node := market.Node{
		Name: n.Name, CPU: free(r.CPU.Quantity, milli), Memory: free(r.Memory.Quantity, 1),
		Ephemeral: free(r.EphemeralStorage, 1), FreeGPUs: free(r.GPU.Quantity, 1),
		StorageClasses: n.Capabilities.StorageClasses,
	}
	for _, device := range r.GPU.Info {
		node.GPUs = append(node.GPUs, market.GPU{
			Vendor: device.Vendor, Model: device.Name, RAM: device.MemorySize, Interface: device.Interface,
		})
	}
	return node, errors.Join(failed...)
}

// freeOf is what could be allocated less what is, times scale.
func freeOf(pair inventoryv1.ResourcePair, scale int64) (uint64, error) {
	allocatable, err := amountOf(pair.Allocatable)
	if err != nil {
		return 0, err
	}
	allocated, err := amountOf(pair.Allocated)
	if err != nil {
		return 0, err
	}
	return wholeOf(allocatable.Sub(allocatable, allocated), scale), nil
}

// amountOf reads a quantity; one that is not there is 0.
func amountOf(quantity *resource.Quantity) (*big.Rat, error) {
	if quantity == nil || quantity.String_ == "" {
		return new(big.Rat), nil
	}
	return parseQuantity(quantity.String_)
}

// lesserInventoryOf reads what a gateway tells over REST. It names no GPU model, no leased address and not which
// machine mounts which class of storage: GPUs stay empty beside FreeGPUs, every machine is taken to mount all.
func lesserInventoryOf(status gateway.Status) *market.Inventory {
	inventory := &market.Inventory{ReclamationWindow: status.ReclamationWindow}
	var classes []string
	for _, pool := range status.Pools {
		if pool.Class == "" {
			continue
		}
		if _, twice := inventory.Pools[pool.Class]; !twice {
			classes = append(classes, pool.Class)
		}
		addPool(inventory, pool.Class, pool.Free)
	}
	for _, n := range status.Nodes {
		inventory.Nodes = append(inventory.Nodes, market.Node{
			Name: n.Name, CPU: n.CPU, Memory: n.Memory, Ephemeral: n.Ephemeral, FreeGPUs: n.GPU, StorageClasses: classes,
		})
	}
	return inventory
}

func addPool(inventory *market.Inventory, class string, free uint64) {
	if inventory.Pools == nil {
		inventory.Pools = map[string]uint64{}
	}
	if sum := inventory.Pools[class] + free; sum >= free {
		inventory.Pools[class] = sum
	}
}
