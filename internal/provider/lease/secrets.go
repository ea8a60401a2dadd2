// SPDX-License-Identifier: Apache-2.0

package lease

import (
	"cmp"
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/akash-iac/terraform-provider-akash/internal/provider/secrets"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// checkSecrets refuses at plan a lease that could not deliver its group's manifest for lack of secrets: a repair that
// nobody is there for needs them as well. A lease that is to be paused delivers none, and so needs none.
func checkSecrets(ctx context.Context, config tfsdk.Config, plan model, group groupModel) diag.Diagnostics {
	over, problems := secrets.Read(ctx, config)
	if problems.HasError() || plan.Group.IsUnknown() || plan.wantsPause() {
		return problems
	}
	what := cmp.Or(group.slotID().ValueString(), group.Name.ValueString())
	return append(problems, over.Check(group.Secrets, what)...)
}

// manifestOf is what the lease delivers: the group's manifest with the configuration's secrets over it, whose names are
// given too. It is never stored.
func manifestOf(
	ctx context.Context, config tfsdk.Config, group groupModel,
) (manifest []byte, names []string, problems diag.Diagnostics) {
	over, problems := secrets.Read(ctx, config)
	if problems.HasError() {
		return nil, nil, problems
	}
	manifest, err := sdl.ManifestWithSecrets([]byte(group.Manifest.ValueString()), over.Values)
	if err != nil {
		problems.AddError("Secrets cannot be laid over the manifest", err.Error()+"\n\nNothing was sent. Pass the lease an "+
			"element of akash_deployment.groups, and the same env_wo and registry_credentials_wo as akash_deployment.")
	}
	return manifest, over.Values.Names(), problems
}
