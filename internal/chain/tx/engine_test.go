// SPDX-License-Identifier: Apache-2.0

package tx_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cosmossdk.io/math"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/chain/tx"
)

var errLost = fmt.Errorf("dropped: %w", chain.ErrBroadcastUnknown)

// bubble runs a test under fake time: waits take none, and clocks agree.
func bubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, f)
}

func TestSubmit_unorderedByDefault(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		var told []tx.Prepared
		req := closeMsg(1)
		req.Memo = "hello"
		req.BeforeBroadcast = func(p tx.Prepared) error {
			require.Empty(t, f.broadcasts, "nothing was sent before")
			told = append(told, p)
			return nil
		}
		result, err := newEngine(t, f).Submit(t.Context(), req)
		require.NoError(t, err)
		require.Len(t, told, 1)
		require.Equal(t, told[0].Hash, result.Hash)
		require.True(t, told[0].Unordered)
		require.Equal(t, math.NewInt(313), result.FeeUAKT, "125000 gas × 0.0025, rounded up")
		require.EqualValues(t, 125_000, result.GasWanted)
		require.EqualValues(t, 101, result.Height)

		sent := f.broadcasts[0]
		require.True(t, sent.body.Unordered)
		require.Equal(t, "hello", sent.body.Memo)
		require.Zero(t, sent.auth.SignerInfos[0].Sequence)
		require.Equal(t, told[0].TimeoutAt, sent.body.TimeoutTimestamp.UTC())
		ahead := told[0].TimeoutAt.Sub(f.start)
		require.GreaterOrEqual(t, ahead, 75*time.Second)
		require.Less(t, ahead, 76*time.Second)
		require.True(t, f.simulated[0].auth.Fee.Amount.IsAllPositive(), "without a fee the simulation is short of gas")
	})
}

func TestSubmit_lostAnswer_landedOnce(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		// Every answer is lost, the first call was accepted.
		f.onBroadcast = func(n int, _ fakeTx) (error, bool) { return errLost, n == 1 }
		result, err := newEngine(t, f).Submit(t.Context(), closeMsg(1))
		require.NoError(t, err)
		require.NotZero(t, result.Height)
		for _, sent := range f.broadcasts {
			require.Equal(t, result.Hash, sent.hash, "only the same bytes were sent again")
		}
	})
}

func TestSubmit_lostAnswer_thenRefusalProvesNothing(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		f.onBroadcast = func(n int, sent fakeTx) (error, bool) {
			if n == 1 {
				return errLost, true
			}
			return chain.Reject("sdk", 18, "failed to add unordered nonce: sender x has already used timeout 1: invalid request",
				sent.hash, 0), false
		}
		result, err := newEngine(t, f).Submit(t.Context(), closeMsg(1))
		require.NoError(t, err)
		require.Equal(t, f.broadcasts[0].hash, result.Hash)
		require.Len(t, f.broadcasts, 2)
	})
}

func TestSubmit_lostForGood_isSignedAnewOnlyAfterTheTimeout(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		first := ""
		f.onBroadcast = func(_ int, sent fakeTx) (error, bool) {
			if first == "" {
				first = sent.hash
			}
			if sent.hash == first {
				return errLost, false
			}
			require.Greater(t, time.Since(f.start), 75*time.Second)
			return nil, false
		}
		var prepared []string
		req := closeMsg(1)
		req.BeforeBroadcast = func(p tx.Prepared) error { prepared = append(prepared, p.Hash); return nil }
		result, err := newEngine(t, f).Submit(t.Context(), req)
		require.NoError(t, err)
		require.NotEqual(t, first, result.Hash)
		require.Equal(t, []string{first, result.Hash}, prepared, "each hash is told before it is sent")
	})
}

func TestSubmit_neverLands(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		f.neverInclude = func(int, fakeTx) bool { return true }
		_, err := newEngine(t, f).Submit(t.Context(), closeMsg(1))
		require.ErrorIs(t, err, tx.ErrNeverLanded)
		require.Len(t, f.broadcasts, 2, "one automatic retry")
	})
}

func TestSubmit_expiredInsideABlock(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		f.deliver = func(n int, _ fakeTx) (string, uint32, string) {
			if n == 1 {
				return "sdk", 42, "block time: x, timeout timestamp: y: tx timeout"
			}
			return "", 0, ""
		}
		result, err := newEngine(t, f).Submit(t.Context(), closeMsg(1))
		require.NoError(t, err)
		require.Len(t, f.broadcasts, 2)
		require.Equal(t, f.broadcasts[1].hash, result.Hash)

		f.deliver = func(int, fakeTx) (string, uint32, string) { return "sdk", 42, "tx timeout" }
		result, err = newEngine(t, f).Submit(t.Context(), closeMsg(1))
		require.ErrorIs(t, err, chain.ErrTxExpired)
		require.True(t, result.FeeUAKT.IsZero(), "it did nothing and cost nothing")
	})
}

