// SPDX-License-Identifier: Apache-2.0

package deploy_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
)

// TestEnsureLease_readsWhatThePolicyAsks reads regions from the chain, measures gateways, and ranks by the score.
func TestEnsureLease_readsWhatThePolicyAsks(t *testing.T) {
	t.Parallel()
	_, r, request := opened(t)
	request.MinBids = 3
	request.Policy = market.Policy{
		Strategy: market.Weighted, Weights: market.DefaultWeights(), Regions: []string{"eu-*"},
	}
	request.BidWindow /= 2
	lease, err := r.EnsureLease(t.Context(), request)
	require.NoError(t, err)
	require.Len(t, lease.Verdicts, 3)
	for _, v := range lease.Verdicts {
		record, err := r.Chain.FindProvider(t.Context(), v.Bid.ID.ProviderAddr)
		require.NoError(t, err)
		european := false
		for _, a := range record.Attributes {
			european = european || a.Key == "region" && a.Value == "eu-central"
		}
		require.Equal(t, european, v.Acceptable, v.Reason)
		if !european {
			require.Equal(t, "not in region eu-*", v.Reason)
			continue
		}
		// 4 for the price, half of 1 for a record of nothing, something for the time of the answer: of 8 in all.
		require.Equal(t, lease.ID.ProviderAddr, v.Bid.ID.ProviderAddr)
		require.Greater(t, v.ScoreText(), "0.563")
	}
}

// TestEnsureLease_spreads leases two groups at once, apart.
func TestEnsureLease_spreads(t *testing.T) {
	t.Parallel()
	h := newHouse(t, devnet.Tenant, devnet.Options{})
	r := h.start(nil)
	found := make(chan string, 2)
	for range 2 {
		request, doc := web(t, nil)
		d, err := r.Open(t.Context(), request)
		require.NoError(t, err)
		ask := leaseOf(d.ID, doc)
		ask.MinBids, ask.Policy = 3, market.Policy{Strategy: market.Spread}
		go func() {
			lease, err := r.EnsureLease(t.Context(), ask)
			if err != nil {
				t.Error(err)
			}
			found <- lease.ID.ProviderAddr
		}()
	}
	first := <-found
	require.NotEqual(t, first, <-found)
}
