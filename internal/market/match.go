// SPDX-License-Identifier: Apache-2.0

package market

import (
	"path"
	"slices"
	"strings"

	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
	resourcesv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/resources/v1beta4"
)

// The rules by which a node accepts a bid and an Akash provider's bid engine considers an order: what is declared and
// signed must cover what is asked for. Source: akash-network/provider bidengine/order.go and the node's x/market.

const (
	capabilityPrefix = "capabilities"
	storageWord      = "storage"
	gpuPrefix        = "capabilities/gpu/"
)

// covers reports whether every wanted attribute is among have: a wanted key may hold "*", "?" and "[…]", which do not
// cross a "/".
func covers(have, wanted []attributesv1.Attribute) bool {
	_, missing := lacks(have, wanted)
	return !missing
}

// lacks finds the first wanted attribute that have does not cover.
func lacks(have, wanted []attributesv1.Attribute) (attributesv1.Attribute, bool) {
	for _, w := range wanted {
		if !slices.ContainsFunc(have, func(h attributesv1.Attribute) bool {
			return h.Value == w.Value && matchesKey(w.Key, h.Key)
		}) {
			return w, true
		}
	}
	return attributesv1.Attribute{}, false
}

func matchesKey(pattern, key string) bool {
	ok, err := path.Match(pattern, key)
	return err == nil && ok
}

// unsigned names the first auditor of allOf that did not sign all that is wanted, or tells that none of anyOf did;
// "" when the signatures suffice. An auditor that signed anything will do where no attribute is wanted.
func (s Seller) unsigned(by attributesv1.SignedBy, wanted []attributesv1.Attribute) string {
	signed := func(auditor string) bool {
		set, known := s.Audits[auditor]
		return known && covers(set, wanted)
	}
	for _, auditor := range by.AllOf {
		if !signed(auditor) {
			return "not audited by " + auditor
		}
	}
	if len(by.AnyOf) > 0 && !slices.ContainsFunc(by.AnyOf, signed) {
		if len(by.AnyOf) == 1 {
			return "not audited by " + by.AnyOf[0]
		}
		return "not audited by any of the auditors asked for"
	}
	return ""
}

// storageMissing names the first volume with attributes that no storage of the Akash provider has; "" when all have.
func (s Seller) storageMissing(volumes []resourcesv1beta4.Storage) string {
	groups := map[string][]attributesv1.Attribute{}
	for _, a := range s.Attributes {
		words := strings.Split(a.Key, "/")
		if len(words) == 4 && words[0] == capabilityPrefix && words[1] == storageWord {
			groups[words[2]] = append(groups[words[2]], attributesv1.Attribute{Key: words[3], Value: a.Value})
		}
	}
	for _, volume := range volumes {
		if len(volume.Attributes) == 0 {
			continue
		}
		found := false
		for _, group := range groups {
			found = found || contains(group, volume.Attributes)
		}
		if !found {
			class, _ := storageClass(volume)
			return "no storage of class " + class
		}
	}
	return ""
}

func contains(have, wanted []attributesv1.Attribute) bool {
	for _, w := range wanted {
		if !slices.Contains(have, w) {
			return false
		}
	}
	return true
}

// gpuMissing names the GPU that the Akash provider does not declare; "" when it declares one that is asked for.
func (s Seller) gpuMissing(gpu *resourcesv1beta4.GPU) string {
	if gpu == nil || amount(gpu.Units) == 0 || len(gpu.Attributes) == 0 {
		return ""
	}
	for _, a := range s.Attributes {
		key, ok := strings.CutPrefix(a.Key, gpuPrefix)
		if !ok || key == "" {
			continue
		}
		for _, wanted := range gpu.Attributes {
			if wanted.Value == a.Value && matchesKey(wanted.Key, key) {
				return ""
			}
		}
	}
	return "no GPU " + gpuText(gpu)
}

// gpuText prints what a unit asks for: "h100", "a100 80Gi, h100", "of any model".
func gpuText(gpu *resourcesv1beta4.GPU) string {
	var names []string
	for _, want := range wantedGPUs(gpu) {
		name := want.Model
		if name == anyModel {
			name = "of any model"
		}
		for _, more := range []string{want.RAM, want.Interface} {
			if more != "" {
				name += " " + more
			}
		}
		names = append(names, name)
	}
	return strings.Join(names, " or ")
}

// anyModel asks for no model in particular.
const anyModel = "*"

// wantedGPUs are the alternatives of a unit, as its attributes name them; one that asks for nothing but the number
// takes any.
func wantedGPUs(gpu *resourcesv1beta4.GPU) []GPU {
	var wanted []GPU
	for _, a := range gpu.Attributes {
		if a.Value != "true" {
			continue
		}
		wanted = append(wanted, gpuOfKey(a.Key))
	}
	if len(wanted) == 0 {
		wanted = []GPU{{Model: anyModel}}
	}
	return wanted
}

// gpuOfKey reads the words of an attribute's key: "vendor/nvidia/model/a100/ram/80Gi".
func gpuOfKey(key string) GPU {
	var device GPU
	words := strings.Split(key, "/")
	for i := 0; i+1 < len(words); i += 2 {
		switch words[i] {
		case "vendor":
			device.Vendor = words[i+1]
		case "model":
			device.Model = words[i+1]
		case "ram":
			device.RAM = words[i+1]
		case "interface":
			device.Interface = words[i+1]
		}
	}
	return device
}

// is reports whether a device is one that want asks for.
func (g GPU) is(want GPU) bool {
	return (want.Vendor == "" || want.Vendor == g.Vendor) &&
		(want.Model == "" || want.Model == anyModel || want.Model == g.Model) &&
		(want.RAM == "" || want.RAM == g.RAM) &&
		(want.Interface == "" || foldInterface(want.Interface) == foldInterface(g.Interface))
}

// foldInterface makes one word of "SXM5", "sxm" and the like.
func foldInterface(reported string) string {
	lower := strings.ToLower(reported)
	if strings.HasPrefix(lower, "sxm") {
		return "sxm"
	}
	return lower
}