func TestSubmit_failsInABlock(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		f.deliver = func(int, fakeTx) (string, uint32, string) {
			return "deployment", 5, "failed to execute message; message index: 0: Deployment closed"
		}
		result, err := newEngine(t, f).Submit(t.Context(), closeMsg(1))
		require.ErrorIs(t, err, chain.ErrDeploymentClosed)
		var rejected *chain.RejectedError
		require.ErrorAs(t, err, &rejected)
		require.Equal(t, result.Height, rejected.Height)
		require.Equal(t, 0, rejected.MessageIndex)
		require.Equal(t, math.NewInt(313), result.FeeUAKT, "a failure in a block costs its fee")
		require.Len(t, f.broadcasts, 1)
	})
}

func TestSubmit_failsInSimulation(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		f.onSimulate = func(int, fakeTx) error {
			return chain.Reject("", 0, "failed to execute message; message index: 0: Deployment exists [x.go:1] with gas used: '1'", "", 0)
		}
		_, err := newEngine(t, f).Submit(t.Context(), closeMsg(1))
		require.ErrorIs(t, err, chain.ErrDeploymentExists)
		require.Empty(t, f.broadcasts)
	})
}

func TestSubmit_usedTimestamp(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		f.onBroadcast = func(n int, sent fakeTx) (error, bool) {
			if n == 1 { // another process had the same idea
				f.usedTimes[sent.body.TimeoutTimestamp.UnixNano()] = true
			}
			return nil, false
		}
		_, err := newEngine(t, f).Submit(t.Context(), closeMsg(1))
		require.NoError(t, err)
		require.Len(t, f.broadcasts, 2)
		require.NotEqual(t, f.broadcasts[0].body.TimeoutTimestamp, f.broadcasts[1].body.TimeoutTimestamp)
	})
}

func TestSubmit_unorderedUnsupported(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		f.noUnorder = true
		engine := newEngine(t, f)
		for i := range 2 {
			_, err := engine.Submit(t.Context(), closeMsg(1))
			require.NoError(t, err)
			require.EqualValues(t, 6+i, f.sequence)
		}
		require.Len(t, f.simulated, 3, "the refusal is remembered")
		require.Len(t, f.broadcasts, 2)
		for i, sent := range f.broadcasts {
			require.False(t, sent.body.Unordered)
			require.EqualValues(t, 5+i, sent.auth.SignerInfos[0].Sequence)
			require.NotNil(t, sent.body.TimeoutTimestamp, "ordered ones can be proved dead as well")
		}
	})
}

func TestSubmit_sequenceMismatch(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		engine := newEngine(t, f, func(c *tx.Config) { c.Ordered = true })
		_, err := engine.Submit(t.Context(), closeMsg(1))
		require.NoError(t, err)
		f.mu.Lock()
		f.sequence = 40 // another process wrote in between
		f.mu.Unlock()
		_, err = engine.Submit(t.Context(), closeMsg(1))
		require.NoError(t, err)
		require.EqualValues(t, 41, f.sequence)
		require.Len(t, f.broadcasts, 3)

		f.onBroadcast = func(_ int, sent fakeTx) (error, bool) {
			return chain.Reject("sdk", 32, "account sequence mismatch", sent.hash, 0), false
		}
		_, err = engine.Submit(t.Context(), closeMsg(1))
		require.ErrorIs(t, err, chain.ErrSequence)
	})
}

func TestSubmit_concurrentOrdered(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		engine := newEngine(t, f, func(c *tx.Config) { c.Ordered = true })
		var group sync.WaitGroup
		for i := range 20 {
			group.Go(func() {
				_, err := engine.Submit(t.Context(), closeMsg(uint64(i+1)))
				require.NoError(t, err)
			})
		}
		group.Wait()
		require.Len(t, f.broadcasts, 20, "no retry was needed")
		require.Equal(t, blockTime, time.Since(f.start).Truncate(blockTime), "all in one block")
	})
}

func TestSubmit_concurrentUnordered(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		engine := newEngine(t, f)
		var group sync.WaitGroup
		for i := range 100 {
			group.Go(func() {
				_, err := engine.Submit(t.Context(), closeMsg(uint64(i+1)))
				require.NoError(t, err)
			})
		}
		group.Wait()
		require.Len(t, f.broadcasts, 100)
		require.Len(t, f.usedTimes, 100)
	})
}

