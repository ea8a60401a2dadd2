// SPDX-License-Identifier: Apache-2.0

package providerdata

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/diags"
)

// CheckOwner refuses to act for the owner of something on chain when this configuration runs as somebody else. noun is
// the resource, such as "Deployment", and what names the thing it is on, such as "Group akash1…/1/1".
func (d *Data) CheckOwner(noun, owner, what string) diag.Diagnostics {
	if d.Owner == "" || owner == "" || owner == d.Owner {
		return nil
	}
	return diag.Diagnostics{diag.NewErrorDiagnostic(noun+" of another account", fmt.Sprintf(
		"%s belongs to %s, this configuration runs as %s. Nothing was signed or sent.\n\nUse that account's key, or, with "+
			"its permission, authz_granter = %q in the provider block.", what, owner, d.Owner, owner))}
}

// CheckGrants says at plan which grants are missing for what a noun needs. Without delegation it asks nobody.
func (d *Data) CheckGrants(ctx context.Context, needs deploy.Needs) diag.Diagnostics {
	if !d.Delegated || d.Owner == "" || d.ChainID == "" {
		return nil
	}
	connection, err := d.Connect(ctx)
	if err != nil {
		return diag.Diagnostics{diags.FromError(err)}
	}
	lacking, err := connection.Deployer.CheckGrants(ctx, needs)
	switch {
	case err != nil:
		return diag.Diagnostics{diags.FromError(err)}
	case len(lacking) > 0:
		return diag.Diagnostics{diag.NewWarningDiagnostic("Grants missing for later changes", fmt.Sprintf(
			"%s has not granted this key\n %s\n\nThis apply can do without. A later change may need it, and will say so "+
				"before anything is spent.", d.Owner, strings.Join(lacking, "\n ")))}
	}
	return nil
}
