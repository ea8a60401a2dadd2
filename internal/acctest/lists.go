// SPDX-License-Identifier: Apache-2.0

package acctest

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/stretchr/testify/require"
)

// Lists lists and imports resources over Terraform's protocol, as "terraform query" would: the pinned CLI has no such
// command.
type Lists struct {
	server tfprotov6.ProviderServer
	answer *tfprotov6.GetProviderSchemaResponse
}

// Listed is one thing of a list.
type Listed struct {
	Name string
	// Identity is as the Terraform provider sent it, to be imported by.
	Identity *tfprotov6.ResourceIdentityData
	// Resource is null unless it was wanted.
	Resource tftypes.Value
	// Problems are "summary: detail".
	Problems []string
}

// NewLists configures a Terraform provider for an account.
func (n *Network) NewLists(t *testing.T, account string) *Lists {
	t.Helper()
	server, answer := n.serve(t, account)
	return &Lists{server: server, answer: answer}
}

// List lists what a list block of a type finds, at most limit. whole wants resources as well.
func (l *Lists) List(t *testing.T, noun string, config map[string]any, limit int64, whole bool) []Listed {
	t.Helper()
	lists, ok := l.server.(tfprotov6.ListResourceServer)
	require.True(t, ok, "the server serves lists")
	schema := l.answer.ListResourceSchemas[noun]
	require.NotNil(t, schema, noun)
	block := encode(t, schema.ValueType(), ValueOf(schema.ValueType(), config))
	valid, err := lists.ValidateListResourceConfig(t.Context(), &tfprotov6.ValidateListResourceConfigRequest{
		TypeName: noun, Config: block,
	})
	require.NoError(t, err)
	if len(valid.Diagnostics) > 0 {
		return []Listed{{Problems: texts(valid.Diagnostics)}}
	}
	stream, err := lists.ListResource(t.Context(), &tfprotov6.ListResourceRequest{
		TypeName: noun, Config: block, IncludeResource: whole, Limit: limit,
	})
	require.NoError(t, err)
	var all []Listed
	for result := range stream.Results {
		item := Listed{Name: result.DisplayName, Identity: result.Identity, Problems: texts(result.Diagnostics)}
		if result.Resource != nil {
			item.Resource = l.decode(t, noun, result.Resource)
		}
		all = append(all, item)
	}
	return all
}

// Import imports by an identity and refreshes, as an import block does; the identity must come back as it was. problems
// are "summary: detail".
func (l *Lists) Import(
	t *testing.T, noun string, identity *tfprotov6.ResourceIdentityData,
) (state tftypes.Value, problems []string) {
	t.Helper()
	imported, err := l.server.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{
		TypeName: noun, Identity: identity,
	})
	require.NoError(t, err)
	require.Len(t, imported.ImportedResources, 1)
	one := imported.ImportedResources[0]
	read, err := l.server.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: noun, CurrentState: one.State, Private: one.Private, CurrentIdentity: one.Identity,
	})
	require.NoError(t, err)
	require.Equal(t, identity, read.NewIdentity)
	return l.decode(t, noun, read.NewState), append(texts(imported.Diagnostics), texts(read.Diagnostics)...)
}

func (l *Lists) decode(t *testing.T, noun string, value *tfprotov6.DynamicValue) tftypes.Value {
	t.Helper()
	decoded, err := value.Unmarshal(l.answer.ResourceSchemas[noun].ValueType())
	require.NoError(t, err)
	return decoded
}

func texts(diagnostics []*tfprotov6.Diagnostic) []string {
	var all []string
	for _, one := range diagnostics {
		all = append(all, one.Summary+": "+one.Detail)
	}
	return all
}
