// SPDX-License-Identifier: Apache-2.0

package market_test

import (
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
	resourcesv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/resources/v1beta4"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

const gib = 1 << 30

func quantity(n int64) resourcesv1beta4.ResourceValue {
	return resourcesv1beta4.ResourceValue{Val: math.NewInt(n)}
}

func attributes(pairs ...string) []attributesv1.Attribute {
	var list []attributesv1.Attribute
	for i := 0; i+1 < len(pairs); i += 2 {
		list = append(list, attributesv1.Attribute{Key: pairs[i], Value: pairs[i+1]})
	}
	return list
}

// asks is a group of count replicas of one core and a GiB each, with a price of 100 uact a replica, edited.
func asks(count uint32, edits ...func(*deploymentv1beta4.GroupSpec)) deploymentv1beta4.GroupSpec {
	group := deploymentv1beta4.GroupSpec{Name: "web", Resources: []deploymentv1beta4.ResourceUnit{{
		Resource: resourcesv1beta4.Resources{
			CPU:     &resourcesv1beta4.CPU{Units: quantity(1000)},
			Memory:  &resourcesv1beta4.Memory{Quantity: quantity(gib)},
			Storage: []resourcesv1beta4.Storage{{Quantity: quantity(gib)}},
			GPU:     &resourcesv1beta4.GPU{Units: quantity(0)},
		},
		Count: count, Price: sdk.DecCoin{Denom: coin.UACT, Amount: math.LegacyNewDec(100)},
	}}}
	for _, edit := range edits {
		edit(&group)
	}
	return group
}

func wantsGPU(units int64, keys ...string) func(*deploymentv1beta4.GroupSpec) {
	return func(g *deploymentv1beta4.GroupSpec) {
		gpu := g.Resources[0].Resource.GPU
		gpu.Units = quantity(units)
		for _, key := range keys {
			gpu.Attributes = append(gpu.Attributes, attributesv1.Attribute{Key: key, Value: "true"})
		}
	}
}

// wantsVolume asks for a persistent volume of class beta3.
func wantsVolume(bytes int64) func(*deploymentv1beta4.GroupSpec) {
	return func(g *deploymentv1beta4.GroupSpec) {
		unit := &g.Resources[0].Resource
		unit.Storage = append(unit.Storage, resourcesv1beta4.Storage{
			Quantity: quantity(bytes), Attributes: attributes("class", "beta3", "persistent", "true"),
		})
	}
}

func wantsIP(g *deploymentv1beta4.GroupSpec) {
	unit := &g.Resources[0].Resource
	unit.Endpoints = append(unit.Endpoints,
		resourcesv1beta4.Endpoint{Kind: resourcesv1beta4.Endpoint_LEASED_IP, SequenceNumber: 1})
}

func wantsAttributes(pairs ...string) func(*deploymentv1beta4.GroupSpec) {
	return func(g *deploymentv1beta4.GroupSpec) { g.Requirements.Attributes = attributes(pairs...) }
}

// has is a candidate with one machine of 4 cores, 8 GiB of memory and 10 GiB of storage free, edited.
func has(addr string, edits ...func(*market.Candidate)) market.Candidate {
	c := market.Candidate{
		Seller: market.Seller{Addr: addr},
		Inventory: &market.Inventory{
			Nodes: []market.Node{{Name: "one", CPU: 4000, Memory: 8 * gib, Ephemeral: 10 * gib}},
		},
	}
	for _, edit := range edits {
		edit(&c)
	}
	return c
}

func declares(pairs ...string) func(*market.Candidate) {
	return func(c *market.Candidate) { c.Attributes = append(c.Attributes, attributes(pairs...)...) }
}

func hasGPUs(free uint64, devices ...market.GPU) func(*market.Candidate) {
	return func(c *market.Candidate) {
		node := &c.Inventory.Nodes[0]
		node.FreeGPUs, node.GPUs = free, devices
		for _, d := range devices {
			key := "capabilities/gpu/vendor/" + d.Vendor + "/model/" + d.Model
			declares(key, "true", key+"/ram/"+d.RAM, "true")(c)
		}
	}
}

// unnamed does not tell of which model the GPUs are, as over REST.
func unnamed(c *market.Candidate) { c.Inventory.Nodes[0].GPUs = nil }

func hasPool(class string, bytes uint64) func(*market.Candidate) {
	return func(c *market.Candidate) {
		c.Inventory.Pools = map[string]uint64{class: bytes}
		c.Inventory.Nodes[0].StorageClasses = []string{class}
		declares("capabilities/storage/1/class", class, "capabilities/storage/1/persistent", "true")(c)
	}
}

func silent(c *market.Candidate) { c.Inventory, c.Silent = nil, "did not answer in 2 s" }

func wantsMemory(bytes int64) func(*deploymentv1beta4.GroupSpec) {
	return func(g *deploymentv1beta4.GroupSpec) { g.Resources[0].Resource.Memory.Quantity = quantity(bytes) }
}

func wantsCPU(milli int64) func(*deploymentv1beta4.GroupSpec) {
	return func(g *deploymentv1beta4.GroupSpec) { g.Resources[0].Resource.CPU.Units = quantity(milli) }
}

func tells(freeIPs uint64, notice time.Duration) func(*market.Candidate) {
	return func(c *market.Candidate) { c.Inventory.FreeIPs, c.Inventory.ReclamationWindow = &freeIPs, notice }
}
