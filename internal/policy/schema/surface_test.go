// SPDX-License-Identifier: Apache-2.0

package schema_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/provider"
)

const (
	surfaceFile = "testdata/surface.json"
	frozenFile  = "testdata/surface_frozen.json"
)

var (
	updateSurface = flag.Bool("update-surface", false, "write what users can refer to now")
	freezeSurface = flag.Bool("freeze-surface", false, "promise users what they can refer to now; before a release")
)

// surface is everything a configuration, a state or a generated SDK can refer to: noun → path → one line about it.
// Descriptions are no part of it.
type surface map[string]map[string]string

// TestSurface compares what users can refer to with the committed dump, so that a change of it is seen in review.
func TestSurface(t *testing.T) {
	t.Parallel()
	now := surfaceOf(t)
	if *updateSurface || *freezeSurface {
		now.write(t, surfaceFile)
	}
	if *freezeSurface {
		now.write(t, frozenFile)
	}
	committed, err := os.ReadFile(surfaceFile)
	require.NoError(t, err)
	require.Equal(t, string(committed), string(now.text(t)),
		"what users can refer to is not what is committed: run make generate, and tell users in CHANGELOG.md")
}

// TestChangelogTellsOfEveryChange wants each difference from what was promised last named in the changelog.
func TestChangelogTellsOfEveryChange(t *testing.T) {
	t.Parallel()
	changelog, err := os.ReadFile(filepath.Join("..", "..", "..", "CHANGELOG.md"))
	require.NoError(t, err)
	for _, complaint := range untold(readSurface(t, frozenFile), surfaceOf(t), string(changelog)) {
		t.Error(complaint)
	}
}

// surfaceOf asks the Terraform provider, as a CLI would.
func surfaceOf(t *testing.T) surface {
	t.Helper()
	server, err := providerserver.NewProtocol6WithError(provider.New("test").Factory())()
	require.NoError(t, err)
	identities, err := server.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	require.NoError(t, err)
	require.Empty(t, identities.Diagnostics)
	response := schemas(t)

	all := surface{}
	all.add("provider", response.Provider)
	for name, s := range response.ResourceSchemas {
		noun := "resource/" + name
		all.add(noun, s)
		require.Positive(t, s.Version, "%s: a version of 0 is what states without any have", name)
		all[noun]["(version)"] = strconv.FormatInt(s.Version, 10)
		identity := identities.IdentitySchemas[name]
		if identity == nil {
			require.Equal(t, "akash_exec", name, "has no identity, by which it is imported and listed")
			continue // of a command that ran nothing is left to import
		}
		for _, a := range identity.IdentityAttributes {
			words := []string{"identity", typeText(a.Type)}
			if a.RequiredForImport {
				words = append(words, "required for import")
			}
			all[noun]["(identity)."+a.Name] = strings.Join(words, ", ")
		}
	}
	for name, s := range response.DataSourceSchemas {
		all.add("data-source/"+name, s)
	}
	for name, s := range response.EphemeralResourceSchemas {
		all.add("ephemeral/"+name, s)
	}
	for name, s := range response.ListResourceSchemas {
		all.add("list/"+name, s)
	}
	for name, a := range response.ActionSchemas {
		all.add("action/"+name, a.Schema)
	}
	for name, f := range response.Functions {
		all["function/"+name] = signature(f)
	}
	return all
}

func (s surface) add(noun string, schema *tfprotov6.Schema) {
	s[noun] = map[string]string{}
	for _, a := range schema.Block.Attributes {
		describe(s[noun], "", a)
	}
}

// describe adds an attribute and those nested in it.
func describe(into map[string]string, above string, a *tfprotov6.SchemaAttribute) {
	var words []string
	if a.NestedType != nil {
		words = append(words, strings.ToLower(a.NestedType.Nesting.String())+" of objects")
		for _, inner := range a.NestedType.Attributes {
			describe(into, above+a.Name+".", inner)
		}
	} else {
		words = append(words, typeText(a.Type))
	}
	for _, flag := range []struct {
		set  bool
		word string
	}{
		{a.Required, "required"},
		{a.Optional, "optional"},
		{a.Computed, "computed"},
		{a.Sensitive, "sensitive"},
		{a.WriteOnly, "write-only"},
		{a.Deprecated, "deprecated"},
	} {
		if flag.set {
			words = append(words, flag.word)
		}
	}
	into[above+a.Name] = strings.Join(words, ", ")
}

// signature is what callers of a function rely on: the order and types of its parameters, and what it returns.
func signature(f *tfprotov6.Function) map[string]string {
	lines := map[string]string{"(returns)": typeText(f.Return.Type)}
	for i, p := range f.Parameters {
		words := typeText(p.Type)
		if p.AllowNullValue {
			words += ", may be null"
		}
		lines[fmt.Sprintf("(parameter %d) %s", i+1, p.Name)] = words
	}
	if p := f.VariadicParameter; p != nil {
		lines["(more parameters) "+p.Name] = typeText(p.Type)
	}
	return lines
}

func typeText(t tftypes.Type) string { return strings.ReplaceAll(t.String(), "tftypes.", "") }

// text is stable: encoding/json sorts keys.
func (s surface) text(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	require.NoError(t, encoder.Encode(s))
	return out.Bytes()
}

func (s surface) write(t *testing.T, path string) {
	t.Helper()
	require.NoError(t, os.WriteFile(path, s.text(t), 0o600))
}

func readSurface(t *testing.T, path string) surface {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	var s surface
	require.NoError(t, json.Unmarshal(text, &s))
	return s
}
