// SPDX-License-Identifier: Apache-2.0

package ceiling_test

import (
	"testing"
	"time"

	"cosmossdk.io/math"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/ceiling"
)

func object(usd, uact attr.Value) types.Object {
	return types.ObjectValueMust(ceiling.AttrTypes, map[string]attr.Value{
		ceiling.USDPerMonth: usd, ceiling.USDPerHour: types.StringNull(), ceiling.UACTPerBlock: uact,
	})
}

func perHour(usd attr.Value) types.Object {
	return types.ObjectValueMust(ceiling.AttrTypes, map[string]attr.Value{
		ceiling.USDPerMonth: types.StringNull(), ceiling.USDPerHour: usd, ceiling.UACTPerBlock: types.StringNull(),
	})
}

func TestRead(t *testing.T) {
	t.Parallel()
	null, unknown := types.StringNull(), types.StringUnknown()
	for name, test := range map[string]struct {
		value     types.Object
		blockTime time.Duration
		limit     string // "" is none
		text      string
		known     bool
		refused   bool
	}{
		"null":           {value: types.ObjectNull(ceiling.AttrTypes), known: true},
		"unknown":        {value: types.ObjectUnknown(ceiling.AttrTypes)},
		"unknown inside": {value: object(unknown, null)},
		"unknown uact":   {value: object(null, unknown)},
		"neither":        {value: object(null, null), known: true},
		"uact": {
			value: object(null, types.StringValue("28.5")), known: true, limit: "28.5", text: "28.5 uact per block",
		},
		"usd": {
			value: object(types.StringValue("4.383"), null), known: true, limit: "10", text: "4.383 USD per month",
		},
		"usd, faster chain": {
			value: object(types.StringValue("4.383"), null), blockTime: 3 * time.Second,
			known: true, limit: "5", text: "4.383 USD per month",
		},
		"usd rounds down": {
			value: object(types.StringValue("1"), null), known: true, limit: "2.281542322610084417", text: "1 USD per month",
		},
		"usd an hour": {
			value: perHour(types.StringValue("0.06")), known: true, limit: "100", text: "0.06 USD per hour",
		},
		"usd an hour rounds down": {
			value: perHour(types.StringValue("0.000001")), known: true, limit: "0.001666666666666666",
			text: "0.000001 USD per hour",
		},
		"unknown usd an hour": {value: perHour(unknown)},
		"no number":           {value: object(types.StringValue("ten"), null), refused: true},
		"not uact":            {value: object(null, types.StringValue("1e3")), refused: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.blockTime == 0 {
				test.blockTime = coin.DefaultBlockTime
			}
			found, known, problems := ceiling.Read(t.Context(), test.value, test.blockTime, "here")
			require.Equal(t, test.refused, problems.HasError())
			require.Equal(t, test.known, known)
			require.Equal(t, test.limit == "", found.None())
			require.Equal(t, test.text, found.Text)
			if test.text != "" {
				require.Equal(t, test.text+" (here)", found.String())
			}
			if test.limit != "" {
				require.Equal(t, coin.UACT, found.Limit.Denom)
				require.Equal(t, test.limit, coin.Trim(found.Limit.Amount))
			}
		})
	}
}

func TestTightest(t *testing.T) {
	t.Parallel()
	of := func(amount string) market.Ceiling {
		return market.Ceiling{
			Limit: coin.PerBlock{Denom: coin.UACT, Amount: math.LegacyMustNewDecFromStr(amount)}, Text: amount,
		}
	}
	none, low, high := market.Ceiling{}, of("1"), of("1.000000000000000001")
	require.Equal(t, low, ceiling.Tightest(low, high))
	require.Equal(t, low, ceiling.Tightest(high, low))
	require.Equal(t, low, ceiling.Tightest(none, low))
	require.Equal(t, low, ceiling.Tightest(low, none))
	require.True(t, ceiling.Tightest(none, none).None())
}
