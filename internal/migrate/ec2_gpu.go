// SPDX-License-Identifier: Apache-2.0

package migrate

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

// Match says how close an Akash GPU comes to the one of an instance type.
type Match string

const (
	// Exact: the same GPU, in the network's list of devices.
	Exact Match = "exact"
	// Unlisted: the same GPU by a name that the network's list of devices does not have, so few offer it, if any.
	Unlisted Match = "unlisted"
	// Substitute: no such GPU; the nearest one.
	Substitute Match = "substitute"
)

// EC2GPU is what an instance type of EC2 with GPUs is on Akash.
type EC2GPU struct {
	// Type is the instance type, e.g. "g5.xlarge".
	Type string
	// GPU is what to ask for. No NVLink or other link between GPUs is promised by asking for "sxm".
	GPU EC2Device
	// Units is the number of GPUs, VCPU of virtual cores, MemoryGiB of main memory.
	Units, VCPU, MemoryGiB uint64
	Match                  Match
	// Alternatives are GPUs with at least as much memory that the network's list of devices has, the nearest first.
	Alternatives []EC2Device
}

// EC2Device is a GPU in the words of an SDL: {"a100", 80, "sxm"}. Interface is "" for any.
type EC2Device struct {
	Model     string
	GiB       uint64
	Interface string
}

// ec2Family is a family of instance types with one kind of GPU. Its sizes are lines of size, GPUs, vCPUs and GiB of
// memory, from Amazon's tables of accelerated instances.
type ec2Family struct {
	gpu          EC2Device
	match        Match
	alternatives []EC2Device
	sizes        string
}

var (
	// near24 come after GPUs with 24 GiB on EC2, near48 after those with 48.
	near24 = []EC2Device{{"rtx4090", 24, "pcie"}, {"rtx3090", 24, "pcie"}, {"a5000", 24, "pcie"}}
	near48 = []EC2Device{{"rtxa6000", 48, "pcie"}, {"a40", 48, "pcie"}, {"rtx8000", 48, "pcie"}}
	near80 = []EC2Device{{"a100", 80, "pcie"}, {"h100", 80, "sxm"}, {"h100", 80, "pcie"}}
)

// ec2Families are by the text before the dot, but for p3dn, whose GPUs have more memory than those of p3.
var ec2Families = map[string]ec2Family{
	"p3": {
		gpu: EC2Device{"v100", 16, "sxm"}, match: Exact,
		alternatives: []EC2Device{{"v100", 32, "sxm"}, {"v100", 32, "pcie"}, {"p100", 16, "pcie"}},
		sizes:        "2xlarge 1 8 61; 8xlarge 4 32 244; 16xlarge 8 64 488",
	},
	"p3dn": {
		gpu: EC2Device{"v100", 32, "sxm"}, match: Exact,
		alternatives: []EC2Device{{"v100", 32, "pcie"}, {"a100", 40, "sxm"}, {"a100", 40, "pcie"}},
		sizes:        "24xlarge 8 96 768",
	},
	"p4d": {
		gpu: EC2Device{"a100", 40, "sxm"}, match: Exact,
		alternatives: []EC2Device{{"a100", 40, "pcie"}, {"a100", 80, "sxm"}, {"a100", 80, "pcie"}},
		sizes:        "24xlarge 8 96 1152",
	},
	"p4de": {gpu: EC2Device{"a100", 80, "sxm"}, match: Exact, alternatives: near80, sizes: "24xlarge 8 96 1152"},
	"p5": {
		gpu: EC2Device{"h100", 80, "sxm"}, match: Exact,
		alternatives: []EC2Device{{"h100", 80, "pcie"}, {"h200", 141, "sxm"}, {"h200nvl", 141, "pcie"}},
		sizes:        "4xlarge 1 16 256; 48xlarge 8 192 2048",
	},
	"p5e": {
		gpu: EC2Device{"h200", 141, "sxm"}, match: Exact, alternatives: []EC2Device{{"h200nvl", 141, "pcie"}},
		sizes: "48xlarge 8 192 2048",
	},
	"p5en": {
		gpu: EC2Device{"h200", 141, "sxm"}, match: Exact, alternatives: []EC2Device{{"h200nvl", 141, "pcie"}},
		sizes: "48xlarge 8 192 2048",
	},
	"p6-b200": {gpu: EC2Device{"b200", 0, ""}, match: Unlisted, sizes: "48xlarge 8 192 2048"},
	"p6-b300": {gpu: EC2Device{"b300", 0, ""}, match: Unlisted, sizes: "48xlarge 8 192 4096"},
	"g4dn": {
		gpu: EC2Device{"t4", 16, "pcie"}, match: Exact,
		alternatives: []EC2Device{{"rtx4000ada", 20, "pcie"}, {"rtx4080", 16, "pcie"}, {"a5000", 24, "pcie"}},
		sizes: "xlarge 1 4 16; 2xlarge 1 8 32; 4xlarge 1 16 64; 8xlarge 1 32 128; 16xlarge 1 64 256; " +
			"12xlarge 4 48 192; metal 8 96 384",
	},
	"g5": {gpu: EC2Device{"a10", 24, "pcie"}, match: Substitute, alternatives: near24, sizes: g5Sizes},
	"g6": {gpu: EC2Device{"l4", 24, "pcie"}, match: Unlisted, alternatives: near24, sizes: g5Sizes},
	"gr6": {
		gpu: EC2Device{"l4", 24, "pcie"}, match: Unlisted, alternatives: near24, sizes: "4xlarge 1 16 128; 8xlarge 1 32 256",
	},
	"g6e": {
		gpu: EC2Device{"l40s", 48, "pcie"}, match: Unlisted, alternatives: near48,
		sizes: "xlarge 1 4 32; 2xlarge 1 8 64; 4xlarge 1 16 128; 8xlarge 1 32 256; 16xlarge 1 64 512; " +
			"12xlarge 4 48 384; 24xlarge 4 96 768; 48xlarge 8 192 1536",
	},
}

