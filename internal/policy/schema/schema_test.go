// SPDX-License-Identifier: Apache-2.0

package schema_test

import (
	"maps"
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
		wanted = append(wanted, "resources/"+name+"/resource.tf", "resources/"+name+"/import.sh")
	}
	for name := range response.DataSourceSchemas {
		wanted = append(wanted, "data-sources/"+name+"/data-source.tf")
	}
	for name := range response.EphemeralResourceSchemas {
		wanted = append(wanted, "ephemeral-resources/"+name+"/ephemeral-resource.tf")
	}
	for name := range response.Functions {
		wanted = append(wanted, "functions/"+name+"/function.tf")
	}
	slices.Sort(wanted)
	for _, path := range wanted {
		assert.FileExists(t, filepath.Join("..", "..", "..", "examples", filepath.FromSlash(path)))
	}
}
