// SPDX-License-Identifier: Apache-2.0

package tx_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"cosmossdk.io/math"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/chain/tx"
)

// outcome is what one caller got.
type outcome struct {
	result tx.Result
	err    error
	after  time.Duration
}

// submitAll sends a closure for each dseq from 1 to n at once and gives the outcomes by dseq.
func submitAll(
	t *testing.T, engine *tx.Engine, n int, change ...func(dseq uint64, req *tx.Request),
) map[uint64]outcome {
	t.Helper()
	var mu sync.Mutex
	outcomes := make(map[uint64]outcome)
	var group sync.WaitGroup
	started := time.Now()
	for i := range n {
		group.Go(func() {
			dseq := uint64(i + 1)
			req := closeMsg(dseq)
			for _, c := range change {
				c(dseq, &req)
			}
			result, err := engine.Submit(t.Context(), req)
			mu.Lock()
			defer mu.Unlock()
			outcomes[dseq] = outcome{result, err, time.Since(started)}
		})
	}
	group.Wait()
	return outcomes
}

// indexOf is where the message about dseq stands, -1 when it does not.
func indexOf(t fakeTx, dseq uint64) int { return slices.Index(t.dseqs(), dseq) }

// refuses answers as a simulation does when a message about one of the dseqs would fail.
func refuses(sent fakeTx, text string, dseqs ...uint64) error {
	for i, dseq := range sent.dseqs() {
		if slices.Contains(dseqs, dseq) {
			return chain.Reject("", 0, fmt.Sprintf(
				"failed to execute message; message index: %d: %s [x.go:1] with gas used: '1'", i, text), "", 0)
		}
	}
	return nil
}

// eachLandedOnce checks what every transaction that was taken did: each dseq in exactly one.
func eachLandedOnce(t *testing.T, f *fakeChain, dseqs ...uint64) {
	t.Helper()
	times := make(map[uint64]int)
	seen := make(map[string]bool)
	for _, sent := range f.broadcasts {
		if r, ok := f.blocks[sent.hash]; ok && r.Code == 0 && !seen[sent.hash] {
			seen[sent.hash] = true
			for _, dseq := range sent.dseqs() {
				times[dseq]++
			}
		}
	}
	for _, dseq := range dseqs {
		require.Equal(t, 1, times[dseq], "dseq %d", dseq)
		delete(times, dseq)
	}
	require.Empty(t, times, "landed although it should not have")
}

func upTo(n uint64, without ...uint64) []uint64 {
	var all []uint64
	for dseq := uint64(1); dseq <= n; dseq++ {
		if !slices.Contains(without, dseq) {
			all = append(all, dseq)
		}
	}
	return all
}

func TestBatch_sharesOneTransaction(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		var mu sync.Mutex
		told := make(map[uint64]tx.Prepared)
		got := submitAll(t, newEngine(t, f), 3, func(dseq uint64, req *tx.Request) {
			if dseq == 2 {
				req.Msgs = append(req.Msgs, closeMsg(20).Msgs...)
			}
			req.BeforeBroadcast = func(p tx.Prepared) error {
				mu.Lock()
				defer mu.Unlock()
				told[dseq] = p
				return nil
			}
		})
		require.Len(t, f.broadcasts, 1)
		require.Len(t, f.simulated, 1)
		fee := math.ZeroInt()
		for dseq, o := range got {
			require.NoError(t, o.err)
			require.Equal(t, f.broadcasts[0].hash, o.result.Hash)
			require.Equal(t, o.result.Hash, told[dseq].Hash)
			fee = fee.Add(o.result.FeeUAKT)
			var own []chain.Event
			for _, event := range o.result.Events {
				if event.Type == "message" {
					own = append(own, event)
				}
			}
			require.Equal(t, "tx", o.result.Events[0].Type, "the transaction's own event is for everybody")
			first, _ := own[0].Attr("dseq")
			require.Equal(t, fmt.Sprint(dseq), first)
			for i, event := range own {
				index, _ := event.Attr("msg_index")
				require.Equal(t, fmt.Sprint(i), index, "counted from the caller's first message")
			}
			require.Len(t, own, map[bool]int{true: 2, false: 1}[dseq == 2])
		}
		require.Equal(t, math.NewInt(313), fee, "the shares add up to what was paid")
		require.True(t, got[2].result.FeeUAKT.GT(got[1].result.FeeUAKT), "two messages of four")
	})
}

func TestBatch_whoWouldFailIsAnsweredAlone(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		f.onSimulate = func(_ int, sent fakeTx) error { return refuses(sent, "Deployment closed", 3, 7) }
		got := submitAll(t, newEngine(t, f), 10)
		require.Len(t, f.broadcasts, 1)
		require.Len(t, f.simulated, 3)
		for dseq, o := range got {
			if dseq != 3 && dseq != 7 {
				require.NoError(t, o.err)
				continue
			}
			require.ErrorIs(t, o.err, chain.ErrDeploymentClosed)
			var rejected *chain.RejectedError
			require.ErrorAs(t, o.err, &rejected)
			require.Zero(t, rejected.MessageIndex, "as if it had been sent alone")
			require.Contains(t, rejected.Log, "message index: 0: Deployment closed")
			require.Less(t, o.after, time.Second, "it does not wait for the others' block")
		}
		eachLandedOnce(t, f, upTo(10, 3, 7)...)
	})
}

