// SPDX-License-Identifier: Apache-2.0

package deploy_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cosmossdk.io/math"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/chain/tx"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
)

// counted counts what an engine asks of the chain.
type counted struct {
	*chain.Client
	simulations, broadcasts atomic.Int64
}

func (c *counted) Simulate(ctx context.Context, raw []byte) (uint64, error) {
	c.simulations.Add(1)
	return c.Client.Simulate(ctx, raw)
}

func (c *counted) Broadcast(ctx context.Context, raw []byte) (chain.BroadcastResult, error) {
	c.broadcasts.Add(1)
	return c.Client.Broadcast(ctx, raw)
}

// crowd is a house whose engine is counted.
func crowd(tb testing.TB, options devnet.Options, change func(*tx.Config)) (run, *counted, *house) {
	tb.Helper()
	h := newHouse(tb, devnet.Tenant, options)
	c := &counted{Client: h.chain}
	config := tx.Config{Chain: c, Key: h.key, BlockTime: h.net.BlockTime()}
	change(&config)
	engine, err := tx.New(config)
	require.NoError(tb, err)
	return h.start(engine), c, h
}

// noSellers keeps Akash providers from bidding.
var noSellers = []akashprovider.Spec{}

// openAll opens n deployments, so many at once.
func openAll(tb testing.TB, r run, n, atOnce int) {
	tb.Helper()
	turns := make(chan struct{}, atOnce)
	var all sync.WaitGroup
	for i := range n {
		turns <- struct{}{}
		all.Go(func() {
			defer func() { <-turns }()
			request, _ := web(tb, map[string]string{"NUMBER": fmt.Sprint(i)})
			opened, err := r.Open(tb.Context(), request)
			if err != nil {
				tb.Errorf("deployment %d: %v", i, err)
				return
			}
			opened.HandedOver()
		})
	}
	all.Wait()
}

// blocksUsed counts the blocks in which the account's deployments were created.
func (h *house) blocksUsed(tb testing.TB) int {
	tb.Helper()
	heights := map[int64]bool{}
	for _, id := range h.active(tb) {
		found, err := h.chain.FindDeployment(tb.Context(), id)
		require.NoError(tb, err)
		heights[found.Deployment.CreatedAt] = true
	}
	return len(heights)
}

// uakt is what the account has for fees.
func (h *house) uakt(tb testing.TB) math.Int {
	tb.Helper()
	balances, err := h.chain.SpendableBalances(tb.Context(), h.key.Address())
	require.NoError(tb, err)
	return balances.AmountOf(coin.UAKT)
}

func TestOpen_aCrowdSharesTransactions(t *testing.T) {
	t.Parallel()
	r, c, h := crowd(t, devnet.Options{BlockTime: time.Second, AkashProviders: noSellers}, func(*tx.Config) {})
	const n = 40
	openAll(t, r, n, n)
	require.Len(t, h.active(t), n)
	require.LessOrEqual(t, c.broadcasts.Load(), int64(n/4), "most of them travelled together")
	require.NoError(t, r.journal.Close())
}

// Two processes with one key do not know of each other.
func TestOpen_twoProcessesOnOneAccount(t *testing.T) {
	t.Parallel()
	h := newHouse(t, devnet.Tenant, devnet.Options{AkashProviders: noSellers})
	const n = 15
	var processes sync.WaitGroup
	for range 2 {
		engine, err := tx.New(tx.Config{Chain: h.chain, Key: h.key, BlockTime: h.net.BlockTime()})
		require.NoError(t, err)
		r := h.start(engine)
		processes.Go(func() { openAll(t, r, n, n) })
	}
	processes.Wait()
	require.Len(t, h.active(t), 2*n)
}

// BenchmarkOpen measures n creations by one account at blocks of a second: ours, all at once and ten at a time as
// Terraform does by default; one after another as tools without a queue do; and alone/op, a transaction for each. The
// limit is one block.
func BenchmarkOpen(b *testing.B) {
	for _, n := range []int{1, 10, 100} {
		for _, way := range []struct {
			name   string
			atOnce int
			window time.Duration
		}{{"together", n, 0}, {"ten-at-a-time", 10, 0}, {"alone", n, -1}, {"one-after-another", 1, -1}} {
			b.Run(fmt.Sprintf("n=%d/%s", n, way.name), func(b *testing.B) {
				for range b.N {
					b.StopTimer()
					r, c, h := crowd(b, devnet.Options{BlockTime: time.Second, AkashProviders: noSellers},
						func(config *tx.Config) { config.BatchWindow = way.window })
					before := h.uakt(b)
					begin := h.net.Height()
					b.StartTimer()
					began := time.Now()
					openAll(b, r, n, way.atOnce)
					took := time.Since(began)
					b.StopTimer()
					require.Len(b, h.active(b), n)
					b.ReportMetric(took.Seconds()/h.net.BlockTime().Seconds(), "block-times")
					b.ReportMetric(float64(h.blocksUsed(b)), "blocks-used")
					b.ReportMetric(float64(h.net.Height()-begin), "blocks")
					b.ReportMetric(float64(c.broadcasts.Load()), "transactions")
					b.ReportMetric(float64(c.simulations.Load()), "simulations")
					b.ReportMetric(float64(before.Sub(h.uakt(b)).Int64()), "uakt-fees")
					b.StartTimer()
				}
			})
		}
	}
}