// g5Sizes are those of g5 and g6.
const g5Sizes = "xlarge 1 4 16; 2xlarge 1 8 32; 4xlarge 1 16 64; 8xlarge 1 32 128; 16xlarge 1 64 256; " +
	"12xlarge 4 48 192; 24xlarge 4 96 384; 48xlarge 8 192 768"

// ec2Impossible says why some families have no counterpart.
var ec2Impossible = map[string]string{
	"g4ad": "its GPUs are AMD's, and an SDL can ask for those of NVIDIA alone",
	"g5g":  "its processors are ARM, and Akash providers run linux/amd64",
	"g3":   "nobody's list has its Tesla M60", "g3s": "nobody's list has its Tesla M60",
	"p2": "nobody's list has its Tesla K80", "g6f": "it has a part of a GPU, and Akash leases whole ones",
	"inf1": "Inferentia is Amazon's alone", "inf2": "Inferentia is Amazon's alone",
	"trn1": "Trainium is Amazon's alone", "trn1n": "Trainium is Amazon's alone", "trn2": "Trainium is Amazon's alone",
	"dl1":  "Gaudi is not in the network's list of devices",
	"dl2q": "Qualcomm's AI 100 is not in the network's list of devices",
	"gr6f": "it has a part of a GPU, and Akash leases whole ones",
}

// EC2GPUFamilies lists the families of EC2 that [FindEC2GPU] knows, sorted.
func EC2GPUFamilies() []string { return slices.Sorted(maps.Keys(ec2Families)) }

// EC2GPUTypes lists the instance types of a family, by name.
func EC2GPUTypes(family string) []EC2GPU {
	var found []EC2GPU
	for _, name := range slices.Sorted(maps.Keys(ec2Types())) {
		if strings.HasPrefix(name, family+".") {
			found = append(found, ec2Types()[name])
		}
	}
	return found
}

// ec2Types are all instance types, read from the table once.
var ec2Types = sync.OnceValue(mustReadEC2Types)

// mustReadEC2Types reads the constant tables, which a test does too.
func mustReadEC2Types() map[string]EC2GPU {
	types := map[string]EC2GPU{}
	for name, family := range ec2Families {
		for line := range strings.SplitSeq(family.sizes, "; ") {
			found := EC2GPU{GPU: family.gpu, Match: family.match, Alternatives: family.alternatives}
			var size string
			if _, err := fmt.Sscan(line, &size, &found.Units, &found.VCPU, &found.MemoryGiB); err != nil {
				panic("table of EC2: " + line)
			}
			found.Type = name + "." + size
			types[found.Type] = found
		}
	}
	return types
}

// FindEC2GPU translates an instance type such as "p4d.24xlarge". The error says what is known instead: why a family has
// no counterpart, the sizes of a family, or the families. The caller must not change what it points to.
func FindEC2GPU(instanceType string) (EC2GPU, error) {
	if found, ok := ec2Types()[instanceType]; ok {
		return found, nil
	}
	family, _, dotted := strings.Cut(strings.ToLower(strings.TrimSpace(instanceType)), ".")
	if lower := strings.ToLower(strings.TrimSpace(instanceType)); lower != instanceType {
		if _, ok := ec2Types()[lower]; ok {
			return EC2GPU{}, fmt.Errorf("instance type %q is written %q", instanceType, lower)
		}
	}
	if why := ec2Impossible[family]; why != "" {
		return EC2GPU{}, fmt.Errorf("instance type %q has no counterpart on Akash: %s", instanceType, why)
	}
	if _, ok := ec2Families[family]; ok {
		var sizes []string
		for _, one := range EC2GPUTypes(family) {
			sizes = append(sizes, one.Type)
		}
		return EC2GPU{}, fmt.Errorf("EC2 has no instance type %q; of this family there are %s",
			instanceType, strings.Join(sizes, ", "))
	}
	what := "is no instance type of EC2 with GPUs that is known here"
	if !dotted {
		what = "is no instance type such as g5.xlarge"
	}
	return EC2GPU{}, fmt.Errorf("%q %s; known families: %s",
		instanceType, what, strings.Join(EC2GPUFamilies(), ", "))
}
