// SPDX-License-Identifier: Apache-2.0

package deployment

import (
	sdk "github.com/cosmos/cosmos-sdk/types"

	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// Load stores a deployment and its groups as they are, for genesis: nothing is checked, paid or told.
func (k *Keeper) Load(ctx sdk.Context, d deploymentv1.Deployment, groups []deploymentv1beta4.Group) {
	k.deployments.Set(ctx, d)
	for _, g := range groups {
		k.groups.Set(ctx, g)
	}
}
