// SPDX-License-Identifier: Apache-2.0

package akashprovider_test

import (
	"testing"

	sdkmath "cosmossdk.io/math"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/bidding"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
)

func TestGenerateSpecs_sameForASeed(t *testing.T) {
	t.Parallel()
	all := akashprovider.GenerateSpecs(500, 7)
	require.Equal(t, all, akashprovider.GenerateSpecs(500, 7))
	require.Equal(t, all[:20], akashprovider.GenerateSpecs(20, 7), "a longer list begins with the shorter one")
	require.NotEqual(t, all[:20], akashprovider.GenerateSpecs(20, 8))
	require.Empty(t, akashprovider.GenerateSpecs(0, 7))
	names := map[string]bool{}
	for _, s := range append(all, akashprovider.DefaultSpecs()...) {
		require.False(t, names[s.Name], s.Name)
		names[s.Name] = true
	}
}

// A generated market has something of everything, and not everybody has everything.
func TestGenerateSpecs_varied(t *testing.T) {
	t.Parallel()
	specs := akashprovider.GenerateSpecs(500, 1)
	count := map[string]int{}
	regions, prices, models := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, s := range specs {
		gpus := false
		for _, n := range s.Inventory {
			for _, g := range n.GPUs {
				gpus, models[g.Model] = true, true
				require.True(t, s.Pricing.GPUUSDPerHour[g.Model].IsPositive(), "%s: %s", s.Name, g.Model)
				for _, key := range g.Keys() {
					require.Equal(t, "true", s.Attributes[key], s.Name)
				}
			}
		}
		for name, has := range map[string]bool{
			"gpus": gpus, "audited": len(s.AuditedBy) > 0, "persistent": len(s.PersistentStorage) > 0,
			"ips": s.LeasedIPs > 0, "reclaiming": s.ReclamationWindow > 0, "late": s.BidDelayBlocks > 0,
			"jitter": s.BidJitterBlocks > 0,
		} {
			if has {
				count[name]++
			}
		}
		regions[s.Attributes["region"]] = true

		inventory := bidding.NewInventory(bidding.Cluster{Nodes: s.Inventory, Pools: s.PersistentStorage})
		held, err := inventory.Reserve(marketv1.OrderID{DSeq: 1}, webGroup())
		require.NoError(t, err, s.Name)
		price, err := s.Pricing.Price(webGroup(), held.Offer)
		require.NoError(t, err, s.Name)
		prices[price.String()] = true
		require.True(t, price.Amount.LT(sdkmath.LegacyNewDec(10)), "%s: %s", s.Name, price)
	}
	for _, name := range []string{"gpus", "audited", "persistent", "ips", "reclaiming", "late", "jitter"} {
		require.Greater(t, count[name], 50, name)
		require.Less(t, count[name], 450, name)
	}
	require.Greater(t, len(regions), 5)
	require.Greater(t, len(models), 6)
	require.Greater(t, len(prices), 400)
}
