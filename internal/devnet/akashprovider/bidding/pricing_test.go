// SPDX-License-Identifier: Apache-2.0

package bidding_test

import (
	"testing"

	sdkmath "cosmossdk.io/math"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/bidding"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

func TestPricing_price(t *testing.T) {
	t.Parallel()
	dec := sdkmath.LegacyMustNewDecFromStr
	pricing := bidding.Pricing{
		Denom:       "uact",
		PerMilliCPU: dec("0.01"), PerMiBMemory: dec("0.002"), PerEndpoint: dec("0.5"), PerLeasedIP: dec("7"),
		PerMiBStorage: map[string]sdkmath.LegacyDec{"ephemeral": dec("0.0001"), "beta2": dec("0.001")},
		GPUUSDPerHour: map[string]sdkmath.LegacyDec{"a100": dec("0.3"), "t4": dec("0.1")},
	}
	doubled := pricing
	doubled.Factor = dec("2")
	free := bidding.Pricing{Denom: "uact", PerMiBStorage: map[string]sdkmath.LegacyDec{"ephemeral": dec("0")}}
	dear := func(u *deploymentv1beta4.ResourceUnit) { u.Price.Amount = dec("10000") }
	// One unit: 500 m = 5, 512 MiB memory = 1.024, 512 MiB ephemeral = 0.0512, one endpoint = 0.5.
	for _, c := range []struct {
		name    string
		pricing bidding.Pricing
		spec    deploymentv1beta4.GroupSpec
		want    string // price, or the reason
	}{
		{"one", pricing, group(unit(1)), "6.575200000000000000uact"},
		{"endpoints are not multiplied by replicas", pricing, group(unit(3)), "18.725600000000000000uact"},
		{"two units", pricing, group(unit(1), unit(1)), "13.150400000000000000uact"},
		{
			"persistent", pricing, group(unit(1, withVolume(gib, "class", "beta2", "persistent", "true"))),
			"7.599200000000000000uact",
		},
		{"part of a MiB", pricing, group(unit(1, withVolume(mib/2))), "6.575250000000000000uact"},
		{"one address used twice", pricing, group(unit(1, withIP(1), withIP(1))), "14.575200000000000000uact"},
		{
			"gpu: 0.3 USD an hour is 500 uact a block", pricing, group(unit(2, withGPU(1, "vendor/nvidia/model/a100"), dear)),
			"1012.650400000000000000uact",
		},
		{"factor", doubled, group(unit(1)), "13.150400000000000000uact"},
		{
			"class without a price", pricing, group(unit(1, withVolume(gib, "class", "beta3", "persistent", "true"))),
			`pricing calculation failed: no price for storage class "beta3"`,
		},
		{
			"model without a price", pricing, group(unit(1, withGPU(1, "vendor/nvidia/model/h100"))),
			`pricing calculation failed: no price for GPU model "h100"`,
		},
		{"nothing to pay", free, group(unit(1)), "pricing calculation failed: zero price"},
		{"above the order's price", pricing, group(unit(1, func(u *deploymentv1beta4.ResourceUnit) {
			u.Price.Amount = dec("6.5751")
		})), "price too high: calculated 6.575200000000000000uact, max-price 6.575100000000000000uact"},
		{"exactly the order's price", pricing, group(unit(1, func(u *deploymentv1beta4.ResourceUnit) {
			u.Price.Amount = dec("6.5752")
		})), "6.575200000000000000uact"},
		{"another denom", pricing, group(unit(1, func(u *deploymentv1beta4.ResourceUnit) {
			u.Price.Denom = "uakt"
		})), `unsupported denomination "uakt"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			big := bidding.Cluster{
				Nodes: []bidding.Node{{
					CPUMilli: 1e6, MemoryBytes: 1 << 50, EphemeralStorageBytes: 1 << 50,
					StorageClasses: []string{"beta2", "beta3"}, GPUs: []bidding.GPU{
						{Vendor: "nvidia", Model: "a100", Units: 8}, {Vendor: "nvidia", Model: "h100", Units: 8},
					},
				}},
				Pools:     []bidding.StoragePool{{Class: "beta2", Bytes: 1 << 50}, {Class: "beta3", Bytes: 1 << 50}},
				LeasedIPs: 9,
			}
			res, err := bidding.NewInventory(big).Reserve(order(1), c.spec)
			require.NoError(t, err)
			price, err := c.pricing.Price(c.spec, res.Offer)
			if err != nil {
				require.EqualError(t, err, c.want)
				return
			}
			require.Equal(t, c.want, price.String())
		})
	}
}
