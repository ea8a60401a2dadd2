// SPDX-License-Identifier: Apache-2.0

package market

import (
	"cosmossdk.io/math"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// Most is the most that leases of all these groups can cost together, a block, in uact: for each group its own maximum,
// which is price times count of every unit and which no bid may exceed, or the ceiling where that is lower. It depends
// on nothing but its arguments. Prices in another denom, which the chain refuses, do not count.
func Most(groups []deploymentv1beta4.GroupSpec, ceiling Ceiling) coin.PerBlock {
	sum := math.LegacyZeroDec()
	for _, group := range groups {
		own := math.LegacyZeroDec()
		for _, unit := range group.Resources {
			if unit.Price.Denom == coin.UACT && !unit.Price.Amount.IsNil() {
				own = own.Add(unit.Price.Amount.MulInt64(int64(unit.Count)))
			}
		}
		if !ceiling.None() && ceiling.Limit.Amount.LT(own) {
			own = ceiling.Limit.Amount
		}
		sum = sum.Add(own)
	}
	return coin.PerBlock{Denom: coin.UACT, Amount: sum}
}
