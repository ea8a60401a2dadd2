// SPDX-License-Identifier: Apache-2.0

package market_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/market"
	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
)

func attribute(key, value string) attributesv1.Attribute {
	return attributesv1.Attribute{Key: key, Value: value}
}

// gpuHouse is an Akash provider with a machine of GPUs and one with room.
func gpuHouse() market.Candidate {
	ips := uint64(2)
	a100 := market.GPU{Vendor: "nvidia", Model: "a100", RAM: "80Gi", Interface: "SXM4"}
	t4 := market.GPU{Vendor: "nvidia", Model: "t4", RAM: "16Gi", Interface: "PCIe"}
	return market.Candidate{
		Seller: market.Seller{
			Addr: "akash1a",
			Attributes: []attributesv1.Attribute{
				attribute("region", "us-east"),
				attribute("capabilities/gpu/vendor/nvidia/model/a100/ram/80Gi/interface/SXM4", "true"),
				attribute("capabilities/gpu/vendor/nvidia/model/t4", "true"),
				attribute("capabilities/gpu/vendor/nvidia/model/h100", "false"),
				attribute("capabilities/gpu/vendor/nvidia/model/v100", "true"),
			},
			Audits: map[string][]attributesv1.Attribute{"akash1auditor": {attribute("region", "us-east")}},
		},
		Inventory: &market.Inventory{
			Nodes: []market.Node{
				{CPU: 4000, Memory: 8 << 30, Ephemeral: 100, FreeGPUs: 2, GPUs: []market.GPU{a100, a100, t4}},
				{CPU: 16000, Memory: 32 << 30, Ephemeral: 50, StorageClasses: []string{"beta3"}},
			},
			Pools: map[string]uint64{"beta3": 1 << 40}, FreeIPs: &ips,
		},
	}
}

