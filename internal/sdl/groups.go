// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"slices"
	"sort"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"

	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
	resourcesv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/resources/v1beta4"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// building is a group on its way: what goes on chain and what goes to the gateway.
type building struct {
	spec     deploymentv1beta4.GroupSpec
	manifest manifestGroup
	tee      string
	unitOf   map[string]int // compute profile to resource unit, 2.1 only
}

// build makes group specs and manifest of a document without errors, both
// sorted by the name of the placement.
func (s *source) build(uses []use) ([]deploymentv1beta4.GroupSpec, []manifestGroup) {
	var services []*service
	for _, name := range sortedKeys(s.deployment) {
		if svc := s.services[name]; svc != nil {
			services = append(services, svc)
		}
	}
	numbers := endpointNumbers(services)
	groups := make(map[string]*building)
	for _, u := range uses {
		b := groups[u.placement]
		if b == nil {
			b = &building{unitOf: make(map[string]int)}
			b.spec = deploymentv1beta4.GroupSpec{Name: u.placement, Requirements: u.target.requirements()}
			b.manifest.Name = u.placement
			groups[u.placement] = b
		}
		b.add(u, numbers, s.version)
	}
	var specs []deploymentv1beta4.GroupSpec
	var manifest []manifestGroup
	for _, name := range sortedKeys(groups) {
		specs = append(specs, groups[name].spec)
		manifest = append(manifest, groups[name].manifest)
	}
	return specs, manifest
}

// add puts a service into the group. 2.0 gives each service a resource unit
// of its own; in 2.1 services with the same compute profile share one, whose
// count and endpoints grow.
func (b *building) add(u use, numbers map[string]uint32, v version) {
	if tee := u.service.tee().value; tee != "" && b.tee == "" {
		b.tee = tee
		required := &b.spec.Requirements.Attributes
		*required = append(*required, attributesv1.Attribute{Key: teeAttribute, Value: tee})
		sortAttributes(*required)
	}
	index, shared := b.unitOf[u.profile]
	shared = shared && v.merges
	if !shared {
		index = len(b.spec.Resources)
	}
	id := uint32(index + 1) //nolint:gosec // at most the number of services in one text
	m := u.service.manifest(u, id, numbers, v)
	endpoints := make([]resourcesv1beta4.Endpoint, len(m.Resources.Endpoints))
	for i, e := range m.Resources.Endpoints {
		endpoints[i] = resourcesv1beta4.Endpoint{Kind: e.Kind, SequenceNumber: e.SequenceNumber}
	}
	b.manifest.Services = append(b.manifest.Services, m)
	if shared {
		unit := &b.spec.Resources[index]
		unit.Count += u.count
		unit.Resource.Endpoints = append(unit.Resource.Endpoints, endpoints...)
		sort.Sort(byNumber(unit.Resource.Endpoints))
		return
	}
	b.unitOf[u.profile] = index
	unit := deploymentv1beta4.ResourceUnit{
		Resource: u.compute.resources(), Count: u.count, Price: sdk.DecCoin{Denom: u.price.denom, Amount: u.price.amount},
	}
	unit.Resource.ID = id
	unit.Resource.Endpoints = endpoints
	b.spec.Resources = append(b.spec.Resources, unit)
}

// byNumber orders endpoints by sequence number, with the algorithm of [sort.Sort], which is not stable.
type byNumber []resourcesv1beta4.Endpoint

func (s byNumber) Len() int           { return len(s) }
func (s byNumber) Swap(i, j int)      { s[i], s[j] = s[j], s[i] }
func (s byNumber) Less(i, j int) bool { return s[i].SequenceNumber < s[j].SequenceNumber }

// resources is the wire form of a compute profile. A GPU section is always present on the wire.
func (c *compute) resources() resourcesv1beta4.Resources {
	out := resourcesv1beta4.Resources{
		CPU: &resourcesv1beta4.CPU{
			Units: resourceValue(uint64(c.cpu.units)), Attributes: protoAttributes(c.cpu.attributes),
		},
		Memory: &resourcesv1beta4.Memory{Quantity: resourceValue(c.memory.size.bytes)},
		GPU:    &resourcesv1beta4.GPU{Units: resourceValue(c.gpus())},
	}
	if c.gpu != nil {
		out.GPU.Attributes = protoAttributes(c.gpu.attributes)
	}
	for _, v := range c.storage {
		out.Storage = append(out.Storage, resourcesv1beta4.Storage{
			Name: v.name, Quantity: resourceValue(v.size.bytes), Attributes: protoAttributes(v.attributes),
		})
	}
	return out
}

func resourceValue(n uint64) resourcesv1beta4.ResourceValue {
	return resourcesv1beta4.ResourceValue{Val: math.NewIntFromUint64(n)}
}

// cloneGroups copies deeply, so that a caller may change what it got.
func cloneGroups(groups []deploymentv1beta4.GroupSpec) []deploymentv1beta4.GroupSpec {
	out := slices.Clone(groups)
	for i := range out {
		q := &out[i].Requirements
		q.Attributes = slices.Clone(q.Attributes)
		q.SignedBy.AllOf, q.SignedBy.AnyOf = slices.Clone(q.SignedBy.AllOf), slices.Clone(q.SignedBy.AnyOf)
		out[i].Resources = slices.Clone(out[i].Resources)
		for j := range out[i].Resources {
			cloneResources(&out[i].Resources[j].Resource)
		}
	}
	return out
}

func cloneResources(r *resourcesv1beta4.Resources) {
	cpu, memory, gpu := *r.CPU, *r.Memory, *r.GPU
	cpu.Attributes, memory.Attributes = slices.Clone(cpu.Attributes), slices.Clone(memory.Attributes)
	gpu.Attributes = slices.Clone(gpu.Attributes)
	r.CPU, r.Memory, r.GPU = &cpu, &memory, &gpu
	r.Endpoints, r.Storage = slices.Clone(r.Endpoints), slices.Clone(r.Storage)
	for i := range r.Storage {
		r.Storage[i].Attributes = slices.Clone(r.Storage[i].Attributes)
	}
}
