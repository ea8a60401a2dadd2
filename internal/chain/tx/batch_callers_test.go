// SPDX-License-Identifier: Apache-2.0

package tx_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/chain/tx"
)

func TestBatch_aHookThatFailsStopsItsOwnRequest(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		got := submitAll(t, newEngine(t, f), 5, func(dseq uint64, req *tx.Request) {
			req.BeforeBroadcast = func(tx.Prepared) error {
				if dseq == 2 {
					return fmt.Errorf("disk full")
				}
				return nil
			}
		})
		for dseq, o := range got {
			if dseq == 2 {
				require.ErrorContains(t, o.err, "disk full")
			} else {
				require.NoError(t, o.err)
			}
		}
		require.Len(t, f.broadcasts, 1)
		eachLandedOnce(t, f, upTo(5, 2)...)
	})
}

// What a request will pay is told before anything is sent, also after an attempt that cost something.
func TestBatch_aHookHearsWhatItsRequestPays(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		f.deliver = func(n int, _ fakeTx) (string, uint32, string) {
			if n == 1 {
				return "sdk", 11, "out of gas in location: WritePerByte; gasWanted: 1, gasUsed: 2: out of gas"
			}
			return "", 0, ""
		}
		var mu sync.Mutex
		told := map[uint64][]string{}
		got := submitAll(t, newEngine(t, f), 3, func(dseq uint64, req *tx.Request) {
			req.BeforeBroadcast = func(p tx.Prepared) error {
				mu.Lock()
				defer mu.Unlock()
				told[dseq] = append(told[dseq], p.FeeUAKT.String())
				return nil
			}
		})
		require.Len(t, f.broadcasts, 2)
		for dseq, o := range got {
			require.NoError(t, o.err)
			require.Len(t, told[dseq], 2)
			require.NotEqual(t, told[dseq][0], told[dseq][1])
			require.Equal(t, o.result.FeeUAKT.String(), told[dseq][1])
		}
	})
}

func TestBatch_aCallerThatGoesLeavesTheOthers(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		engine := newEngine(t, f)
		ctx, cancel := context.WithCancel(t.Context())
		f.onSimulate = func(int, fakeTx) error { cancel(); return nil }
		var group sync.WaitGroup
		group.Go(func() {
			_, err := engine.Submit(ctx, closeMsg(9))
			require.ErrorIs(t, err, context.Canceled)
		})
		got := submitAll(t, engine, 3)
		group.Wait()
		for _, o := range got {
			require.NoError(t, o.err)
		}
		eachLandedOnce(t, f, upTo(3)...)
	})
}

func TestBatch_aCallerThatGoesAfterTheBroadcastKnowsWhatHappened(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		engine := newEngine(t, f)
		ctx, cancel := context.WithCancel(t.Context())
		f.onBroadcast = func(int, fakeTx) (error, bool) { cancel(); return nil, false }
		f.neverInclude = func(_ int, sent fakeTx) bool { return sent.hash == f.broadcasts[0].hash }
		var unknown *tx.UnknownOutcomeError
		var group sync.WaitGroup
		group.Go(func() {
			_, err := engine.Submit(ctx, closeMsg(9))
			require.ErrorAs(t, err, &unknown)
			require.Less(t, time.Since(f.start), 6*time.Second)
		})
		got := submitAll(t, engine, 3)
		group.Wait()
		require.Equal(t, f.broadcasts[0].hash, unknown.Prepared.Hash)
		for _, o := range got {
			require.NoError(t, o.err, "the others waited until it could not land any more")
		}
		eachLandedOnce(t, f, upTo(3)...)
	})
}
