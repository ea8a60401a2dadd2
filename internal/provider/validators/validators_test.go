// SPDX-License-Identifier: Apache-2.0

package validators_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/provider/validators"
)

func TestValidators(t *testing.T) {
	t.Parallel()
	const address = "akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c"
	for name, test := range map[string]struct {
		v         validator.String
		good, bad []string
	}{
		"decimal": {
			validators.PositiveDecimal(), []string{"1", "0.000000000000000001", "12.50"}, []string{
				"0", "-1", "1e3", "", "ten", "0.0",
			},
		},
		"address":  {validators.Address(), []string{address}, []string{"", "akash1", address + "x", "cosmos1erxf3"}},
		"duration": {validators.PositiveDuration(), []string{"1s", "1m30s"}, []string{"0s", "-1s", "60", "", "soon"}},
		"whole": {
			validators.PositiveWhole(), []string{"1", "5000000"}, []string{"", "0", "01", "-1", "1.0", "1e6", "1 000"},
		},
		"size":  {validators.Size(), []string{"512Mi", "1.5G", "1"}, []string{"", "0", "-1Gi", "512mb", "8Ei"}},
		"cpu":   {validators.CPU(), []string{"0.5", "500m", "64"}, []string{"", "0", "0m", "-1", "5000000", "half"}},
		"lease": {validators.LeaseID(), []string{address + "/7/1/1/" + address}, []string{"", address + "/7/1/1", "x"}},
		"dseq": {
			validators.DSeq(), []string{"1", "1763800000000123"}, []string{"", "0", "07", "-1", "18446744073709551616"},
		},
		"timestamp": {
			validators.Timestamp(),
			[]string{"2027-01-31T00:00:00Z", "2027-01-31T01:00:00+01:00"},
			[]string{"", "2027-01-31", "tomorrow", "2027-13-01T00:00:00Z"},
		},
		"message type": {
			validators.MessageType(),
			[]string{"/akash.market.v1beta5.MsgCreateLease", "/cosmos.authz.v1beta1.MsgExec"},
			[]string{"", "MsgCreateLease", "akash.market.v1beta5.MsgCreateLease", "/akash.market.v1beta5.createLease", "/MsgX"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check := func(value types.String) int {
				resp := &validator.StringResponse{}
				test.v.ValidateString(t.Context(), validator.StringRequest{Path: path.Root("x"), ConfigValue: value}, resp)
				for _, d := range resp.Diagnostics {
					require.Contains(t, d.Detail(), test.v.Description(t.Context()))
				}
				return resp.Diagnostics.ErrorsCount()
			}
			for _, value := range test.good {
				require.Zero(t, check(types.StringValue(value)), value)
			}
			for _, value := range test.bad {
				require.Equal(t, 1, check(types.StringValue(value)), value)
			}
			require.Zero(t, check(types.StringNull()))
			require.Zero(t, check(types.StringUnknown()))
		})
	}
}
