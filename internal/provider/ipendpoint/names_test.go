// SPDX-License-Identifier: Apache-2.0

package ipendpoint_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
)

type values = map[string]any

const (
	someOwner = "akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c"
	oneSeller = "akash1htamarexaxhgdsp0xu6sppeyx7avtvqrqjhvdj"
)

// TestPlanNames refuses a second endpoint of one name in one run, where nothing keeps the two apart.
func TestPlanNames(t *testing.T) {
	t.Parallel()
	shop := values{"name": "shop"}
	for name, test := range map[string]struct {
		second  values
		refused bool
	}{
		"the same":       {second: shop, refused: true},
		"another":        {second: values{"name": "blog"}},
		"derived":        {second: values{}},
		"not known yet":  {second: values{"name": acctest.Unknown{}}},
		"a wider policy": {second: values{"name": "shop", "bid_policy": values{"window": "90s"}}, refused: true},
		"distinct from what is to come": {
			second: values{"name": "shop", "bid_policy": values{"distinct_from": []any{acctest.Unknown{}}}},
		},
		"distinct from somebody": {
			second: values{"name": "shop", "bid_policy": values{"distinct_from": []any{oneSeller}}}, refused: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := acctest.NewOffline(t, someOwner, nil)
			require.Empty(t, o.Plan(t, "akash_ip_endpoint", nil, shop).Errors)
			planned := o.Plan(t, "akash_ip_endpoint", nil, test.second)
			if !test.refused {
				require.Empty(t, planned.Errors)
				return
			}
			require.Len(t, planned.Errors, 1)
			require.Contains(t, planned.Errors[0], `Two IP endpoints named "shop"`)
			require.Contains(t, planned.Errors[0], "distinct_from = [akash_ip_endpoint.FIRST.provider_address]")
		})
	}
}
