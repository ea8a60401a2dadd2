// SPDX-License-Identifier: Apache-2.0

package market

import (
	"path"
	"strings"

	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
	resourcesv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/resources/v1beta4"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

const (
	storageCapabilities = "capabilities/storage/"
	gpuCapabilities     = "capabilities/gpu/"
)

// audits are the attributes signed for an Akash provider, by auditor.
type audits map[string][]attributesv1.Attribute

// matchPlacement tells whether an Akash provider's own attributes, or, when the
// order names auditors, what those signed, cover the placement requirements.
func matchPlacement(
	req attributesv1.PlacementRequirements, own []attributesv1.Attribute, signed audits,
) bool {
	allOf, anyOf := req.SignedBy.AllOf, req.SignedBy.AnyOf
	if len(allOf) == 0 && len(anyOf) == 0 {
		return subset(req.Attributes, own)
	}
	covers := func(auditor string) bool {
		attrs, ok := signed[auditor]
		return ok && subset(req.Attributes, attrs)
	}
	for _, auditor := range allOf {
		if !covers(auditor) {
			return false
		}
	}
	if len(anyOf) == 0 {
		return true
	}
	for _, auditor := range anyOf {
		if covers(auditor) {
			return true
		}
	}
	return false
}

// subset tells whether every wanted attribute has one with a matching key and an
// equal value; a wanted key may hold wildcards, which stay within one segment.
func subset(want, have []attributesv1.Attribute) bool {
	for _, w := range want {
		found := false
		for _, h := range have {
			if glob(w.Key, h.Key) && w.Value == h.Value {
				found = true
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}

func glob(pattern, key string) bool {
	ok, err := path.Match(pattern, key)
	return err == nil && ok
}

// matchCapabilities tells whether an Akash provider offers the storage classes
// and GPU models every unit of the group asks for.
func matchCapabilities(spec deploymentv1beta4.GroupSpec, own []attributesv1.Attribute) bool {
	classes := storageGroups(own)
	for _, unit := range spec.Resources {
		for _, volume := range unit.Resource.Storage {
			if len(volume.Attributes) > 0 && !anyCovers(classes, volume.Attributes) {
				return false
			}
		}
		if !matchGPU(unit.Resource.GPU, own) {
			return false
		}
	}
	return true
}

// storageGroups gathers "capabilities/storage/<i>/<name>" attributes by i.
func storageGroups(own []attributesv1.Attribute) map[string][]attributesv1.Attribute {
	groups := map[string][]attributesv1.Attribute{}
	for _, a := range own {
		rest, ok := strings.CutPrefix(a.Key, storageCapabilities)
		if !ok {
			continue
		}
		index, name, ok := strings.Cut(rest, "/")
		if !ok || strings.Contains(name, "/") {
			continue
		}
		groups[index] = append(groups[index], attributesv1.Attribute{Key: name, Value: a.Value})
	}
	return groups
}

func anyCovers(groups map[string][]attributesv1.Attribute, want []attributesv1.Attribute) bool {
	for _, group := range groups {
		if subset(want, group) {
			return true
		}
	}
	return false
}

// matchGPU needs one of the wanted models only.
func matchGPU(gpu *resourcesv1beta4.GPU, own []attributesv1.Attribute) bool {
	if gpu == nil || gpu.Units.Val.IsNil() || gpu.Units.Val.IsZero() || len(gpu.Attributes) == 0 {
		return true
	}
	for _, a := range own {
		model, ok := strings.CutPrefix(a.Key, gpuCapabilities)
		if !ok {
			continue
		}
		for _, want := range gpu.Attributes {
			if glob(want.Key, model) && want.Value == a.Value {
				return true
			}
		}
	}
	return false
}