func TestSubmit_cancelAfterBroadcast_finishesKnowing(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		ctx, cancel := context.WithCancel(t.Context())
		f.onBroadcast = func(int, fakeTx) (error, bool) { cancel(); return nil, false }
		// The block comes after 6 s, the grace is 5: start a little into it.
		require.NoError(t, waitFor(t.Context(), 2*time.Second))
		result, err := newEngine(t, f).Submit(ctx, closeMsg(1))
		require.NoError(t, err, "it landed within the grace: that is what happened")
		require.NotZero(t, result.Height)
	})
}

func TestSubmit_cancelAfterBroadcast_unknown(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		f.neverInclude = func(int, fakeTx) bool { return true }
		ctx, cancel := context.WithCancel(t.Context())
		var told tx.Prepared
		req := closeMsg(1)
		req.BeforeBroadcast = func(p tx.Prepared) error { told = p; return nil }
		f.onBroadcast = func(int, fakeTx) (error, bool) { cancel(); return errLost, true }
		started := time.Now()
		_, err := newEngine(t, f).Submit(ctx, req)
		var unknown *tx.UnknownOutcomeError
		require.ErrorAs(t, err, &unknown)
		require.Equal(t, told, unknown.Prepared)
		require.ErrorIs(t, err, context.Canceled)
		require.NotErrorIs(t, err, chain.ErrNotFound)
		require.LessOrEqual(t, time.Since(started), 5*time.Second, "one grace for sending and confirming together")
	})
}

func TestSubmit_cancelBefore(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		ctx, cancel := context.WithCancel(t.Context())
		f.onSimulate = func(int, fakeTx) error { cancel(); return nil }
		_, err := newEngine(t, f).Submit(ctx, closeMsg(1))
		require.ErrorIs(t, err, context.Canceled)
		require.Empty(t, f.broadcasts)
	})
}

func TestSubmit_beforeBroadcastAborts(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		req := closeMsg(1)
		// An error that means something else when the chain says it.
		boom := fmt.Errorf("disk full: %w", chain.ErrTxExpired)
		req.BeforeBroadcast = func(tx.Prepared) error { return boom }
		_, err := newEngine(t, f).Submit(t.Context(), req)
		require.ErrorIs(t, err, boom)
		require.Empty(t, f.broadcasts)
		require.Len(t, f.simulated, 1)
	})
}

func TestSubmit_notSent(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		f.onBroadcast = func(int, fakeTx) (error, bool) { return fmt.Errorf("dial: %w", chain.ErrNotSent), false }
		_, err := newEngine(t, f).Submit(t.Context(), closeMsg(1))
		require.ErrorIs(t, err, chain.ErrNotSent)
		var unknown *tx.UnknownOutcomeError
		require.NotErrorAs(t, err, &unknown, "nothing left the machine")
		require.Less(t, time.Since(f.start), 10*time.Second)
	})
}

func TestSubmit_confirmSurvivesAnEndpointDying(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		f.onFind = func(n int) error {
			if n < 30 {
				return fmt.Errorf("gone: %w", chain.ErrUnreachable)
			}
			return nil
		}
		_, err := newEngine(t, f).Submit(t.Context(), closeMsg(1))
		require.NoError(t, err)
	})
}

func TestSubmit_noIndexMeansUnknown(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		f.onFind = func(int) error { return errors.New("transaction indexing is disabled") }
		_, err := newEngine(t, f).Submit(t.Context(), closeMsg(1))
		var unknown *tx.UnknownOutcomeError
		require.ErrorAs(t, err, &unknown)
		require.ErrorContains(t, err, "indexing is disabled")
		require.Len(t, f.broadcasts, 1)
	})
}

func TestSubmit_withoutMessages(t *testing.T) {
	bubble(t, func(t *testing.T) {
		_, err := newEngine(t, newFakeChain()).Submit(t.Context(), tx.Request{})
		require.ErrorContains(t, err, "without messages")
	})
}

func TestResolve(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		engine := newEngine(t, f)
		landed, err := engine.Submit(t.Context(), closeMsg(1))
		require.NoError(t, err)
		result, err := newEngine(t, f).Resolve(t.Context(), tx.Prepared{Hash: landed.Hash, TimeoutAt: f.start})
		require.NoError(t, err)
		require.Equal(t, landed, result)

		// Long dead: known at once and at the latest one block on.
		started := time.Now()
		_, err = engine.Resolve(t.Context(), tx.Prepared{Hash: "AB", TimeoutAt: f.start.Add(-time.Hour)})
		require.ErrorIs(t, err, tx.ErrNeverLanded)
		require.LessOrEqual(t, time.Since(started), 2*blockTime)

		// Still possible: unknown until the caller stops waiting.
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		_, err = engine.Resolve(ctx, tx.Prepared{Hash: "AB", TimeoutAt: time.Now().Add(time.Minute)})
		var unknown *tx.UnknownOutcomeError
		require.ErrorAs(t, err, &unknown)
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
}

func waitFor(ctx context.Context, d time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	<-ctx.Done()
	return nil
}
