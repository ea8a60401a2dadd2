// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	sdkmath "cosmossdk.io/math"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
)

// NetworkAuditor is the address that most SDLs of the network ask for in signedBy. Nobody here has its key; its
// signatures are in genesis, see [Spec.AuditedBy].
const NetworkAuditor = "akash1365yvmc4s7awdyj3n2sav7xfx76adc6dnmlx63"

// generatedNames are given in this order, then again with a number. None is in [DefaultSpecs].
var generatedNames = []string{
	"alder", "almond", "apple", "ash", "aspen", "balsa", "banyan", "baobab", "bay", "beech", "boxwood", "buckeye",
	"cherry", "chestnut", "cork", "cypress", "date", "dogwood", "ebony", "elder", "elm", "fig", "fir", "ginkgo",
	"gum", "hazel", "hemlock", "hickory", "holly", "iroko", "ivory", "jacaranda", "juniper", "kauri", "larch",
	"laurel", "lemon", "lime", "linden", "locust", "magnolia", "mahogany", "mango", "maple", "medlar", "mulberry",
	"myrtle", "oak", "olive", "osier", "palm", "pear", "pecan", "pine", "plane", "plum", "poplar", "quince",
	"redwood", "rowan", "rubber", "sequoia", "spruce", "sumac", "sycamore", "tamarind", "teak", "walnut", "willow",
	"yew", "zelkova",
}

// site is where a generated Akash provider stands.
type site struct{ region, country, city string }

var sites = []site{
	{"us-west", "US", "SEA"},
	{"us-west", "US", "LAX"},
	{"us-central", "US", "DFW"},
	{"us-east", "US", "IAD"},
	{"us-east", "US", "NYC"},
	{"ca-east", "CA", "YUL"},
	{"eu-central", "DE", "FRA"},
	{"eu-west", "NL", "AMS"},
	{"eu-west", "GB", "LHR"},
	{"eu-north", "FI", "HEL"},
	{"ap-southeast", "SG", "SIN"},
	{"ap-northeast", "JP", "NRT"},
}

// card is a GPU that generated Akash providers have, with a middling price in cents an hour.
type card struct {
	gpu   GPU
	cents int64
	// most is how many one node has at the most.
	most int
}

var cards = []card{
	{GPU{Vendor: "nvidia", Model: "h200", RAM: "141Gi", Interface: "SXM5"}, 260, 8},
	{GPU{Vendor: "nvidia", Model: "h100", RAM: "80Gi", Interface: "SXM5"}, 190, 8},
	{GPU{Vendor: "nvidia", Model: "h100", RAM: "80Gi", Interface: "PCIe"}, 160, 4},
	{GPU{Vendor: "nvidia", Model: "a100", RAM: "80Gi", Interface: "SXM4"}, 110, 8},
	{GPU{Vendor: "nvidia", Model: "a100", RAM: "40Gi", Interface: "PCIe"}, 80, 4},
	{GPU{Vendor: "nvidia", Model: "l40s", RAM: "48Gi", Interface: "PCIe"}, 75, 4},
	{GPU{Vendor: "nvidia", Model: "rtx4090", RAM: "24Gi", Interface: "PCIe"}, 40, 8},
	{GPU{Vendor: "nvidia", Model: "rtx3090", RAM: "24Gi", Interface: "PCIe"}, 22, 6},
	{GPU{Vendor: "nvidia", Model: "v100", RAM: "32Gi", Interface: "SXM2"}, 30, 8},
	{GPU{Vendor: "nvidia", Model: "t4", RAM: "16Gi", Interface: "PCIe"}, 15, 4},
	{GPU{Vendor: "nvidia", Model: "p4", RAM: "8Gi", Interface: "PCIe"}, 7, 2},
}

// GenerateSpecs makes n Akash providers that differ in what a market differs in: machines, GPUs, regions, tiers,
// storage classes, addresses to lease, reclamation, audits, prices and how quickly they bid and start. The i-th one
// depends on the seed and i alone, so a longer list begins with the shorter one. Names are unique among
// themselves and with [DefaultSpecs].
func GenerateSpecs(n int, seed uint64) []Spec {
	specs := make([]Spec, max(n, 0))
	for i := range specs {
		specs[i] = generate(i, seed)
	}
	return specs
}

func generatedName(i int) string {
	name := generatedNames[i%len(generatedNames)]
	if round := i / len(generatedNames); round > 0 {
		name += "-" + strconv.Itoa(round+1)
	}
	return name
}

// dice throws for one Akash provider.
type dice struct{ *rand.Rand }

// chance is true so many times in a hundred.
func (d dice) chance(percent int) bool { return d.IntN(100) < percent }

// between is from low to high, both included.
func (d dice) between(low, high int) int { return low + d.IntN(high-low+1) }

func pick[T any](d dice, from ...T) T { return from[d.IntN(len(from))] }

