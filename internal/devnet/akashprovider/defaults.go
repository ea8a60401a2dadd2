// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"maps"
	"strconv"

	sdkmath "cosmossdk.io/math"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
)

const gib = 1 << 30

// DefaultSpecs are the three Akash providers of a plain devnet. Amber is cheap and small, birch has persistent
// storage and addresses to lease at a middling price, cedar is dear and has GPUs. The WordPress of the
// quickstart costs a few USD a month with any of them.
func DefaultSpecs() []Spec {
	return []Spec{amber(), birch(), cedar()}
}

func amber() Spec {
	return Spec{
		Name: "amber", Domain: "ingress.amber.test",
		Attributes: attributes(
			map[string]string{"region": "us-west", "tier": "community", "organization": "amber"},
			storage("beta2"),
		),
		Pricing:             scale("0.0016", "0.0008", "0.00001", "0.00002"),
		Inventory:           nodes("amber", 2, 16_000, 64, 500, []string{"beta2"}),
		PersistentStorage:   []StoragePool{{Class: "beta2", Bytes: 500 * gib}},
		DefaultStorageClass: "beta2",
		BidDelayBlocks:      1, ReadyDelayBlocks: 2,
	}
}

func birch() Spec {
	return Spec{
		Name: "birch", Domain: "ingress.birch.test",
		Attributes: attributes(
			map[string]string{
				"region": "eu-central", "tier": "premium", "organization": "birch",
				"feat-endpoint-ip": "true", "feat-persistent-storage": "true",
			},
			storage("beta2", "beta3", "ram"),
		),
		Pricing:   scale("0.0024", "0.0012", "0.000015", "0.00003"),
		Inventory: nodes("birch", 3, 32_000, 128, 1000, []string{"beta2", "beta3"}),
		PersistentStorage: []StoragePool{
			{Class: "beta2", Bytes: 2000 * gib}, {Class: "beta3", Bytes: 1000 * gib},
		},
		DefaultStorageClass: "beta3",
		LeasedIPs:           4,
		ReadyDelayBlocks:    1,
	}
}

func cedar() Spec {
	machines := nodes("cedar", 2, 64_000, 256, 2000, []string{"beta3"})
	machines[0].GPUs = []GPU{{Vendor: "nvidia", Model: "a100", RAM: "80Gi", Interface: "SXM4", Units: 4}}
	machines[1].GPUs = []GPU{{Vendor: "nvidia", Model: "t4", RAM: "16Gi", Interface: "PCIe", Units: 2}}
	pricing := scale("0.004", "0.002", "0.00002", "0.00005")
	pricing.GPUUSDPerHour = map[string]sdkmath.LegacyDec{
		"a100": sdkmath.LegacyMustNewDecFromStr("1.20"), "t4": sdkmath.LegacyMustNewDecFromStr("0.20"),
	}
	return Spec{
		Name: "cedar", Domain: "ingress.cedar.test",
		Attributes: attributes(
			map[string]string{"region": "us-east", "tier": "premium", "organization": "cedar"},
			storage("beta3", "ram"), gpuKeys(machines),
		),
		Pricing:             pricing,
		Inventory:           machines,
		PersistentStorage:   []StoragePool{{Class: "beta3", Bytes: 4000 * gib}},
		DefaultStorageClass: "beta3",
		BidDelayBlocks:      1, ReadyDelayBlocks: 3,
	}
}

// scale prices in uact per block: a thousandth of a core, a MiB of memory, of ephemeral and of persistent
// storage. An endpoint costs 0.01 and an address 20.
func scale(milliCPU, memoryMiB, ephemeralMiB, persistentMiB string) Pricing {
	dec := sdkmath.LegacyMustNewDecFromStr
	byClass := map[string]sdkmath.LegacyDec{"ephemeral": dec(ephemeralMiB)}
	for _, class := range []string{"default", "beta1", "beta2", "beta3"} {
		byClass[class] = dec(persistentMiB)
	}
	return Pricing{
		Denom: coin.UACT, PerMilliCPU: dec(milliCPU), PerMiBMemory: dec(memoryMiB), PerMiBStorage: byClass,
		PerEndpoint: dec("0.01"), PerLeasedIP: dec("20"),
	}
}

func nodes(name string, count int, cpuMilli, memoryGiB, diskGiB uint64, classes []string) []Node {
	out := make([]Node, count)
	for i := range out {
		out[i] = Node{
			Name: name + "-" + strconv.Itoa(i+1), CPUMilli: cpuMilli, MemoryBytes: memoryGiB * gib,
			EphemeralStorageBytes: diskGiB * gib, StorageClasses: classes,
		}
	}
	return out
}

func attributes(parts ...map[string]string) map[string]string {
	out := map[string]string{}
	for _, part := range parts {
		maps.Copy(out, part)
	}
	return out
}

// storage advertises one capability group a class; every class but ram is persistent.
func storage(classes ...string) map[string]string {
	out := map[string]string{}
	for i, class := range classes {
		group := "capabilities/storage/" + strconv.Itoa(i+1) + "/"
		out[group+"class"] = class
		out[group+"persistent"] = strconv.FormatBool(class != "ram")
	}
	// Class "default" is what an SDL without a class asks for.
	group := "capabilities/storage/" + strconv.Itoa(len(classes)+1) + "/"
	out[group+"class"] = "default"
	out[group+"persistent"] = "true"
	return out
}

func gpuKeys(machines []Node) map[string]string {
	out := map[string]string{}
	for _, n := range machines {
		for _, g := range n.GPUs {
			for _, key := range g.Keys() {
				out[key] = "true"
			}
		}
	}
	return out
}
