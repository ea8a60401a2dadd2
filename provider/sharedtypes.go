// SPDX-License-Identifier: Apache-2.0

package akash

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

// sharedTypes are types that are one, by the name they get, with the names the bridge gives them. It makes a type of
// its own for every nested attribute; but a group is an output of a deployment and the input of a lease, a profile's
// ceiling and GPU drop into a lease and an SDL, and statically typed languages need one type for that. Those with one
// name get a singular.
var sharedTypes = map[string][]string{
	"DeploymentGroup": {"DeploymentGroups", "LeaseGroup"},
	"PriceCeiling": {
		"DeploymentPriceCeiling", "LeasePriceCeiling", "DeploymentGroupsPriceCeiling", "LeaseGroupPriceCeiling",
		"IpEndpointPriceCeiling", "GpuProfilePriceCeiling", "getForecastPriceCeiling", "ProviderPriceCeiling",
	},
	"Gpu":          {"GpuProfileGpu", "getSdlProfilesComputeGpu"},
	"GpuModel":     {"GpuProfileGpuModel", "getSdlProfilesComputeGpuModel"},
	"LeaseService": {"LeaseServices"},
}

// mustShareTypes is shareTypes for the bridge, which asks for no error. It runs in the generator alone.
func mustShareTypes(spec *schema.PackageSpec) {
	if err := shareTypes(spec); err != nil {
		panic(err)
	}
}

// shareTypes makes one type of each entry of sharedTypes, and fails when they do not have the same properties.
func shareTypes(spec *schema.PackageSpec) error {
	for _, shared := range slices.Sorted(maps.Keys(sharedTypes)) {
		var merged schema.ComplexTypeSpec
		for i, name := range sharedTypes[shared] {
			one, ok := spec.Types[token(name)]
			if !ok {
				return fmt.Errorf("%s is to share a type, and there is no %s any more", shared, name)
			}
			delete(spec.Types, token(name))
			if i == 0 {
				merged = one
				merged.Required = nil
			} else if err := sameProperties(merged, one); err != nil {
				return fmt.Errorf("%s and %s cannot share %s: %w", sharedTypes[shared][0], name, shared, err)
			}
			for _, required := range one.Required {
				if !slices.Contains(merged.Required, required) {
					merged.Required = append(merged.Required, required)
				}
			}
		}
		// What outputs always have, beyond what inputs need, cannot be said of a type that is both.
		merged.Language = nil
		spec.Types[token(shared)] = merged
	}
	return rename(spec)
}

func token(name string) string { return Name + ":index/" + name + ":" + name }

func sameProperties(a, b schema.ComplexTypeSpec) error {
	for _, name := range slices.Sorted(maps.Keys(a.Properties)) {
		other, ok := b.Properties[name]
		if !ok || a.Properties[name].Type != other.Type {
			return fmt.Errorf("property %s differs", name)
		}
	}
	if len(a.Properties) != len(b.Properties) {
		return fmt.Errorf("%d properties and %d", len(a.Properties), len(b.Properties))
	}
	return nil
}

// rename puts the shared names into references.
func rename(spec *schema.PackageSpec) error {
	encoded, err := json.Marshal(spec)
	if err != nil {
		return err
	}
	text := string(encoded)
	for shared, names := range sharedTypes {
		for _, name := range names {
			text = strings.ReplaceAll(text, `"#/types/`+token(name)+`"`, `"#/types/`+token(shared)+`"`)
		}
	}
	var renamed schema.PackageSpec
	if err := json.Unmarshal([]byte(text), &renamed); err != nil {
		return err
	}
	*spec = renamed
	return nil
}
