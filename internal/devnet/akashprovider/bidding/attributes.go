// SPDX-License-Identifier: Apache-2.0

package bidding

import (
	"path"
	"slices"
	"strings"

	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
	resourcesv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/resources/v1beta4"
)

const (
	storageCapability = "capabilities/storage/"
	gpuCapability     = "capabilities/gpu/"
)

// globMatch tells whether key fits pattern; * and ? stay within one segment between slashes.
func globMatch(pattern, key string) bool {
	ok, err := path.Match(pattern, key)
	return err == nil && ok
}

// subset tells whether each wanted attribute is among have: keys by pattern, values equal.
func subset(wanted, have []attributesv1.Attribute) bool {
	for _, want := range wanted {
		if !slices.ContainsFunc(have, func(a attributesv1.Attribute) bool {
			return a.Value == want.Value && globMatch(want.Key, a.Key)
		}) {
			return false
		}
	}
	return true
}

// storageGroups collects the capability keys capabilities/storage/<group>/<attribute> by group.
func storageGroups(have []attributesv1.Attribute) map[string][]attributesv1.Attribute {
	groups := map[string][]attributesv1.Attribute{}
	for _, a := range have {
		rest, ok := strings.CutPrefix(a.Key, storageCapability)
		if !ok {
			continue
		}
		if group, name, ok := strings.Cut(rest, "/"); ok && !strings.Contains(name, "/") {
			groups[group] = append(groups[group], attributesv1.Attribute{Key: name, Value: a.Value})
		}
	}
	return groups
}

// storageCapable tells whether every volume with attributes has one capability group with all of them.
func storageCapable(volumes []resourcesv1beta4.Storage, have []attributesv1.Attribute) bool {
	groups := storageGroups(have)
	for _, volume := range volumes {
		if len(volume.Attributes) == 0 {
			continue
		}
		found := false
		for _, group := range groups {
			found = found || subset(volume.Attributes, group)
		}
		if !found {
			return false
		}
	}
	return true
}

// gpuCapable tells whether any one of the wanted GPU keys is advertised.
func gpuCapable(gpu *resourcesv1beta4.GPU, have []attributesv1.Attribute) bool {
	if gpu == nil || gpu.Units.Val.IsNil() || gpu.Units.Val.IsZero() || len(gpu.Attributes) == 0 {
		return true
	}
	for _, a := range have {
		key, ok := strings.CutPrefix(a.Key, gpuCapability)
		if !ok {
			continue
		}
		for _, want := range gpu.Attributes {
			if a.Value == want.Value && globMatch(want.Key, key) {
				return true
			}
		}
	}
	return false
}
