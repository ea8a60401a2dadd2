// SPDX-License-Identifier: Apache-2.0

package forecast_test

import (
	"math"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/forecast"
	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	inventoryv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/inventory/v1"
	providerv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1"
)

func TestParseQuantity(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"0": "0", "4": "4", "3900m": "39/10", "8Gi": "8589934592", "1.5Ki": "1536", "5k": "5000", "1E": "1000000000000000000",
		"1e3": "1000", "1E3": "1000", "1E-3": "1/1000", "+2": "2", "-2Ki": "-2048", ".5": "1/2", "5.": "5",
		"1n": "1/1000000000",
		"2u": "1/500000", "16Ei": "18446744073709551616",
	} {
		got, err := forecast.ParseQuantity(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got.RatString(), text)
	}
	for _, text := range []string{
		"", "x", "1x", "1 Gi", "Gi", "1gi", "1K", "--1", "+-1", "1.2.3", ".", "1/2", "0x10", "1_000", "1e", "1e99", "1e+",
		"NaN", "1Gi ", "٣", strings.Repeat("9", 65),
	} {
		_, err := forecast.ParseQuantity(text)
		require.Error(t, err, text)
	}
}

func FuzzParseQuantity(f *testing.F) {
	for _, seed := range []string{"4", "3900m", "8Gi", "-1.5e3", "1E", "", "999999999999999999999Ei", "1e30"} {
		f.Add(seed)
	}
	thousand := big.NewRat(1000, 1)
	f.Fuzz(func(t *testing.T, text string) {
		got, err := forecast.ParseQuantity(text)
		if err != nil {
			return
		}
		whole := forecast.WholeOf(got, 1)
		if got.Sign() <= 0 && whole != 0 {
			t.Fatalf("%q is %s, whole %d", text, got, whole)
		}
		if whole != math.MaxUint64 && got.Cmp(new(big.Rat).SetUint64(whole)) < 0 && got.Sign() > 0 {
			t.Fatalf("%q is %s, below %d", text, got, whole)
		}
		if strings.ContainsAny(text, "numkKMGTPEei") {
			return
		}
		larger, err := forecast.ParseQuantity(text + "k")
		if len(text) < 64 && (err != nil || larger.Cmp(new(big.Rat).Mul(got, thousand)) != 0) {
			t.Fatalf("%qk is %v (%v), not a thousand times %s", text, larger, err, got)
		}
	})
}

// machine is a node with everything.
func machine(name, cores string) inventoryv1.Node {
	device := inventoryv1.GPUInfo{Vendor: "nvidia", Name: "h100", Interface: "SXM5", MemorySize: "80Gi", Modelid: "2330"}
	return inventoryv1.Node{
		Name: name,
		Resources: inventoryv1.NodeResources{
			CPU:              inventoryv1.CPU{Quantity: pair(cores, "2500m")},
			Memory:           inventoryv1.Memory{Quantity: pair("16Gi", "1Gi")},
			GPU:              inventoryv1.GPU{Quantity: pair("2", "1"), Info: []inventoryv1.GPUInfo{device, device}},
			EphemeralStorage: pair("1Ti", "0"),
		},
		Capabilities: inventoryv1.NodeCapabilities{StorageClasses: []string{"beta2"}},
	}
}

func statusOf(nodes ...inventoryv1.Node) *providerv1.Status {
	return &providerv1.Status{Cluster: &providerv1.ClusterStatus{
		Inventory: providerv1.Inventory{Cluster: inventoryv1.Cluster{Nodes: nodes}},
	}}
}

func TestInventoryOf(t *testing.T) {
	t.Parallel()
	window := 2 * time.Hour
	status := statusOf(machine("n1", "4"), machine("n2", "2"))
	status.ReclamationWindow = &window
	told := &status.Cluster.Inventory
	told.LeasedIp = pair("3", "1")
	told.Cluster.Storage = []inventoryv1.Storage{
		{Quantity: pair("10", "4"), Info: inventoryv1.StorageInfo{Class: "beta2"}},
		{Quantity: pair("5", "0"), Info: inventoryv1.StorageInfo{Class: "beta2"}},
		{Quantity: pair("5", "9"), Info: inventoryv1.StorageInfo{Class: "beta3"}},
		{Quantity: pair("much", "0"), Info: inventoryv1.StorageInfo{Class: "beta1"}},
		{Quantity: pair("5", "0")},
	}
	got, err := forecast.InventoryOf(status)
	require.NoError(t, err)
	free := uint64(2)
	h100 := market.GPU{Vendor: "nvidia", Model: "h100", RAM: "80Gi", Interface: "SXM5"}
	node := market.Node{
		Name: "n1", CPU: 1500, Memory: 15 << 30, Ephemeral: 1 << 40, FreeGPUs: 1, GPUs: []market.GPU{h100, h100},
		StorageClasses: []string{"beta2"},
	}
	full := node
	full.Name, full.CPU = "n2", 0
	require.Equal(t, &market.Inventory{
		Nodes: []market.Node{node, full}, Pools: map[string]uint64{"beta2": 11, "beta3": 0}, FreeIPs: &free,
		ReclamationWindow: window,
	}, got)
}

func TestInventoryOf_oldOrOdd(t *testing.T) {
	t.Parallel()
	got, err := forecast.InventoryOf(statusOf(machine("n1", "4"), machine("n2", "four")))
	require.NoError(t, err)
	require.Len(t, got.Nodes, 1, "what cannot be read counts as full")
	require.Nil(t, got.FreeIPs, "an old daemon does not tell")

	odd := statusOf(machine("n1", "4"))
	odd.Cluster.Inventory.LeasedIp = pair("three", "1")
	got, err = forecast.InventoryOf(odd)
	require.NoError(t, err)
	require.Nil(t, got.FreeIPs)

	got, err = forecast.InventoryOf(statusOf())
	require.NoError(t, err)
	require.Empty(t, got.Nodes, "an Akash provider without machines has told so")

	for name, status := range map[string]*providerv1.Status{
		"nothing": nil, "no cluster": {}, "nonsense": statusOf(machine("n1", "x"), machine("n2", "1e99")),
	} {
		_, err := forecast.InventoryOf(status)
		require.Error(t, err, name)
	}
}

func TestLesserInventoryOf(t *testing.T) {
	t.Parallel()
	got := forecast.LesserInventoryOf(gateway.Status{
		Nodes: []gateway.NodeStatus{{Name: "n1", CPU: 1, Memory: 2, Ephemeral: 3, GPU: 4}}, ReclamationWindow: time.Hour,
		Pools: []gateway.PoolStatus{{Class: "beta2", Free: 5}, {Class: "beta2", Free: 6}, {Free: 7}},
	})
	require.Equal(t, &market.Inventory{
		Nodes: []market.Node{{
			Name: "n1", CPU: 1, Memory: 2, Ephemeral: 3, FreeGPUs: 4, StorageClasses: []string{"beta2"},
		}},
		Pools: map[string]uint64{"beta2": 11}, ReclamationWindow: time.Hour,
	}, got)
}
