// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"

	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// Overdrawn reports whether a deployment that is gone ran out of money, and at which height the chain settled it, 0
// when it does not tell. It is best effort: what cannot be read was not overdrawn.
func (d *Deployer) Overdrawn(ctx context.Context, id ids.DeploymentID) (height int64, ok bool) {
	found, err := d.Chain.FindDeployment(ctx, id)
	if err != nil {
		return 0, false
	}
	for i := range found.Groups {
		if found.Groups[i].State == deploymentv1beta4.Group_insufficient_funds {
			return found.EscrowAccount.State.SettledAt, true
		}
	}
	return 0, false
}
