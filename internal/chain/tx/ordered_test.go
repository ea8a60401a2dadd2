// SPDX-License-Identifier: Apache-2.0

package tx_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/chain/tx"
)

// Two runs on one account where unordered transactions are not to be had.
func TestOrdered_twoProcesses(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		var both sync.WaitGroup
		for run := range 2 {
			engine := newEngine(t, f, func(c *tx.Config) { c.Ordered, c.BatchWindow = true, -1 })
			for i := range 15 {
				both.Go(func() {
					_, err := engine.Submit(t.Context(), closeMsg(uint64(run*15+i+1)))
					require.NoError(t, err)
				})
			}
		}
		both.Wait()
		eachLandedOnce(t, f, upTo(30)...)
	})
}

// Another one is signed when the one before has its place in the mempool, not earlier.
func TestOrdered_onePreparedAtATime(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		f.beforeSimulate = func(int) { require.NoError(t, waitFor(t.Context(), 10*time.Millisecond)) }
		engine := newEngine(t, f, func(c *tx.Config) { c.Ordered, c.BatchWindow = true, -1 })
		for _, o := range submitAll(t, engine, 20) {
			require.NoError(t, o.err)
		}
		require.Len(t, f.broadcasts, 20, "no retry was needed")
	})
}

// The node that took it saw another sequence than the block's proposer.
func TestOrdered_wrongSequenceInsideABlock(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		f.deliver = func(n int, _ fakeTx) (string, uint32, string) {
			if n == 1 {
				return "sdk", 32, "account sequence mismatch, expected 6, got 5: incorrect account sequence"
			}
			return "", 0, ""
		}
		_, err := newEngine(t, f, func(c *tx.Config) { c.Ordered = true }).Submit(t.Context(), closeMsg(1))
		require.NoError(t, err)
		eachLandedOnce(t, f, 1)
	})
}

// Its answer was lost, so nobody can say whether it used its sequence: the next one asks.
func TestOrdered_afterALostAnswerTheSequenceIsAskedFor(t *testing.T) {
	t.Parallel()
	for name, taken := range map[string]bool{"taken": true, "not taken": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				f := newFakeChain()
				engine := newEngine(t, f, func(c *tx.Config) { c.Ordered, c.BatchWindow = true, -1 })
				f.onBroadcast = func(n int, sent fakeTx) (error, bool) {
					if first := f.broadcasts[0].hash; sent.hash == first && n <= 3 {
						return errLost, taken && n == 1
					}
					return nil, false
				}
				var first sync.WaitGroup
				first.Go(func() {
					_, err := engine.Submit(t.Context(), closeMsg(1))
					require.NoError(t, err)
				})
				require.NoError(t, waitFor(t.Context(), 3*time.Second)) // it waits for its block
				_, err := engine.Submit(t.Context(), closeMsg(2))
				require.NoError(t, err)
				first.Wait()
				for _, sent := range f.broadcasts {
					if sent.hash != f.broadcasts[0].hash && sent.dseqs()[0] == 2 {
						want := map[bool]uint64{true: 6, false: 5}[taken]
						require.Equal(t, want, sent.auth.SignerInfos[0].Sequence, "right at once")
					}
				}
				eachLandedOnce(t, f, 1, 2)
			})
		})
	}
}

// A node's view of an account settles with its next block: trying eight times at once would try in vain.
func TestOrdered_mismatchesAreWaitedOut(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		f.onBroadcast = func(_ int, sent fakeTx) (error, bool) {
			if time.Since(f.start) < blockTime {
				return chain.Reject("sdk", 32, "account sequence mismatch", sent.hash, 0), false
			}
			return nil, false
		}
		_, err := newEngine(t, f, func(c *tx.Config) { c.Ordered = true }).Submit(t.Context(), closeMsg(1))
		require.NoError(t, err)
	})
}
