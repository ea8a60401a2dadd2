// SPDX-License-Identifier: Apache-2.0

package deployment

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

// warnOverdrawn says why a deployment is gone, when it is because of money: a plan that only creates another one, and
// its leases, would not tell.
func warnOverdrawn(
	ctx context.Context, deployer *deploy.Deployer, id ids.DeploymentID, problems *diag.Diagnostics,
) {
	height, ok := deployer.Overdrawn(ctx, id)
	if !ok {
		return
	}
	when := ""
	if height > 0 {
		when = fmt.Sprintf(" in block %d", height)
	}
	problems.AddWarning("Deployment ran out of money: "+id.String(), fmt.Sprintf(
		"Its escrow was used up%s, so the chain ended its leases and closed it for good; a later deposit cannot bring it "+
			"back. What ran there, data on persistent storage included, is gone. This plan opens another deployment with a new "+
			"deposit, and holds an auction for each lease.\n\nSo that it lasts longer, raise deposit, or set "+
			"deposit.runway with min_runway, which tops up with every apply.", when))
}
