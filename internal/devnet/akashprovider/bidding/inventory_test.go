// SPDX-License-Identifier: Apache-2.0

package bidding_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/bidding"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
)

func cluster() bidding.Cluster {
	node := func(name string, gpus ...bidding.GPU) bidding.Node {
		return bidding.Node{
			Name: name, CPUMilli: 2000, MemoryBytes: 4 * gib, EphemeralStorageBytes: 20 * gib,
			StorageClasses: []string{"beta2"}, GPUs: gpus,
		}
	}
	return bidding.Cluster{
		Nodes: []bidding.Node{
			node("n1", bidding.GPU{Vendor: "nvidia", Model: "t4", RAM: "16Gi", Interface: "PCIe", Units: 1}),
			node("n2", bidding.GPU{Vendor: "nvidia", Model: "a100", RAM: "80Gi", Interface: "SXM4", Units: 4}),
		},
		Pools:        []bidding.StoragePool{{Class: "beta2", Bytes: 10 * gib}},
		DefaultClass: "beta2",
		LeasedIPs:    2,
	}
}

func order(n uint64) marketv1.OrderID {
	return marketv1.OrderID{Owner: "akash1o", DSeq: n, GSeq: 1, OSeq: 1}
}

func TestInventory_reserve(t *testing.T) {
	t.Parallel()
	type unitEdit = func(*deploymentv1beta4.ResourceUnit)
	cpu := func(milli int64) unitEdit {
		return func(u *deploymentv1beta4.ResourceUnit) { u.Resource.CPU.Units = value(milli) }
	}
	for _, c := range []struct {
		name string
		spec deploymentv1beta4.GroupSpec
		want error
		gpu  string // the offered key
	}{
		{"fits", group(unit(1)), nil, ""},
		{"fills both nodes", group(unit(8)), nil, ""},
		{"one replica too many", group(unit(9)), bidding.ReasonCapacity, ""},
		{"no node is big enough although the sum is", group(unit(1, cpu(2001))), bidding.ReasonCapacity, ""},
		{"two units share the nodes", group(unit(4), unit(5)), bidding.ReasonCapacity, ""},
		{"persistent", group(unit(2, withVolume(5*gib, "class", "beta2", "persistent", "true"))), nil, ""},
		{
			"pool too small", group(unit(3, withVolume(5*gib, "class", "beta2", "persistent", "true"))),
			bidding.ReasonCapacity, "",
		},
		{
			"class no node mounts", group(unit(1, withVolume(gib, "class", "beta3", "persistent", "true"))),
			bidding.ReasonCapacity, "",
		},
		{"default class", group(unit(1, withVolume(gib, "class", "default", "persistent", "true"))), nil, ""},
		{
			"ram counts as memory", group(unit(1, withVolume(4*gib, "class", "ram", "persistent", "false"))),
			bidding.ReasonCapacity, "",
		},
		{"ephemeral too big", group(unit(1, withVolume(20*gib))), bidding.ReasonCapacity, ""},
		{"gpu by model", group(unit(1, withGPU(1, "vendor/nvidia/model/a100"))), nil, "vendor/nvidia/model/a100"},
		{"any gpu takes the first", group(unit(1, withGPU(1, "vendor/nvidia/model/*"))), nil, "vendor/nvidia/model/t4"},
		{
			"any gpu, one model for all replicas", group(unit(2, withGPU(1, "vendor/nvidia/model/*"))), nil,
			"vendor/nvidia/model/a100",
		},
		{"ram and interface are named when asked", group(unit(1, withGPU(2,
			"vendor/nvidia/model/*/ram/80Gi/interface/sxm"))), nil, "vendor/nvidia/model/a100/ram/80Gi/interface/sxm"},
		{
			"interface it lacks", group(unit(1, withGPU(1, "vendor/nvidia/model/a100/interface/pcie"))),
			bidding.ReasonCapacity, "",
		},
		{"more gpus than a node has", group(unit(1, withGPU(5, "vendor/nvidia/model/a100"))), bidding.ReasonCapacity, ""},
		{"two addresses", group(unit(1, withIP(1), withIP(2), withIP(2))), nil, ""},
		{"three addresses", group(unit(1, withIP(1), withIP(2), withIP(3))), bidding.ReasonLeasedIPs, ""},
		{"no such number", group(unit(1, cpu(-1))), bidding.ReasonCapacity, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			inv := bidding.NewInventory(cluster())
			free, pools := inv.Nodes(), inv.PoolsFree()
			res, err := inv.Reserve(order(1), c.spec)
			if c.want != nil {
				require.Equal(t, c.want, err)
				require.Equal(t, free, inv.Nodes(), "a refusal holds nothing")
				return
			}
			require.NoError(t, err)
			require.Len(t, res.Offer, len(c.spec.Resources))
			require.NotEqual(t, free, inv.Nodes())
			offered := res.Offer[0].Resources.GPU.Attributes
			if c.gpu == "" {
				require.Empty(t, offered)
			} else {
				require.Equal(t, attrs(c.gpu, "true"), offered)
			}
			again, err := inv.Reserve(order(1), c.spec)
			require.NoError(t, err)
			require.Same(t, res, again)
			inv.Release(order(1))
			inv.Release(order(1))
			require.Equal(t, free, inv.Nodes(), "release gives back all of it, once")
			require.Equal(t, pools, inv.PoolsFree())
		})
	}
}

// TestInventory_balance: whatever is reserved and released in whatever order, nothing is lost or made.
func TestInventory_balance(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		inv := bidding.NewInventory(cluster())
		before, pools := inv.Nodes(), inv.PoolsFree()
		held := map[uint64]bool{}
		for range rapid.IntRange(1, 30).Draw(rt, "steps") {
			n := rapid.Uint64Range(1, 6).Draw(rt, "order")
			if held[n] {
				inv.Release(order(n))
				delete(held, n)
				continue
			}
			var edits []func(*deploymentv1beta4.ResourceUnit)
			if rapid.Bool().Draw(rt, "gpu") {
				edits = append(edits, withGPU(1, "vendor/nvidia/model/*"))
			}
			if rapid.Bool().Draw(rt, "volume") {
				edits = append(edits, withVolume(gib, "class", "beta2", "persistent", "true"))
			}
			_, err := inv.Reserve(order(n), group(unit(rapid.Uint32Range(1, 4).Draw(rt, "count"), edits...)))
			held[n] = err == nil
		}
		for n := range held {
			inv.Release(order(n))
		}
		require.Equal(rt, before, inv.Nodes())
		require.Equal(rt, pools, inv.PoolsFree())
	})
}
