// SPDX-License-Identifier: Apache-2.0

package sdlbuilder_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/provider/sdlbuilder"
)

// TestSchema_everyAttributeIsExplained wants what is asked of every attribute: what it is, and its default or that it
// is required.
func TestSchema_everyAttributeIsExplained(t *testing.T) {
	t.Parallel()
	var resp datasource.SchemaResponse
	sdlbuilder.NewDataSource().Schema(t.Context(), datasource.SchemaRequest{}, &resp)
	require.False(t, resp.Schema.ValidateImplementation(t.Context()).HasError())
	seen := 0
	var walk func(at string, attributes map[string]schema.Attribute)
	walk = func(at string, attributes map[string]schema.Attribute) {
		for name, a := range attributes {
			seen++
			require.NotEmpty(t, a.GetMarkdownDescription(), at+name)
			switch nested := a.(type) {
			case schema.MapNestedAttribute:
				walk(at+name+".", nested.NestedObject.Attributes)
			case schema.ListNestedAttribute:
				walk(at+name+".", nested.NestedObject.Attributes)
			case schema.SingleNestedAttribute:
				walk(at+name+".", nested.Attributes)
			default:
				exclusive := strings.HasPrefix(name, "usd_") || strings.HasPrefix(name, "uact_")
				if a.IsOptional() && !exclusive && name != "service" && name != "ip" && !strings.HasSuffix(at, "signed_by.") &&
					name != "read" && name != "env" {
					require.Contains(t, a.GetMarkdownDescription(), "Default", at+name)
				}
			}
		}
	}
	walk("", resp.Schema.Attributes)
	require.Greater(t, seen, 60)
}
