// SPDX-License-Identifier: Apache-2.0

package akash

import (
	_ "embed" // the schema is read from the source
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
	"github.com/stretchr/testify/require"
)

//go:embed cmd/pulumi-resource-akash/schema.json
var committed []byte

func readSchema(t *testing.T) schema.PackageSpec {
	t.Helper()
	var spec schema.PackageSpec
	require.NoError(t, json.Unmarshal(committed, &spec))
	return spec
}

// TestEverythingIsMapped compares the committed schema with the Terraform provider.
func TestEverythingIsMapped(t *testing.T) {
	t.Parallel()
	info, closer := Provider()
	t.Cleanup(func() { require.NoError(t, closer.Close()) })
	spec := readSchema(t)
	for name, resource := range info.Resources {
		require.Contains(t, spec.Resources, string(resource.Tok), name)
	}
	for name, source := range info.DataSources {
		require.Contains(t, spec.Functions, string(source.Tok), name)
	}
	resources, sources := 0, 0
	info.P.ResourcesMap().Range(func(name string, _ shim.Resource) bool {
		require.Contains(t, info.Resources, name)
		resources++
		return true
	})
	info.P.DataSourcesMap().Range(func(name string, _ shim.Resource) bool {
		require.Contains(t, info.DataSources, name)
		sources++
		return true
	})
	require.Len(t, spec.Resources, resources)
	require.Positive(t, sources)
}

// TestNamesAreThoseOfTheDocumentation finds plurals that the bridge made.
func TestNamesAreThoseOfTheDocumentation(t *testing.T) {
	t.Parallel()
	spec := readSchema(t)
	require.Contains(t, spec.Config.Variables, "grpc")
	policy := spec.Types[token("LeaseBidPolicy")].Properties
	for _, name := range []string{"allow", "deny", "prefer", "distinctFrom", "minBids"} {
		require.Contains(t, policy, name)
	}
	require.Contains(t, spec.Types[token("getSdlServices")].Properties, "expose")
}

// TestGroupsFitLeases holds the types together that programs pass from one resource to another.
func TestGroupsFitLeases(t *testing.T) {
	t.Parallel()
	spec := readSchema(t)
	group := "#/types/" + token("DeploymentGroup")
	require.Equal(t, group, spec.Resources["akash:index/lease:Lease"].InputProperties["group"].Ref)
	groups := spec.Resources["akash:index/deployment:Deployment"].Properties["groups"]
	require.Equal(t, group, groups.AdditionalProperties.Ref)
	ceiling := "#/types/" + token("PriceCeiling")
	require.Equal(t, ceiling, spec.Resources["akash:index/lease:Lease"].InputProperties["priceCeiling"].Ref)
	require.Equal(t, ceiling, spec.Resources["akash:index/gpuProfile:GpuProfile"].Properties["priceCeiling"].Ref)
}

// TestNoKeyHasADefault keeps keys out of Pulumi's state: a default with an environment variable would put them there.
func TestNoKeyHasADefault(t *testing.T) {
	t.Parallel()
	for name, variable := range readSchema(t).Config.Variables {
		if variable.DefaultInfo != nil {
			require.NotContains(t, []string{"key", "gatewayAuth"}, name)
			require.False(t, variable.Secret, name)
		}
	}
}

var languageFence = regexp.MustCompile("```(typescript|python|csharp|go|java|yaml)\n")

// TestExamplesOfResourcesAreConverted wants each resource's example in each language, in Pulumi's names.
func TestExamplesOfResourcesAreConverted(t *testing.T) {
	t.Parallel()
	snake := regexp.MustCompile(`(?m)^\s+[a-z]+_[a-z_]+:`)
	for name, resource := range readSchema(t).Resources {
		found := map[string]bool{}
		for _, match := range languageFence.FindAllStringSubmatch(resource.Description, -1) {
			found[match[1]] = true
		}
		require.Len(t, found, 6, name)
		_, typescript, _ := strings.Cut(resource.Description, "```typescript\n")
		typescript, _, _ = strings.Cut(typescript, "```")
		require.NotRegexp(t, snake, typescript, name)
		require.NotContains(t, resource.Description, "path.module", name)
		require.NotContains(t, resource.Description, "APITOKEN", "keys of maps stay as they are")
		require.NotContains(t, resource.Description, "com.pulumi.akash", name)
	}
}

// TestDocEditsFindTheirWords fails when a page changed under an edit, or is gone.
func TestDocEditsFindTheirWords(t *testing.T) {
	t.Parallel()
	for _, e := range edits {
		text, err := os.ReadFile(filepath.Join("..", "docs", "resources", e.page))
		require.NoError(t, err)
		_, err = editPage(e.page, text, nil)
		require.NoError(t, err)
	}
	_, err := editPage("lease.md", []byte("other words"), nil)
	require.ErrorContains(t, err, "are gone")
}

func TestEditExample(t *testing.T) {
	t.Parallel()
	edited, err := editExample([]byte("resource \"akash_lease\" \"web\" {\n  bid_policy = { min_bids = 3, attributes = "+
		"{ A_B = \"c_d\" } }\n  sdl = file(\"${path.module}/a\")\n}\noutput \"x\" { value = { min_bids = 1 } }\n"),
		map[string]bool{"min_bids": true})
	require.NoError(t, err)
	require.Equal(t, "resource \"akash_lease\" \"web\" {\n  bid_policy = { minBids = 3, attributes = "+
		"{ A_B = \"c_d\" } }\n  sdl = file(\"a\")\n}\noutput \"x\" { value = { min_bids = 1 } }\n", string(edited))
	_, err = editExample([]byte("resource {"), nil)
	require.Error(t, err)
}

// TestThePluginKnowsTheNamesOfTheSchema looks where the bridge looks at run time, not where the generator does.
func TestThePluginKnowsTheNamesOfTheSchema(t *testing.T) {
	t.Parallel()
	info, _ := Plugin()
	require.Equal(t, "grpc", info.Config["grpc"].Name)
	require.Equal(t, "allow", info.Resources["akash_lease"].Fields["bid_policy"].Fields["allow"].Name)
	services := info.DataSources["akash_sdl"].Fields["services"].Elem.Fields
	require.Equal(t, "expose", services["expose"].Name)
	require.Equal(t, "to", services["expose"].Elem.Fields["to"].Name)
	manifest := info.Resources["akash_deployment"].Fields["groups"].Elem.Fields["manifest"]
	require.False(t, *manifest.Secret, "YAML programs cannot carry a secret inside of a value")
	require.True(t, *info.Resources["akash_deployment"].Fields["groups"].Secret)
}
