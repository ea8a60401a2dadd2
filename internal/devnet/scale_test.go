// SPDX-License-Identifier: Apache-2.0

//go:build unix

package devnet_test

import (
	"context"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// What a start of the largest market may take.
const startLimit, firstBlockLimit = 2 * time.Second, time.Second

// BenchmarkScale sets a large market beside the default one, at the default block time: how long a start takes until
// there is a block and until Akash providers bid, as seconds and as parts of what they may take; what that used of the
// processors, which tells more than the clock on a busy machine; what the process had of memory at most, and how many
// times the default devnet's that is; and how long the first and the third bid on an order take to be on chain. Run it
// with -benchtime 1x.
func BenchmarkScale(b *testing.B) {
	const deployments = 10_000
	var base *cost
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
				used := measure(b, opts)
				if base == nil {
					base = &used
				}
				b.ReportMetric(used.processor/base.processor, "cpu/default")
				b.ReportMetric(used.peak/base.peak, "peak/default")
			}
		})
	}
}

// cost is what a start used of the processors, in seconds, and the most memory, in MiB.
type cost struct{ processor, peak float64 }

func measure(b *testing.B, opts devnet.Options) (used cost) {
	b.Helper()
	debug.FreeOSMemory() // what other cases left
	peak := watchMemory()
	began, before := time.Now(), processorSeconds(b)
	n, err := devnet.Start(b.Context(), opts)
	took := time.Since(began)
	require.NoError(b, err)
	b.StopTimer()
	defer b.StartTimer()
	defer func() { require.NoError(b, n.Stop()) }()
	used = cost{processor: processorSeconds(b) - before, peak: peak()}
	b.ReportMetric(took.Seconds(), "start-s")
	b.ReportMetric(took.Seconds()/startLimit.Seconds(), "start/limit")
	b.ReportMetric(used.processor, "start-cpu-s")
	b.ReportMetric(n.FirstBlockAfter().Seconds(), "first-block-s")
	b.ReportMetric(n.FirstBlockAfter().Seconds()/firstBlockLimit.Seconds(), "first-block/limit")
	b.ReportMetric(used.peak, "peak-MiB")
	var heap runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&heap)
	b.ReportMetric(float64(heap.HeapAlloc)/(1<<20), "heap-MiB")
	bidOn(b, n, min(len(opts.AkashProviders), 3))
	return used
}

// bidOn creates a deployment and waits for bids.
func bidOn(b *testing.B, n *devnet.Network, wanted int) {
	b.Helper()
	tenant, err := wallet.New(wallet.Config{
		Conn: n.Conn(), ChainID: n.ChainID(), Mnemonic: devnet.TestMnemonic, HDPath: "m/44'/118'/0'/0/2",
	})
	require.NoError(b, err)
	require.NoError(b, tenant.Broadcast(b.Context(), createDeployment(tenant.Address(), 1)))
	ordered := time.Now()
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

// processorSeconds is what the process has used of all processors.
func processorSeconds(b *testing.B) float64 {
	b.Helper()
	var used syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return time.Duration(used.Utime.Nano() + used.Stime.Nano()).Seconds()
}

// watchMemory looks at what the process has of memory until it is asked for the most, in MiB.
func watchMemory() (most func() float64) {
	const total, released = "/memory/classes/total:bytes", "/memory/classes/heap/released:bytes"
	samples := []metrics.Sample{{Name: total}, {Name: released}}
	var peak uint64
	look := func() {
		metrics.Read(samples)
		peak = max(peak, samples[0].Value.Uint64()-samples[1].Value.Uint64())
	}
	stop := make(chan struct{})
	var watch sync.WaitGroup
	watch.Go(func() {
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				look()
			}
		}
	})
	return func() float64 {
		close(stop)
		watch.Wait()
		look()
		return float64(peak) / (1 << 20)
	}
}
