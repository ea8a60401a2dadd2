// SPDX-License-Identifier: Apache-2.0

package market

import (
	"strings"

	resourcesv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/resources/v1beta4"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// Shape is how much of everything a whole group takes, all replicas together: what a price is for.
type Shape struct {
	// CPU is in thousandths of a core, Memory and Ephemeral storage are in bytes.
	CPU       uint64 `json:"cpu"`
	Memory    uint64 `json:"memory"`
	Ephemeral uint64 `json:"ephemeral"`
	// Persistent storage and memory volumes are in bytes, by class.
	Persistent map[string]uint64 `json:"persistent,omitempty"`
	// GPUs are devices by model as asked for or offered: "h100"; "*" for any.
	GPUs map[string]uint64 `json:"gpus,omitempty"`
	// Endpoints are ports and hosts that are open to the world, IPs are leased addresses; neither counts replicas.
	Endpoints uint64 `json:"endpoints,omitempty"`
	IPs       uint64 `json:"ips,omitempty"`
}

// ShapeOfGroup is what a group asks for.
func ShapeOfGroup(group deploymentv1beta4.GroupSpec) Shape {
	var s shaper
	for _, unit := range group.Resources {
		s.add(unit.Resource, unit.Count)
	}
	return s.shape()
}

// ShapeOfOffer is what a bid offers.
func ShapeOfOffer(offer []marketv1beta5.ResourceOffer) Shape {
	var s shaper
	for _, unit := range offer {
		s.add(unit.Resources, unit.Count)
	}
	return s.shape()
}

// shaper adds up a shape; leased addresses are shared by endpoints of the same number.
type shaper struct {
	sum Shape
	ips map[uint32]bool
}

func (s *shaper) shape() Shape {
	s.sum.IPs = uint64(len(s.ips))
	return s.sum
}

func (s *shaper) add(unit resourcesv1beta4.Resources, count uint32) {
	times := uint64(count)
	if unit.CPU != nil {
		s.sum.CPU += amount(unit.CPU.Units) * times
	}
	if unit.Memory != nil {
		s.sum.Memory += amount(unit.Memory.Quantity) * times
	}
	for _, volume := range unit.Storage {
		class, persistent := storageClass(volume)
		if !persistent && class != ramClass {
			s.sum.Ephemeral += amount(volume.Quantity) * times
			continue
		}
		if s.sum.Persistent == nil {
			s.sum.Persistent = map[string]uint64{}
		}
		s.sum.Persistent[class] += amount(volume.Quantity) * times
	}
	if unit.GPU != nil && amount(unit.GPU.Units) > 0 {
		if s.sum.GPUs == nil {
			s.sum.GPUs = map[string]uint64{}
		}
		s.sum.GPUs[gpuModel(unit.GPU)] += amount(unit.GPU.Units) * times
	}
	for _, endpoint := range unit.Endpoints {
		s.sum.Endpoints++
		if endpoint.Kind == resourcesv1beta4.Endpoint_LEASED_IP {
			if s.ips == nil {
				s.ips = map[uint32]bool{}
			}
			s.ips[endpoint.SequenceNumber] = true
		}
	}
}

// ramClass is the class of volumes that live in memory.
const ramClass = "ram"

// storageClass reads a volume's class; persistent is false for storage of the node itself.
func storageClass(volume resourcesv1beta4.Storage) (class string, persistent bool) {
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

// gpuModel is the model a unit asks for, the first of several; "*" when any will do.
func gpuModel(gpu *resourcesv1beta4.GPU) string {
	for _, a := range gpu.Attributes {
		words := strings.Split(a.Key, "/")
		for i := 0; i+1 < len(words); i++ {
			if words[i] == "model" {
				return words[i+1]
			}
		}
	}
	return "*"
}

// amount reads a quantity; what is missing, negative or too large for any machine is 0.
func amount(value resourcesv1beta4.ResourceValue) uint64 {
	if value.Val.IsNil() || !value.Val.IsUint64() {
		return 0
	}
	return value.Val.Uint64()
}
