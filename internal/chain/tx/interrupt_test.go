// SPDX-License-Identifier: Apache-2.0

package tx_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/chain/tx"
)

func TestSubmit_cancelAfterBroadcast_finishesKnowing(t *testing.T) {
	t.Parallel()
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
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		f.neverInclude = func(int, fakeTx) bool { return true }
		ctx, cancel := context.WithCancel(t.Context())
		var told tx.Prepared
		req := closeMsg(1)
		req.BeforeBroadcast = func(p tx.Prepared) error { told = p; return nil }
		var cancelled time.Time
		f.onBroadcast = func(int, fakeTx) (error, bool) {
			if cancel(); cancelled.IsZero() {
				cancelled = time.Now()
			}
			return errLost, true
		}
		_, err := newEngine(t, f).Submit(ctx, req)
		var unknown *tx.UnknownOutcomeError
		require.ErrorAs(t, err, &unknown)
		told.FeeUAKT = unknown.Prepared.FeeUAKT // for the hook alone
		require.Equal(t, told, unknown.Prepared)
		require.ErrorIs(t, err, context.Canceled)
		require.NotErrorIs(t, err, chain.ErrNotFound)
		require.LessOrEqual(t, time.Since(cancelled), 5*time.Second, "one grace for sending and confirming together")
	})
}

func TestSubmit_cancelBefore(t *testing.T) {
	t.Parallel()
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
	t.Parallel()
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
	t.Parallel()
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
	t.Parallel()
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
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		f.onFind = func(int) error { return errors.New("transaction indexing is disabled") }
		_, err := newEngine(t, f).Submit(t.Context(), closeMsg(1))
		var unknown *tx.UnknownOutcomeError
		require.ErrorAs(t, err, &unknown)
		require.ErrorContains(t, err, "indexing is disabled")
		require.Len(t, f.signed(), 1)
	})
}

func TestSubmit_withoutMessages(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		_, err := newEngine(t, newFakeChain()).Submit(t.Context(), tx.Request{})
		require.ErrorContains(t, err, "without messages")
	})
}

func TestResolve(t *testing.T) {
	t.Parallel()
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

func TestSubmit_cancelDuringBroadcast_sendsOnWithinTheGrace(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		ctx, cancel := context.WithCancel(t.Context())
		f.onBroadcast = func(n int, _ fakeTx) (error, bool) {
			if n == 1 {
				cancel()
				return errLost, false
			}
			return nil, false
		}
		require.NoError(t, waitFor(t.Context(), 2*time.Second))
		result, err := newEngine(t, f).Submit(ctx, closeMsg(1))
		require.NoError(t, err)
		require.Len(t, f.broadcasts, 2)
		require.Equal(t, f.broadcasts[0].hash, result.Hash)
	})
}

func TestSubmit_cancelled_signsNothingAnew(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		ctx, cancel := context.WithCancel(t.Context())
		f.onBroadcast = func(int, fakeTx) (error, bool) { cancel(); return nil, false }
		f.deliver = func(int, fakeTx) (string, uint32, string) { return "sdk", 42, "tx timeout" }
		require.NoError(t, waitFor(t.Context(), 2*time.Second))
		_, err := newEngine(t, f).Submit(ctx, closeMsg(1))
		require.ErrorIs(t, err, chain.ErrTxExpired, "what became of it is known, and nothing new was begun")
		require.Len(t, f.simulated, 1)
	})
}

// A node indexes a block a little after it committed it: "not found" right behind
// the timeout is no proof yet.
func TestSubmit_lateIndexIsNoProof(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		f.onFind = func(int) error {
			if time.Since(f.start) < 82*time.Second { // the first block behind the timeout is that of 78 s
				return fmt.Errorf("query GetTx: %w", chain.ErrTxNotFound)
			}
			return nil
		}
		require.NoError(t, waitFor(t.Context(), time.Second)) // so that a look falls right behind that block
		_, err := newEngine(t, f).Submit(t.Context(), closeMsg(1))
		require.NoError(t, err)
		require.Len(t, f.signed(), 1, "it had landed: a second one would do the deed twice")
	})
}

// Once an answer was lost, nothing that later attempts say makes it certain that nothing was sent.
func TestSubmit_lostThenOtherAnswers(t *testing.T) {
	t.Parallel()
	notSent := fmt.Errorf("dial: %w", chain.ErrNotSent)
	for name, later := range map[string]error{
		"not sent": notSent, "full": chain.Reject("sdk", 20, "mempool is full", "", 0),
		"used": chain.Reject("sdk", 18, "failed to add unordered nonce: sender x has already used timeout 1", "", 0),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				f := newFakeChain()
				f.onBroadcast = func(n int, _ fakeTx) (error, bool) {
					switch n {
					case 1:
						return errLost, true
					case 2:
						return notSent, false
					}
					return later, false
				}
				_, err := newEngine(t, f).Submit(t.Context(), closeMsg(1))
				require.NoError(t, err)
				require.Len(t, f.signed(), 1)
				eachLandedOnce(t, f, 1)
			})
		})
	}
}

func TestSubmit_isNotSentAgainAfterItsTime(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		f.neverInclude = func(int, fakeTx) bool { return true }
		_, err := newEngine(t, f).Submit(t.Context(), closeMsg(1))
		require.ErrorIs(t, err, tx.ErrNeverLanded)
		for _, sent := range f.broadcasts {
			require.False(t, sent.at.After(sent.body.TimeoutTimestamp.Add(blockTime)), "no block can take it any more")
		}
	})
}
