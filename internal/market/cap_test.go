// SPDX-License-Identifier: Apache-2.0

package market_test

import (
	"testing"

	"cosmossdk.io/math"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/akash-iac/terraform-provider-akash/internal/market"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

func TestCap(t *testing.T) {
	t.Parallel()
	group := asks(3) // 3 × 100 uact
	require.Equal(t, group, market.Cap(group, market.Ceiling{}))
	require.Equal(t, group, market.Cap(group, ceiling("300")))
	capped := market.Cap(group, ceiling("150"))
	require.Equal(t, "50.000000000000000000", capped.Resources[0].Price.Amount.String())
	require.Equal(t, "100.000000000000000000", group.Resources[0].Price.Amount.String(), "the argument stays")
	require.Equal(t, "3.333333333333333333", market.Cap(group, ceiling("10")).Resources[0].Price.Amount.String())
	require.True(t, market.Cap(group, ceiling("0.000000000000000001")).Resources[0].Price.Amount.IsPositive())
}

// A capped group pays no more than the ceiling, loses no more than rounding, and is not capped further by a higher one.
func TestCap_properties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var group deploymentv1beta4.GroupSpec
		for range rapid.IntRange(1, 5).Draw(t, "units") {
			unit := asks(uint32(rapid.IntRange(1, 50).Draw(t, "count"))).Resources[0]
			unit.Price.Amount = decimals.Draw(t, "price")
			group.Resources = append(group.Resources, unit)
		}
		limit := ceiling("1")
		limit.Limit.Amount = decimals.Draw(t, "ceiling")
		before := market.Most([]deploymentv1beta4.GroupSpec{group}, market.Ceiling{}).Amount
		capped := market.Cap(group, limit)
		after := market.Most([]deploymentv1beta4.GroupSpec{capped}, market.Ceiling{}).Amount
		require.True(t, after.LTE(limit.Limit.Amount) || after.Equal(before))
		require.True(t, after.LTE(before))
		if before.GT(limit.Limit.Amount) {
			require.True(t, limit.Limit.Amount.Sub(after).LT(math.LegacyNewDecWithPrec(1, 14)), after)
		}
		for i := range group.Resources {
			require.True(t, capped.Resources[i].Price.Amount.LTE(group.Resources[i].Price.Amount))
		}
		require.Equal(t, capped, market.Cap(capped, limit))
	})
}
