// SPDX-License-Identifier: Apache-2.0

package bidding

import (
	"slices"
	"strings"

	resourcesv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/resources/v1beta4"
)

// Node is one machine of an Akash provider.
type Node struct {
	Name                  string
	CPUMilli              uint64 // thousandths of a core
	MemoryBytes           uint64
	EphemeralStorageBytes uint64
	StorageClasses        []string // classes of persistent volumes that can be mounted here
	GPUs                  []GPU
}

// GPU is a number of equal devices in one node.
type GPU struct {
	Vendor    string // "nvidia"
	Model     string // lower case: "h100"
	RAM       string // "80Gi"
	Interface string // "PCIe", "SXM5"
	Units     uint64
}

// StoragePool is what the whole cluster can give of one class of persistent storage.
type StoragePool struct {
	Class string // "beta2"
	Bytes uint64
}

// GPUUnits is the number of GPUs of the node, of any model.
func (n Node) GPUUnits() uint64 {
	var sum uint64
	for _, g := range n.GPUs {
		sum += g.Units
	}
	return sum
}

// clone copies the lists that a reservation changes.
func (n Node) clone() Node {
	n.GPUs = slices.Clone(n.GPUs)
	return n
}

// need is what one replica of a resource unit takes, in plain numbers.
type need struct {
	cpuMilli, memoryBytes, ephemeralBytes uint64
	persistent                            map[string]uint64 // bytes by class
	gpuUnits                              uint64
	gpuKeys                               []gpuKey
}

// readNeed converts a resource unit; false when a number is missing, negative or beyond any machine.
func readNeed(r resourcesv1beta4.Resources, defaultClass string) (need, bool) {
	n := need{persistent: map[string]uint64{}}
	if r.CPU == nil || r.Memory == nil {
		return need{}, false
	}
	var ok [3]bool
	n.cpuMilli, ok[0] = amount(r.CPU.Units)
	n.memoryBytes, ok[1] = amount(r.Memory.Quantity)
	ok[2] = true
	if r.GPU != nil {
		n.gpuUnits, ok[2] = amount(r.GPU.Units)
		n.gpuKeys = readGPUKeys(r.GPU.Attributes)
	}
	if !ok[0] || !ok[1] || !ok[2] {
		return need{}, false
	}
	for _, volume := range r.Storage {
		bytes, ok := amount(volume.Quantity)
		if !ok {
			return need{}, false
		}
		switch class, persistent := VolumeClass(volume); {
		case persistent && class == "default" && defaultClass != "":
			n.persistent[defaultClass] += bytes
		case persistent:
			n.persistent[class] += bytes
		case class == "ram":
			n.memoryBytes += bytes
		default:
			n.ephemeralBytes += bytes
		}
	}
	return n, true
}

// VolumeClass reads the class of a volume ("" when it names none) and whether it is persistent.
func VolumeClass(volume resourcesv1beta4.Storage) (class string, persistent bool) {
	for _, a := range volume.Attributes {
		switch a.Key {
		case "class":
			class = a.Value
		case "persistent":
			persistent = a.Value == "true"
		}
	}
	return class, persistent
}

// maxAmount keeps sums of a few amounts within 64 bits; the chain's own limits are far below.
const maxAmount = 1 << 60

func amount(v resourcesv1beta4.ResourceValue) (uint64, bool) {
	if v.Val.IsNil() || !v.Val.IsUint64() || v.Val.Uint64() > maxAmount {
		return 0, false
	}
	return v.Val.Uint64(), true
}

// place takes one replica out of the node. model names the GPU model all replicas use, "" for none.
func (n *Node) place(want need, model string) (key gpuKey, ok bool) {
	if n.CPUMilli < want.cpuMilli || n.MemoryBytes < want.memoryBytes ||
		n.EphemeralStorageBytes < want.ephemeralBytes {
		return gpuKey{}, false
	}
	for class := range want.persistent {
		if !slices.Contains(n.StorageClasses, class) {
			return gpuKey{}, false
		}
	}
	if want.gpuUnits > 0 {
		device := slices.IndexFunc(n.GPUs, func(g GPU) bool {
			key, ok = g.matches(want.gpuKeys)
			return ok && strings.EqualFold(g.Model, model) && g.Units >= want.gpuUnits
		})
		if device < 0 {
			return gpuKey{}, false
		}
		n.GPUs[device].Units -= want.gpuUnits
	}
	n.CPUMilli -= want.cpuMilli
	n.MemoryBytes -= want.memoryBytes
	n.EphemeralStorageBytes -= want.ephemeralBytes
	return key, true
}
