// SPDX-License-Identifier: Apache-2.0

package market_test

import (
	"testing"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/market"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

func TestMost(t *testing.T) {
	t.Parallel()
	unit := func(denom, price string, count uint32) deploymentv1beta4.ResourceUnit {
		return deploymentv1beta4.ResourceUnit{
			Price: sdk.DecCoin{Denom: denom, Amount: math.LegacyMustNewDecFromStr(price)}, Count: count,
		}
	}
	group := func(units ...deploymentv1beta4.ResourceUnit) deploymentv1beta4.GroupSpec {
		return deploymentv1beta4.GroupSpec{Resources: units}
	}
	type groups []deploymentv1beta4.GroupSpec
	for name, test := range map[string]struct {
		groups  groups
		ceiling market.Ceiling
		want    string
	}{
		"nothing":           {want: "0uact"},
		"price times count": {groups: groups{group(unit("uact", "10.5", 3))}, want: "31.5uact"},
		"units of a group":  {groups: groups{group(unit("uact", "10", 1), unit("uact", "5", 2))}, want: "20uact"},
		"groups":            {groups: groups{group(unit("uact", "10", 1)), group(unit("uact", "7", 1))}, want: "17uact"},
		"ceiling of each": {
			groups:  groups{group(unit("uact", "100", 1)), group(unit("uact", "7", 1))},
			ceiling: ceiling("20"), want: "27uact",
		},
		"ceiling of no group": {groups: groups{group(unit("uact", "7", 1))}, ceiling: ceiling("20"), want: "7uact"},
		"another denom":       {groups: groups{group(unit("uakt", "7", 1))}, want: "0uact"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, test.want, market.Most(test.groups, test.ceiling).String())
		})
	}
}
