// SPDX-License-Identifier: Apache-2.0

package deployment_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/deployment"
)

// TestAdoptedNote wants a deployment that another resource may have as well to be told with the way out, and any other
// one without it.
func TestAdoptedNote(t *testing.T) {
	t.Parallel()
	id := ids.DeploymentID{Owner: "akash1lh6cxaa5hl0wv73jjct2mk7x2z6rq7deagy78u", DSeq: 4711}
	own := deployment.AdoptedNote(deploy.Opened{ID: id, Adopted: true})
	shared := deployment.AdoptedNote(deploy.Opened{ID: id, Adopted: true, Shared: true})
	for _, note := range []diag.Diagnostic{own, shared} {
		require.Equal(t, diag.SeverityWarning, note.Severity())
		require.Equal(t, "Adopted deployment "+id.String(), note.Summary())
		require.Contains(t, note.Detail(), "nothing was paid twice")
	}
	require.Contains(t, own.Detail(), "before Terraform could note it")
	require.NotContains(t, own.Detail(), "state rm")
	for _, part := range []string{
		"handed it over", "-target", "another akash_deployment of this state has dseq 4711 as well",
		"\n terraform state rm ADDRESS\n", "terraform apply without -target",
	} {
		require.Contains(t, shared.Detail(), part)
	}
}
