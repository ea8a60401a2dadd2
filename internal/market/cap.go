// SPDX-License-Identifier: Apache-2.0

package market

import (
	"slices"

	"cosmossdk.io/math"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// Cap lowers a group's unit prices so that its order pays no more than the ceiling: all by the same factor, rounded
// down at 18 decimals. A group that asks for less stays as it is; prices are never raised, and never become 0, which
// the chain refuses. The argument is not changed.
func Cap(group deploymentv1beta4.GroupSpec, ceiling Ceiling) deploymentv1beta4.GroupSpec {
	own := Most([]deploymentv1beta4.GroupSpec{group}, Ceiling{}).Amount
	if ceiling.None() || ceiling.Limit.Denom != coin.UACT || own.LTE(ceiling.Limit.Amount) {
		return group
	}
	group.Resources = slices.Clone(group.Resources)
	for i, unit := range group.Resources {
		if unit.Price.Denom != coin.UACT || unit.Price.Amount.IsNil() || !unit.Price.Amount.IsPositive() {
			continue
		}
		lowered := unit.Price.Amount.MulTruncate(ceiling.Limit.Amount).QuoTruncate(own)
		group.Resources[i].Price.Amount = math.LegacyMaxDec(lowered, math.LegacySmallestDec())
	}
	return group
}

// CapAll is [Cap] for each of groups.
func CapAll(groups []deploymentv1beta4.GroupSpec, ceiling Ceiling) []deploymentv1beta4.GroupSpec {
	capped := make([]deploymentv1beta4.GroupSpec, 0, len(groups))
	for _, group := range groups {
		capped = append(capped, Cap(group, ceiling))
	}
	return capped
}
