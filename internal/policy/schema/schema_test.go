// SPDX-License-Identifier: Apache-2.0

package schema_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/provider"
)

// schemas asks the Terraform provider, as a CLI would.
func schemas(t *testing.T) *tfprotov6.GetProviderSchemaResponse {
	t.Helper()
	server, err := providerserver.NewProtocol6WithError(provider.New("test").Factory())()
	require.NoError(t, err)
	response, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	require.NoError(t, err)
	for _, diagnostic := range response.Diagnostics {
		require.Fail(t, diagnostic.Summary, diagnostic.Detail)
	}
	require.NotEmpty(t, response.ResourceSchemas)
	return response
}

func TestSchemas(t *testing.T) {
	t.Parallel()
	response := schemas(t)
	complaints := judge("provider", response.Provider, false)
	for _, name := range slices.Sorted(maps.Keys(response.ResourceSchemas)) {
		complaints = append(complaints, judge(name, response.ResourceSchemas[name], true)...)
	}
	for _, name := range slices.Sorted(maps.Keys(response.DataSourceSchemas)) {
		complaints = append(complaints, judge("data."+name, response.DataSourceSchemas[name], false)...)
	}
	for _, name := range slices.Sorted(maps.Keys(response.EphemeralResourceSchemas)) {
		complaints = append(complaints, judge("ephemeral."+name, response.EphemeralResourceSchemas[name], false)...)
	}
	for _, name := range slices.Sorted(maps.Keys(response.ActionSchemas)) {
		complaints = append(complaints, judge("action."+name, response.ActionSchemas[name].Schema, false)...)
	}
	for _, name := range slices.Sorted(maps.Keys(response.ListResourceSchemas)) {
		complaints = append(complaints, judge("list."+name, response.ListResourceSchemas[name], false)...)
	}
	for name, function := range response.Functions {
		if strings.TrimSpace(function.Summary) == "" || strings.TrimSpace(function.Description) == "" {
			complaints = append(complaints, "function "+name+": no summary or description")
		}
	}
	for _, complaint := range complaints {
		assert.Fail(t, "schema", complaint)
	}
}

// TestEveryNounHasAnExample looks where the documentation generator looks. A wrong example fails in "make check".
func TestEveryNounHasAnExample(t *testing.T) {
	t.Parallel()
	response := schemas(t)
	wanted := []string{"provider/provider.tf"}
	for name := range response.ResourceSchemas {
		wanted = append(wanted, "resources/"+name+"/resource.tf")
		if name != "akash_exec" { // of a command that ran nothing is left to import
			wanted = append(wanted, "resources/"+name+"/import.sh")
		}
	}
	for name := range response.DataSourceSchemas {
		wanted = append(wanted, "data-sources/"+name+"/data-source.tf")
	}
	for name := range response.EphemeralResourceSchemas {
		wanted = append(wanted, "ephemeral-resources/"+name+"/ephemeral-resource.tf")
	}
	for name := range response.ActionSchemas {
		wanted = append(wanted, "actions/"+name+"/action.tf")
	}
	for name := range response.Functions {
		wanted = append(wanted, "functions/"+name+"/function.tf")
	}
	slices.Sort(wanted)
	for _, path := range wanted {
		assert.FileExists(t, filepath.Join("..", "..", "..", "examples", filepath.FromSlash(path)))
	}
}

// TestActionsGuide wants every action with all it takes in the guide: the documentation generator asks a CLI for the
// schema, and the pinned one does not know actions.
func TestActionsGuide(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "templates", "guides", "actions.md.tmpl"))
	require.NoError(t, err)
	for name, action := range schemas(t).ActionSchemas {
		_, section, found := strings.Cut(string(text), "\n## "+name+"\n")
		assert.True(t, found, "the guide has no section %s", name)
		section, _, _ = strings.Cut(section, "\n## ")
		example, err := os.ReadFile(
			filepath.Join("..", "..", "..", "examples", "actions", name, "action.tf"))
		require.NoError(t, err)
		for _, attribute := range action.Schema.Block.Attributes {
			assert.Contains(t, section, "`"+attribute.Name, "section %s", name)
			if attribute.Required {
				assert.Contains(t, string(example), attribute.Name, "the example of %s", name)
			}
		}
	}
}

// TestImportGuide wants every list with all it takes in the guide, and every resource's identity.
func TestImportGuide(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "templates", "guides", "import.md.tmpl"))
	require.NoError(t, err)
	for name, list := range schemas(t).ListResourceSchemas {
		_, section, found := strings.Cut(string(text), "\n## "+name+"\n")
		assert.True(t, found, "the guide has no section %s", name)
		section, _, _ = strings.Cut(section, "\n## ")
		for _, attribute := range list.Block.Attributes {
			assert.Contains(t, section, "* `"+attribute.Name+"`", "section %s", name)
		}
	}
	rows := map[string][]string{}
	for _, line := range strings.Split(string(text), "\n") {
		if cells := strings.Split(line, " | "); len(cells) == 4 {
			rows[strings.Trim(cells[0], "| `")] = cells
		}
	}
	for noun, paths := range surfaceOf(t) {
		for path := range paths {
			if name, ok := strings.CutPrefix(path, "(identity)."); ok {
				cells := rows[nameOf(noun)]
				require.Len(t, cells, 4, "the guide has no row %s", noun)
				assert.Contains(t, cells[3], "`"+name+"`", noun)
			}
		}
	}
}