func generate(i int, seed uint64) Spec {
	d := dice{rand.New(rand.NewPCG(seed, uint64(i)))} //nolint:gosec // a market, not a secret; i counts from 0
	name, at := generatedName(i), pick(d, sites...)
	classes := pick(d, nil, []string{"beta1"}, []string{"beta2"}, []string{"beta3"}, []string{"beta2", "beta3"})
	machines := d.machines(name, classes)
	own := map[string]string{
		"host": "akash", "region": at.region, "country": at.country, "city": at.city, "organization": name,
		"tier": pick(d, "community", "community", "premium"), "capabilities/cpu": pick(d, "intel", "amd"),
	}
	s := Spec{
		Name: name, Domain: "ingress." + name + ".test", Inventory: machines,
		BidDelayBlocks: int64(pick(d, 0, 0, 1, 1, 2)), BidJitterBlocks: int64(pick(d, 0, 1, 1, 2)),
		ReadyDelayBlocks: int64(d.between(1, 4)),
	}
	for _, class := range classes {
		s.PersistentStorage = append(s.PersistentStorage, StoragePool{
			Class: class, Bytes: uint64(d.between(1, 40)) * 250 * gib, //nolint:gosec // at least 1
		})
		s.DefaultStorageClass = class
	}
	if len(classes) > 0 {
		own["feat-persistent-storage"] = "true"
	}
	if d.chance(25) {
		own["feat-endpoint-ip"] = "true"
		s.LeasedIPs = uint32(d.between(1, 16)) //nolint:gosec // at least 1
	}
	if d.chance(15) {
		s.ReclamationWindow = pick(d, 2*time.Hour, 6*time.Hour, 24*time.Hour)
	}
	if d.chance(70) {
		s.AuditedBy = []string{NetworkAuditor}
	}
	s.Pricing = d.prices(machines)
	s.Attributes = attributes(own, gpuKeys(machines), d.storage(classes))
	return s
}

// storage advertises the classes; without persistent ones, memory alone can be a volume.
func (d dice) storage(classes []string) map[string]string {
	if len(classes) == 0 {
		return map[string]string{"capabilities/storage/1/class": "ram", "capabilities/storage/1/persistent": "false"}
	}
	if d.chance(50) {
		classes = append(slices.Clone(classes), "ram")
	}
	return storage(classes...)
}

// machines are equal but for their GPUs, which three in ten Akash providers have.
func (d dice) machines(name string, classes []string) []Node {
	cores := pick(d, 8, 16, 32, 48, 64, 96, 128)
	out := nodes(name, pick(d, 1, 1, 2, 2, 3, 4, 6, 8), uint64(cores)*1000, //nolint:gosec // constants
		uint64(cores*pick(d, 2, 4, 8)), uint64(pick(d, 250, 500, 1000, 2000, 4000)), classes) //nolint:gosec // constants
	if !d.chance(30) {
		return out
	}
	main := pick(d, cards...)
	for i := range out {
		this := main
		if d.chance(15) {
			this = pick(d, cards...)
		}
		this.gpu.Units = uint64(d.between(1, this.most)) //nolint:gosec // at least 1
		out[i].GPUs = []GPU{this.gpu}
	}
	return out
}

// prices lie from about half to twice those of [DefaultSpecs], GPUs within a third of their middling price.
func (d dice) prices(machines []Node) Pricing {
	level := int64(d.between(50, 200)) // percent of amber's
	percent := func(tenMillionths int64) sdkmath.LegacyDec {
		// Each resource leans a little to its own side.
		return sdkmath.LegacyNewDecWithPrec(tenMillionths*level*int64(d.between(85, 115)), 11)
	}
	p := Pricing{
		Denom: coin.UACT, PerMilliCPU: percent(16_000), PerMiBMemory: percent(8_000),
		PerMiBStorage: map[string]sdkmath.LegacyDec{"ephemeral": percent(100)},
		PerEndpoint:   percent(100_000), PerLeasedIP: percent(200_000_000),
	}
	for _, class := range []string{"default", "ram", "beta1", "beta2", "beta3"} {
		p.PerMiBStorage[class] = percent(200)
	}
	for _, node := range machines {
		for _, gpu := range node.GPUs {
			if p.GPUUSDPerHour == nil {
				p.GPUUSDPerHour = map[string]sdkmath.LegacyDec{}
			}
			if _, known := p.GPUUSDPerHour[gpu.Model]; !known {
				cents := cardPrice(gpu) * int64(d.between(70, 135))
				p.GPUUSDPerHour[gpu.Model] = sdkmath.LegacyNewDecWithPrec(cents, 4)
			}
		}
	}
	return p
}

// cardPrice is the middling price of a GPU in cents an hour.
func cardPrice(gpu GPU) int64 {
	for _, c := range cards {
		if c.gpu.Model == gpu.Model && strings.EqualFold(c.gpu.Interface, gpu.Interface) {
			return c.cents
		}
	}
	return 0
}