func TestFilter(t *testing.T) {
	t.Parallel()
	declares := func(key, value string) market.Filter {
		return market.Filter{Attributes: []attributesv1.Attribute{attribute(key, value)}}
	}
	gpu := func(g market.GPU) market.Filter { return market.Filter{GPU: &g} }
	t4 := func(n uint64) market.Filter {
		return market.Filter{GPU: &market.GPU{Model: "t4"}, Free: &market.Room{GPUs: n}}
	}
	room := func(r market.Room) market.Filter { return market.Filter{Free: &r} }
	beta3 := func(n uint64) map[string]uint64 { return map[string]uint64{"beta3": n} }
	for name, test := range map[string]struct {
		filter market.Filter
		wants  bool
		// silent and lesser are what is wanted of one that does not answer, or over REST alone.
		silent, lesser bool
	}{
		"all":                         {market.Filter{}, true, true, true},
		"online":                      {market.Filter{Online: true}, true, false, true},
		"declared":                    {declares("reg*", "us-east"), true, true, true},
		"not declared":                {declares("region", "us"), false, false, false},
		"audited":                     {market.Filter{Auditors: []string{"akash1other", "akash1auditor"}}, true, true, true},
		"audited by nobody asked for": {market.Filter{Auditors: []string{"akash1other"}}, false, false, false},
		"audited, what is asked for": {market.Filter{
			Auditors: []string{"akash1auditor"}, Attributes: []attributesv1.Attribute{attribute("region", "us-east")},
		}, true, true, true},
		"declared, and not what was audited": {market.Filter{
			Auditors:   []string{"akash1auditor"},
			Attributes: []attributesv1.Attribute{attribute("capabilities/gpu/vendor/nvidia/model/t4", "true")},
		}, false, false, false},
		"GPU":                    {gpu(market.GPU{Model: "a100", Interface: "sxm", RAM: "80Gi"}), true, true, true},
		"GPU of any model":       {gpu(market.GPU{Vendor: "nvidia"}), true, true, true},
		"GPU of other memory":    {gpu(market.GPU{Model: "a100", RAM: "40Gi"}), false, false, false},
		"GPU said not to be":     {gpu(market.GPU{Model: "h100"}), false, false, false},
		"GPU in no machine":      {gpu(market.GPU{Model: "v100"}), false, true, true},
		"free on one machine":    {room(market.Room{CPU: 16000, Memory: 32 << 30}), true, false, true},
		"free on none":           {room(market.Room{CPU: 16001}), false, false, false},
		"free on two":            {room(market.Room{CPU: 16000, Ephemeral: 100}), false, false, false},
		"GPUs":                   {room(market.Room{GPUs: 2}), true, false, true},
		"more GPUs than free":    {room(market.Room{GPUs: 3}), false, false, false},
		"GPUs of two kinds":      {t4(2), false, false, true},
		"GPU of a kind":          {t4(1), true, false, true},
		"GPU beside much":        {room(market.Room{GPUs: 1, CPU: 8000}), false, false, false},
		"storage":                {room(market.Room{Volumes: beta3(1 << 40)}), true, false, true},
		"storage where no GPUs":  {room(market.Room{GPUs: 1, Volumes: beta3(1)}), false, false, true},
		"more storage than free": {room(market.Room{Volumes: beta3(1<<40 + 1)}), false, false, false},
		"unknown class":          {room(market.Room{Volumes: map[string]uint64{"beta1": 1}}), false, false, false},
		"addresses":              {room(market.Room{IPs: 2}), true, false, false},
		"more addresses":         {room(market.Room{IPs: 3}), false, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			full := gpuHouse()
			require.Equal(t, test.wants, test.filter.Wants(full))
			silent := gpuHouse()
			silent.Inventory, silent.Silent = nil, "did not answer"
			require.Equal(t, test.silent, test.filter.Wants(silent))
			lesser := gpuHouse()
			lesser.Inventory.FreeIPs = nil
			for i := range lesser.Inventory.Nodes {
				lesser.Inventory.Nodes[i].GPUs, lesser.Inventory.Nodes[i].StorageClasses = nil, []string{"beta3"}
			}
			require.Equal(t, test.lesser, test.filter.Wants(lesser))
			if test.wants {
				require.True(t, test.filter.Suits(full.Seller), "who is wanted has to be asked")
			}
			require.Equal(t, gpuHouse(), full, "judging changes nothing")
		})
	}
}

func TestInventoryTotal(t *testing.T) {
	t.Parallel()
	inventory := *gpuHouse().Inventory
	total := inventory.Total()
	require.Equal(t, market.Room{
		CPU: 20000, Memory: 40 << 30, Ephemeral: 150, GPUs: 2, IPs: 2, Volumes: map[string]uint64{"beta3": 1 << 40},
	}, total)
	total.Volumes["beta3"] = 0
	require.Equal(t, uint64(1<<40), inventory.Pools["beta3"], "what is handed out is a copy")
	inventory.Nodes[0].Memory = math.MaxUint64
	require.Equal(t, uint64(math.MaxUint64), inventory.Total().Memory, "no lie makes it wrap around")
}

func TestDevices(t *testing.T) {
	t.Parallel()
	house := gpuHouse()
	devices, named := house.Inventory.Devices()
	require.True(t, named)
	require.Equal(t, []market.GPUCount{
		{GPU: market.GPU{Vendor: "nvidia", Model: "a100", RAM: "80Gi", Interface: "SXM4"}, Count: 2},
		{GPU: market.GPU{Vendor: "nvidia", Model: "t4", RAM: "16Gi", Interface: "PCIe"}, Count: 1},
	}, devices)
	house.Inventory.Nodes[1].FreeGPUs = 1
	_, named = house.Inventory.Devices()
	require.False(t, named, "a machine has a GPU that it does not name")
	require.Equal(t, []market.GPU{
		{Vendor: "nvidia", Model: "a100", RAM: "80Gi", Interface: "SXM4"},
		{Vendor: "nvidia", Model: "t4"},
		{Vendor: "nvidia", Model: "v100"},
	}, market.DeclaredGPUs(house.Attributes))
}
