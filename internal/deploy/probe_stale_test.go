// SPDX-License-Identifier: Apache-2.0

package deploy_test

import (
	"testing"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
)

func TestStalenessTellsOfAgeAndOfSellersThatAreGone(t *testing.T) {
	t.Parallel()
	h := newHouse(t, devnet.Tenant, devnet.Options{})
	run := h.start(nil)
	seller := h.net.AkashProviders()[2].Address()
	known := deploy.Offered{
		GPU: market.GPU{Vendor: "nvidia", Model: "a100"}, Sellers: []string{seller}, At: time.Now().Add(-6 * 24 * time.Hour),
		PerUnit: coin.PerBlock{Denom: coin.UACT, Amount: math.LegacyNewDec(2000)}, Height: 1,
	}
	note, err := run.Staleness(t.Context(), known)
	require.NoError(t, err)
	require.Empty(t, note)

	known.At = time.Now().Add(-9 * 24 * time.Hour)
	known.Sellers = append(known.Sellers, h.key.Address())
	note, err = run.Staleness(t.Context(), known)
	require.NoError(t, err)
	require.Contains(t, note, "9 days old.")
	require.Contains(t, note, "1 of the 2 Akash providers that offered a100 are no longer registered.")
}

func TestStalenessTellsOfNewerBids(t *testing.T) {
	t.Parallel()
	h := newHouse(t, devnet.Tenant, devnet.Options{})
	run := h.start(nil)
	request := probeOf(t, "a100")
	opened, err := run.Open(t.Context(), deploy.OpenRequest{
		Groups: request.Groups, Hash: request.Hash, Deposit: sdk.NewInt64Coin(coin.UACT, 500_000),
	})
	require.NoError(t, err)
	known := deploy.Offered{GPU: market.GPU{Vendor: "nvidia", Model: "a100"}, Height: 1}
	for _, test := range []struct { // in this order: the first waits for the bids, what the last says is looked at below
		asked int64
		told  bool
	}{{1000, true}, {2000, false}, {5000, true}} {
		known.PerUnit = coin.PerBlock{Denom: coin.UACT, Amount: math.LegacyNewDec(test.asked)}
		require.Eventually(t, func() bool {
			note, err := run.Staleness(t.Context(), known)
			require.NoError(t, err)
			return (note != "") == test.told
		}, 30*time.Second, 50*time.Millisecond, "%d", test.asked)
	}
	note, err := run.Staleness(t.Context(), known)
	require.NoError(t, err)
	require.NotEmpty(t, note)
	require.Contains(t, note, "1 newer bids on the network ask from 1.20")
	known.GPU.Model = "t4"
	note, err = run.Staleness(t.Context(), known)
	require.NoError(t, err)
	require.Empty(t, note, "of another GPU")
	require.NoError(t, run.CloseDeployment(t.Context(), opened.ID))
}
