// SPDX-License-Identifier: Apache-2.0

package devnet_test

import (
	"context"
	"runtime"
	"testing"
	"time"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// BenchmarkScale sets a large market beside the default one, at the default block time: how long a start takes until
// Akash providers bid, what the heap holds then, and how long the first and the third bid on an order take to be on
// chain. Run it with -benchtime 1x.
func BenchmarkScale(b *testing.B) {
	const deployments = 10_000
	for _, c := range []struct {
		name                        string
		akashProviders, deployments int
	}{
		{"3-akash-providers", 3, 0},
		{"500-akash-providers", 500, 0},
		{"500-akash-providers-10000-deployments", 500, deployments},
	} {
		b.Run(c.name, func(b *testing.B) {
			opts := devnet.Options{AkashProviders: akashprovider.DefaultSpecs(), Seed: 1}
			if c.akashProviders > len(opts.AkashProviders) {
				opts.AkashProviders = akashprovider.GenerateSpecs(c.akashProviders, opts.Seed)
			}
			opts.Deployments = leased(c.deployments, opts.AkashProviders)
			for b.Loop() {
				measure(b, opts)
			}
		})
	}
}

// leased are deployments with a lease each, spread over the Akash providers.
func leased(n int, over []akashprovider.Spec) []devnet.Deployment {
	out := make([]devnet.Deployment, n)
	for i := range out {
		out[i] = devnet.Deployment{
			DSeq: uint64(i) + 1, Hash: genesisHash, Groups: []deploymentv1beta4.GroupSpec{groupSpec("dcloud")},
			Leases: []devnet.Lease{{AkashProvider: over[i%len(over)].Name, Price: sdk.NewInt64DecCoin("uact", 1)}},
		}
	}
	return out
}

func measure(b *testing.B, opts devnet.Options) {
	b.Helper()
	began := time.Now()
	n, err := devnet.Start(b.Context(), opts)
	require.NoError(b, err)
	b.ReportMetric(time.Since(began).Seconds(), "start-s")
	b.StopTimer()
	defer b.StartTimer()
	defer func() { require.NoError(b, n.Stop()) }()
	var heap runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&heap)
	b.ReportMetric(float64(heap.HeapAlloc)/(1<<20), "heap-MiB")

	tenant, err := wallet.New(wallet.Config{
		Conn: n.Conn(), ChainID: n.ChainID(), Mnemonic: devnet.TestMnemonic, HDPath: "m/44'/118'/0'/0/2",
	})
	require.NoError(b, err)
	require.NoError(b, tenant.Broadcast(b.Context(), createDeployment(tenant.Address(), 1)))
	ordered, wanted := time.Now(), min(len(opts.AkashProviders), 3)
	seen := 0
	ctx, cancel := context.WithTimeout(b.Context(), time.Minute)
	defer cancel()
	for seen < wanted {
		require.NoError(b, n.WaitHeight(ctx, n.Height()+1))
		res, err := marketv1beta5.NewQueryClient(n.Conn()).Bids(ctx, &marketv1beta5.QueryBidsRequest{
			Filters: marketv1beta5.BidFilters{Owner: tenant.Address(), State: "open"},
		})
		require.NoError(b, err)
		if seen == 0 && len(res.Bids) > 0 {
			b.ReportMetric(time.Since(ordered).Seconds(), "first-bid-s")
		}
		seen = len(res.Bids)
	}
	b.ReportMetric(time.Since(ordered).Seconds(), "third-bid-s")
}