func TestBatch_refusedWithoutAnIndex(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		f.onSimulate = func(_ int, sent fakeTx) error {
			if indexOf(sent, 11) >= 0 {
				return chain.Reject("", 0, "Invalid: deployment hash with gas used: '1174'", "", 0)
			}
			return nil
		}
		got := submitAll(t, newEngine(t, f), 16)
		require.Len(t, f.broadcasts, 1, "all others together")
		for dseq, o := range got {
			if dseq == 11 {
				require.ErrorContains(t, o.err, "Invalid: deployment hash")
			} else {
				require.NoError(t, o.err)
			}
		}
		require.LessOrEqual(t, len(f.simulated), 16, "halving, not one by one")
		eachLandedOnce(t, f, upTo(16, 11)...)
	})
}

// What a simulation cannot see: somebody else was quicker.
func TestBatch_oneFailsInTheBlock(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		f.deliver = func(_ int, sent fakeTx) (string, uint32, string) {
			if at := indexOf(sent, 4); at >= 0 {
				return "deployment", 5, fmt.Sprintf("failed to execute message; message index: %d: Deployment closed", at)
			}
			return "", 0, ""
		}
		var mu sync.Mutex
		hooks := make(map[uint64]int)
		got := submitAll(t, newEngine(t, f), 6, func(dseq uint64, req *tx.Request) {
			req.BeforeBroadcast = func(tx.Prepared) error {
				mu.Lock()
				defer mu.Unlock()
				hooks[dseq]++
				return nil
			}
		})
		for dseq, o := range got {
			if dseq != 4 {
				require.NoError(t, o.err)
				require.Equal(t, 2, hooks[dseq], "told of both transactions")
				continue
			}
			var rejected *chain.RejectedError
			require.ErrorAs(t, o.err, &rejected)
			require.ErrorIs(t, o.err, chain.ErrDeploymentClosed)
			require.Zero(t, rejected.MessageIndex)
			require.EqualValues(t, 101, rejected.Height)
			require.InDelta(t, 52, o.result.FeeUAKT.Int64(), 1, "its share of the fee: a sixth of 313")
			require.Equal(t, 1, hooks[dseq])
		}
		require.Len(t, f.broadcasts, 2)
		eachLandedOnce(t, f, upTo(6, 4)...)
	})
}

func TestBatch_oneFailsInEveryBlock(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		f.deliver = func(_ int, sent fakeTx) (string, uint32, string) {
			if n := len(sent.body.Messages); n > 1 { // always another one's
				return "deployment", 5, "failed to execute message; message index: 0: Deployment closed"
			}
			return "", 0, ""
		}
		failed := 0
		for _, o := range submitAll(t, newEngine(t, f), 10) {
			if o.err != nil {
				require.ErrorIs(t, o.err, chain.ErrDeploymentClosed)
				failed++
			}
		}
		require.Equal(t, 4, failed, "then the others go alone")
	})
}

func TestBatch_outOfGasInTheBlock_goesAgainTogether(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		f.deliver = func(n int, _ fakeTx) (string, uint32, string) {
			if n == 1 {
				return "sdk", 11, "out of gas in location: WritePerByte; gasWanted: 1, gasUsed: 2: out of gas"
			}
			return "", 0, ""
		}
		for _, o := range submitAll(t, newEngine(t, f), 5) {
			require.NoError(t, o.err)
		}
		require.Len(t, f.broadcasts, 2)
		require.Greater(t, f.broadcasts[1].auth.Fee.GasLimit, f.broadcasts[0].auth.Fee.GasLimit)
		eachLandedOnce(t, f, upTo(5)...)
	})
}

func TestBatch_lostAnswer_nobodyIsSentTwice(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		f.onBroadcast = func(n int, _ fakeTx) (error, bool) { return errLost, n == 1 }
		for _, o := range submitAll(t, newEngine(t, f), 20) {
			require.NoError(t, o.err)
		}
		require.Len(t, f.blocks, 1)
		eachLandedOnce(t, f, upTo(20)...)
	})
}

func TestBatch_whatASimulationMissesGoesABlockLater(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		f.onSimulate = func(_ int, sent fakeTx) error {
			if time.Since(f.start) < blockTime {
				return refuses(sent, "account not found", 2)
			}
			return nil
		}
		got := submitAll(t, newEngine(t, f), 4)
		for _, o := range got {
			require.NoError(t, o.err)
		}
		require.EqualValues(t, 101, got[1].result.Height)
		require.EqualValues(t, 102, got[2].result.Height)
		eachLandedOnce(t, f, upTo(4)...)
	})
}
