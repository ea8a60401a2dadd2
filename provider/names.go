// SPDX-License-Identifier: Apache-2.0

package akash

import (
	"strings"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim"
)

// keepNames gives every list the name it has in Terraform, in camel case. The bridge would make plurals, of verbs too:
// allow and deny would become allows and denies, grpc grpcs, and pages and examples would speak of other names.
func keepNames(schemas shim.SchemaMap, fields map[string]*tfbridge.SchemaInfo) {
	schemas.Range(func(name string, schema shim.Schema) bool {
		info := fields[name]
		if info == nil {
			info = &tfbridge.SchemaInfo{}
		}
		switch element := schema.Elem().(type) {
		case shim.Resource: // an object, or a list of objects
			keepElement(info, element)
		case shim.Schema: // a map or list of something, which may be objects
			if object, ok := element.Elem().(shim.Resource); ok {
				keepElement(elementOf(info), object)
			}
		}
		if schema.Type() == shim.TypeList {
			info.Name = camel(name)
		}
		fields[name] = info
		return true
	})
}

// keepElement applies keepNames to an object, whose fields the bridge looks for in its element.
func keepElement(info *tfbridge.SchemaInfo, object shim.Resource) {
	of := elementOf(info)
	if of.Fields == nil {
		of.Fields = map[string]*tfbridge.SchemaInfo{}
	}
	keepNames(object.Schema(), of.Fields)
}

func elementOf(info *tfbridge.SchemaInfo) *tfbridge.SchemaInfo {
	if info.Elem == nil {
		info.Elem = &tfbridge.SchemaInfo{}
	}
	return info.Elem
}

// camel turns min_bids into minBids.
func camel(name string) string {
	words := strings.Split(name, "_")
	for i, word := range words {
		if i > 0 && word != "" {
			words[i] = strings.ToUpper(word[:1]) + word[1:]
		}
	}
	return strings.Join(words, "")
}

// atRunTime copies the descriptions of objects' fields to where the bridge looks for them when it runs. The generator
// wants those of an object in Elem.Fields and refuses Fields; the plugin reads Fields alone. Without this the schema
// would say "allow", and the plugin would wait for "allows".
func atRunTime(info *tfbridge.ProviderInfo) {
	mirror(info.Config)
	for _, resource := range info.Resources {
		mirror(resource.Fields)
	}
	for _, source := range info.DataSources {
		mirror(source.Fields)
	}
}

func mirror(fields map[string]*tfbridge.SchemaInfo) {
	for _, info := range fields {
		for ; info != nil; info = info.Elem {
			if info.Elem != nil && info.Fields == nil {
				info.Fields = info.Elem.Fields
			}
			mirror(info.Fields)
		}
	}
}
