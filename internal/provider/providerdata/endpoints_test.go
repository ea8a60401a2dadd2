// SPDX-License-Identifier: Apache-2.0

package providerdata_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
)

// TestPlanEndpoint tells which endpoints of one run may get in each other's way.
func TestPlanEndpoint(t *testing.T) {
	t.Parallel()
	type endpoint = providerdata.Endpoint
	shop := endpoint{Name: "shop"}
	for name, test := range map[string]struct {
		first, second endpoint
		keys          [2]string
		meets         bool
	}{
		"one name":            {first: shop, second: shop, meets: true},
		"two names":           {first: shop, second: endpoint{Name: "blog"}},
		"a replacement twice": {first: shop, second: shop, keys: [2]string{"owner/7", "owner/7"}},
		"two replacements":    {first: shop, second: shop, keys: [2]string{"owner/7", "owner/8"}, meets: true},
		"some allowed": {
			first: shop, second: endpoint{Name: "shop", Allow: []string{"a"}}, meets: true,
		},
		"some allowed and denied to the other": {
			first: endpoint{Name: "shop", Deny: []string{"a"}}, second: endpoint{Name: "shop", Allow: []string{"a"}},
		},
		"some of those denied": {
			first: endpoint{Name: "shop", Deny: []string{"a"}}, second: endpoint{Name: "shop", Allow: []string{"a", "b"}},
			meets: true,
		},
		"nobody in common": {
			first: endpoint{Name: "shop", Allow: []string{"a"}}, second: endpoint{Name: "shop", Allow: []string{"b", "c"}},
		},
		"one in common": {
			first: endpoint{Name: "shop", Allow: []string{"a", "b"}}, second: endpoint{Name: "shop", Allow: []string{"b"}},
			meets: true,
		},
		"the one in common denied": {
			first:  endpoint{Name: "shop", Allow: []string{"a", "b"}, Deny: []string{"b"}},
			second: endpoint{Name: "shop", Allow: []string{"b"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, order := range [][2]endpoint{{test.first, test.second}, {test.second, test.first}} {
				d := providerdata.New(nil)
				require.False(t, d.PlanEndpoint(test.keys[0], order[0]))
				require.Equal(t, test.meets, d.PlanEndpoint(test.keys[1], order[1]))
			}
		})
	}
	d := providerdata.New(nil)
	require.False(t, d.PlanEndpoint("", shop))
	d.Applying()
	require.False(t, d.PlanEndpoint("", shop), "what is planned again while it is applied was agreed to")
}
