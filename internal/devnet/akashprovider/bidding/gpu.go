// SPDX-License-Identifier: Apache-2.0

package bidding

import (
	"strings"

	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
)

// gpuKey is one alternative of a GPU request: vendor/V/model/M[/ram/R][/interface/I]. Model may be "*";
// ram and face are "" when the request leaves them open.
type gpuKey struct{ vendor, model, ram, face string }

// String writes the key back.
func (k gpuKey) String() string {
	text := "vendor/" + k.vendor + "/model/" + k.model
	if k.ram != "" {
		text += "/ram/" + k.ram
	}
	if k.face != "" {
		text += "/interface/" + k.face
	}
	return text
}

// readGPUKeys reads the alternatives; what is not of that shape names no device and is left out.
func readGPUKeys(attributes []attributesv1.Attribute) []gpuKey {
	var keys []gpuKey
	for _, a := range attributes {
		parts := strings.Split(a.Key, "/")
		if len(parts)%2 != 0 {
			continue
		}
		var key gpuKey
		known := true
		for i := 0; i < len(parts); i += 2 {
			switch parts[i] {
			case "vendor":
				key.vendor = parts[i+1]
			case "model":
				key.model = parts[i+1]
			case "ram":
				key.ram = parts[i+1]
			case "interface":
				key.face = parts[i+1]
			default:
				known = false
			}
		}
		if known && key.vendor != "" && key.model != "" {
			keys = append(keys, key)
		}
	}
	return keys
}

// matches finds the first alternative that the device meets and makes it concrete: the model by name, ram
// and interface only where they were asked for. A request without alternatives takes any device.
func (g GPU) matches(keys []gpuKey) (gpuKey, bool) {
	if len(keys) == 0 {
		return gpuKey{vendor: g.Vendor, model: g.Model}, true
	}
	for _, key := range keys {
		if key.vendor == g.Vendor && (key.model == "*" || key.model == g.Model) &&
			(key.ram == "" || key.ram == g.RAM) && (key.face == "" || key.face == foldInterface(g.Interface)) {
			key.model = g.Model
			return key, true
		}
	}
	return gpuKey{}, false
}

// foldInterface maps what a device reports onto the two words of a request: SXM4 and SXM5 to sxm, PCIe to pcie.
func foldInterface(reported string) string {
	lower := strings.ToLower(reported)
	if strings.HasPrefix(lower, "sxm") {
		return "sxm"
	}
	return lower
}

// Keys are the capability keys under which the device is advertised on chain: the plain one and one for each
// combination of ram and interface.
func (g GPU) Keys() []string {
	base := gpuCapability + "vendor/" + g.Vendor + "/model/" + g.Model
	keys := []string{base}
	if g.RAM != "" {
		keys = append(keys, base+"/ram/"+g.RAM)
	}
	if g.Interface != "" {
		face := "/interface/" + foldInterface(g.Interface)
		keys = append(keys, base+face)
		if g.RAM != "" {
			keys = append(keys, base+"/ram/"+g.RAM+face)
		}
	}
	return keys
}
