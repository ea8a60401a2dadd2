// SPDX-License-Identifier: Apache-2.0

package bidding_test

import (
	"errors"
	"testing"

	sdkmath "cosmossdk.io/math"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/bidding"
)

// A script has the last word on the sum; factor and the order's limit still count.
func TestPricing_script(t *testing.T) {
	t.Parallel()
	dec := sdkmath.LegacyMustNewDecFromStr
	pricing := bidding.Pricing{
		Denom: "uact", PerMilliCPU: dec("0.01"), PerMiBStorage: map[string]sdkmath.LegacyDec{"ephemeral": dec("0")},
	}
	for _, c := range []struct {
		name   string
		edit   func(*bidding.Pricing)
		script bidding.Script
		want   string // price, or the reason
	}{
		{"a quarter off", nil, func(q bidding.Question) (sdkmath.LegacyDec, error) {
			return q.Formula.Mul(dec("0.75")), nil
		}, "7.500000000000000000uact"},
		{
			"and the factor", func(p *bidding.Pricing) { p.Factor = dec("2") },
			func(q bidding.Question) (sdkmath.LegacyDec, error) { return q.Limit.QuoInt64(1000), nil },
			"4.000000000000000000uact",
		},
		{
			"where the formula has none", func(p *bidding.Pricing) { p.PerMiBStorage = nil },
			func(q bidding.Question) (sdkmath.LegacyDec, error) {
				require.ErrorContains(t, q.Why, "no price for storage class")
				require.True(t, q.Formula.IsZero())
				return dec("3"), nil
			}, "3.000000000000000000uact",
		},
		{"no bid", nil, func(bidding.Question) (sdkmath.LegacyDec, error) {
			return sdkmath.LegacyDec{}, errors.New("not today")
		}, "pricing calculation failed: not today"},
		{
			"nothing said", nil, func(bidding.Question) (sdkmath.LegacyDec, error) { return sdkmath.LegacyDec{}, nil },
			"pricing calculation failed: the script named no price",
		},
		{
			"negative", nil, func(bidding.Question) (sdkmath.LegacyDec, error) { return dec("-1"), nil },
			"pricing calculation failed: the script named no price",
		},
		{
			"too much", nil, func(bidding.Question) (sdkmath.LegacyDec, error) { return dec("2001"), nil },
			"price too high: calculated 2001.000000000000000000uact, max-price 2000.000000000000000000uact",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var asked bidding.Question
			p := pricing
			if c.edit != nil {
				c.edit(&p)
			}
			p.Script = func(q bidding.Question) (sdkmath.LegacyDec, error) {
				asked = q
				return c.script(q)
			}
			machine := bidding.Node{CPUMilli: 4000, MemoryBytes: 8 * gib, EphemeralStorageBytes: 100 * gib}
			cluster := bidding.Cluster{Nodes: []bidding.Node{machine}}
			reserved, err := bidding.NewInventory(cluster).Reserve(order(1), group(unit(2)))
			require.NoError(t, err)
			got, err := p.Price(group(unit(2)), reserved.Offer)
			if err != nil {
				require.Equal(t, c.want, err.Error())
				require.ErrorAs(t, err, new(bidding.Reason))
			} else {
				require.Equal(t, c.want, got.String())
			}
			require.Equal(t, "uact", asked.Denom)
			require.Len(t, asked.Offer, 1)
			require.Equal(t, "dcloud", asked.Spec.Name)
		})
	}
}
