// SPDX-License-Identifier: Apache-2.0

package tx_test

import (
	"context"
	"fmt"
	gomath "math"
	"runtime"
	"strings"
	"testing"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/chain/tx"
)

// What is wrong with one request must not fail those that arrive with it.
func TestBatch_aMessageThatCannotBeEncodedFailsAlone(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		got := submitAll(t, newEngine(t, f), 4, func(dseq uint64, req *tx.Request) {
			if dseq == 2 {
				req.Msgs = append(req.Msgs, sdk.Msg(nil))
			}
		})
		for dseq, o := range got {
			if dseq == 2 {
				require.ErrorContains(t, o.err, "message 1: ", "counted from its own first")
				require.True(t, o.result.FeeUAKT.IsZero())
			} else {
				require.NoError(t, o.err)
			}
		}
		eachLandedOnce(t, f, upTo(4, 2)...)
	})
}

func TestBatch_aHookThatEndsItsGoroutineIsAnswered(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		got := submitAll(t, newEngine(t, f), 3, func(dseq uint64, req *tx.Request) {
			if dseq == 3 {
				req.BeforeBroadcast = func(tx.Prepared) error { runtime.Goexit(); return nil }
			}
		})
		for dseq, o := range got {
			if dseq == 3 {
				require.ErrorContains(t, o.err, "did not return")
			} else {
				require.NoError(t, o.err)
			}
		}
		eachLandedOnce(t, f, upTo(3, 3)...)
	})
}

// A budget adds these figures up.
func TestFee_countsEveryAttempt(t *testing.T) {
	t.Parallel()
	t.Run("another request failed in the block", func(t *testing.T) {
		t.Parallel()
		bubble(t, func(t *testing.T) {
			f := newFakeChain()
			f.deliver = func(n int, sent fakeTx) (string, uint32, string) {
				if n == 1 {
					return "deployment", 5, "failed to execute message; message index: 0: Deployment closed"
				}
				return "", 0, ""
			}
			sum := math.ZeroInt()
			for _, o := range submitAll(t, newEngine(t, f), 6) {
				sum = sum.Add(o.result.FeeUAKT)
			}
			require.Equal(t, math.NewInt(2*313), sum, "what both transactions cost")
		})
	})
	t.Run("out of gas", func(t *testing.T) {
		t.Parallel()
		bubble(t, func(t *testing.T) {
			f := newFakeChain()
			f.deliver = func(int, fakeTx) (string, uint32, string) {
				return "sdk", 11, "out of gas in location: WritePerByte; gasWanted: 1, gasUsed: 2: out of gas"
			}
			result, err := newEngine(t, f).Submit(t.Context(), closeMsg(1))
			require.ErrorIs(t, err, chain.ErrOutOfGas)
			require.Equal(t, math.NewInt(313+469), result.FeeUAKT)
		})
	})
	t.Run("and whoever leaves in between", func(t *testing.T) {
		t.Parallel()
		bubble(t, func(t *testing.T) {
			f := newFakeChain()
			ctx, cancel := context.WithCancel(t.Context())
			f.deliver = func(int, fakeTx) (string, uint32, string) {
				return "sdk", 11, "out of gas in location: WritePerByte; gasWanted: 1, gasUsed: 2: out of gas"
			}
			var left time.Time
			f.beforeSimulate = func(n int) {
				if n == 2 {
					left = time.Now()
					cancel()
					require.NoError(t, waitFor(t.Context(), time.Minute))
				}
			}
			result, err := newEngine(t, f).Submit(ctx, closeMsg(1))
			require.ErrorIs(t, err, context.Canceled)
			require.Zero(t, time.Since(left), "nothing is under way any more, so nothing is waited for")
			require.Equal(t, math.NewInt(313), result.FeeUAKT)
			require.Len(t, f.broadcasts, 1)
		})
	})
	t.Run("nothing is zero", func(t *testing.T) {
		t.Parallel()
		bubble(t, func(t *testing.T) {
			f := newFakeChain()
			f.onSimulate = func(_ int, sent fakeTx) error { return refuses(sent, "Deployment closed", 1) }
			result, err := newEngine(t, f).Submit(t.Context(), closeMsg(1))
			require.Error(t, err)
			require.Equal(t, "0", result.FeeUAKT.String())
		})
	})
}

// Without a limit of the user's own, what a node tells is not believed at any price.
func TestFee_aNodeThatTellsNonsense(t *testing.T) {
	t.Parallel()
	huge := strings.Repeat("9", 75) + "uakt"
	cases := map[string]func(f *fakeChain, c *tx.Config){
		"its minimum price":            func(f *fakeChain, _ *tx.Config) { f.minPrices = "1000uakt" },
		"a minimum beyond all numbers": func(f *fakeChain, _ *tx.Config) { f.minPrices = huge },
		"the gas": func(f *fakeChain, _ *tx.Config) {
			f.gasUsed = func(fakeTx) uint64 { return gomath.MaxUint64 }
		},
		"the fee it requires":          func(f *fakeChain, _ *tx.Config) { f.minFee = gomath.MaxInt64 },
		"a typing error of the user's": func(_ *fakeChain, c *tx.Config) { c.GasPrices = huge },
	}
	for name, setUp := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				f := newFakeChain()
				engine := newEngine(t, f, func(c *tx.Config) { setUp(f, c) })
				for _, o := range submitAll(t, engine, 2) {
					require.ErrorIs(t, o.err, tx.ErrMaxFee)
				}
				require.Empty(t, f.blocks)
			})
		})
	}
}

// Members that are told apart while halves are tried are neither lost nor held up by the others' block.
func TestBatch_missingAndUnnamedAtOnce(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		f.onSimulate = func(_ int, sent fakeTx) error {
			if indexOf(sent, 3) >= 0 {
				return chain.Reject("", 0, "Invalid: deployment hash with gas used: '1174'", "", 0)
			}
			if time.Since(f.start) < blockTime {
				return refuses(sent, "account not found", 2)
			}
			return nil
		}
		// The others' transaction takes long to be found in a block.
		f.onFind = func(int) error {
			if time.Since(f.start) < 10*blockTime {
				return fmt.Errorf("gone: %w", chain.ErrUnreachable)
			}
			return nil
		}
		got := submitAll(t, newEngine(t, f), 8)
		for dseq, o := range got {
			if dseq == 3 {
				require.ErrorContains(t, o.err, "Invalid: deployment hash")
			} else {
				require.NoError(t, o.err)
			}
		}
		for _, sent := range f.signed() {
			require.Less(t, sent.at.Sub(f.start), 2*blockTime, "sent when it could be, not after the others")
		}
		eachLandedOnce(t, f, upTo(8, 3)...)
	})
}

// What ends the search for the one that fails is nobody's failure, and everybody's answer.
func TestBatch_noAnswerWhileHalvesAreTried(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		f.onSimulate = func(n int, _ fakeTx) error {
			switch n {
			case 1:
				return chain.Reject("", 0, "Invalid: deployment hash with gas used: '1174'", "", 0)
			case 2:
				return fmt.Errorf("gone: %w", chain.ErrUnreachable)
			}
			return nil
		}
		for _, o := range submitAll(t, newEngine(t, f), 6) {
			require.ErrorIs(t, o.err, chain.ErrUnreachable)
		}
		require.Len(t, f.simulated, 2)
		require.Empty(t, f.broadcasts)
	})
}
