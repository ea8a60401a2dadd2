// SPDX-License-Identifier: Apache-2.0

package tx_test

import (
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
	synctest.Test(t, f)
}

func TestSubmit_unorderedByDefault(t *testing.T) {
	t.Parallel()
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
	t.Parallel()
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
	t.Parallel()
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
	t.Parallel()
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

// The node that accepted it has lost it, or never told another.
func TestSubmit_forgottenByTheNode_isSentAgain(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		f.neverInclude = func(n int, _ fakeTx) bool { return n == 1 }
		result, err := newEngine(t, f).Submit(t.Context(), closeMsg(1))
		require.NoError(t, err)
		require.Len(t, f.broadcasts, 2)
		require.Len(t, f.signed(), 1, "the same bytes")
		require.LessOrEqual(t, result.Height, int64(105), "it does not wait for the timeout")
	})
}

func TestSubmit_neverLands(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		f.neverInclude = func(int, fakeTx) bool { return true }
		_, err := newEngine(t, f).Submit(t.Context(), closeMsg(1))
		require.ErrorIs(t, err, tx.ErrNeverLanded)
		require.Len(t, f.signed(), 2, "one automatic retry")
	})
}

func TestSubmit_expiredInsideABlock(t *testing.T) {
	t.Parallel()
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
	t.Parallel()
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

// Seen on a devnet: a deployment closed in the block after its creation used 1.27 times the simulated gas.
func TestSubmit_outOfGasInABlock_paysForMoreOnce(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		short := func(n int) func(int, fakeTx) (string, uint32, string) {
			return func(i int, _ fakeTx) (string, uint32, string) {
				if i <= n {
					return "sdk", 11, "out of gas in location: WritePerByte; gasWanted: 1, gasUsed: 2: out of gas"
				}
				return "", 0, ""
			}
		}
		f.deliver = short(1)
		_, err := newEngine(t, f).Submit(t.Context(), closeMsg(1))
		require.NoError(t, err)
		require.Len(t, f.broadcasts, 2)
		first, second := f.broadcasts[0].auth.Fee.GasLimit, f.broadcasts[1].auth.Fee.GasLimit
		require.Equal(t, first*3/2, second)

		f = newFakeChain()
		f.deliver = short(9)
		_, err = newEngine(t, f).Submit(t.Context(), closeMsg(1))
		require.ErrorIs(t, err, chain.ErrOutOfGas)
		require.Len(t, f.broadcasts, 2, "not a third time: each costs a fee")
	})
}

func TestSubmit_failsInSimulation(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		f.onSimulate = func(int, fakeTx) error {
			return chain.Reject("", 0, "failed to execute message; message index: 0: Deployment exists "+
				"[x.go:1] with gas used: '1'", "", 0)
		}
		_, err := newEngine(t, f).Submit(t.Context(), closeMsg(1))
		require.ErrorIs(t, err, chain.ErrDeploymentExists)
		require.Empty(t, f.broadcasts)
	})
}

// Seen on a devnet under load: a deployment was there for a query, its escrow account not yet for a simulation.
func TestSubmit_simulationMissesWhatAQueryHasShown(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		missing := chain.Reject("", 0, "failed to execute message; message index: 0: account not found "+
			"[x.go:1] with gas used: '1'", "", 0)
		f := newFakeChain()
		f.onSimulate = func(n int, _ fakeTx) error {
			if n == 1 {
				return missing
			}
			return nil
		}
		_, err := newEngine(t, f).Submit(t.Context(), closeMsg(1))
		require.NoError(t, err)
		require.Len(t, f.simulated, 2)

		f = newFakeChain()
		f.onSimulate = func(int, fakeTx) error { return missing }
		_, err = newEngine(t, f).Submit(t.Context(), closeMsg(1))
		require.ErrorIs(t, err, chain.ErrNotFound, "twice is believed")
		require.Empty(t, f.broadcasts)
	})
}

func TestSubmit_usedTimestamp(t *testing.T) {
	t.Parallel()
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
	t.Parallel()
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
	t.Parallel()
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

func TestSubmit_alone_sequencesArePipelined(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		engine := newEngine(t, f, func(c *tx.Config) { c.Ordered, c.BatchWindow = true, -1 })
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

func TestSubmit_alone_unorderedTimestampsDiffer(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		engine := newEngine(t, f, func(c *tx.Config) { c.BatchWindow = -1 })
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
