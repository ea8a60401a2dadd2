// SPDX-License-Identifier: Apache-2.0

package functions_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/stretchr/testify/require"
)

func TestPrices(t *testing.T) {
	t.Parallel()
	const perBlock, perMonth = "usd_per_month_to_uact_per_block", "uact_per_block_to_usd_per_month"
	for _, test := range []struct{ function, argument, want, refusal string }{
		{perBlock, "438.30", "1000", ""},
		{perBlock, "12.50", "28.519279032626055213", ""}, // rounded down
		{perBlock, "0", "0", ""},
		{perMonth, "1000", "438.3", ""},
		{perMonth, "0.22248", "0.097512984", ""}, // not rounded to cents
		{perMonth, "28.519279032626055213", "12.5", ""},
		{perBlock, "-1", "", "usd_per_month: "},
		{perBlock, "ten", "", "usd_per_month: "},
		{perMonth, "1e3", "", "uact_per_block: "},
		{perMonth, "9999999999999", "", "uact_per_block is more than any price"},
	} {
		t.Run(test.function+" "+test.argument, func(t *testing.T) {
			t.Parallel()
			got, refused := call(t, test.function, text(test.argument))
			if test.refusal != "" {
				require.NotNil(t, refused)
				require.Contains(t, refused.Text, test.refusal)
				require.EqualValues(t, 0, *refused.FunctionArgument)
				return
			}
			require.Nil(t, refused)
			require.True(t, got.Equal(tftypes.NewValue(tftypes.String, test.want)), "%s, want %s", got, test.want)
		})
	}
}
