// SPDX-License-Identifier: Apache-2.0

package tx_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/chain/tx"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

func TestBatch_tooMuchTogether(t *testing.T) {
	t.Parallel()
	tooMany := func(sent fakeTx) bool { return len(sent.body.Messages) > 4 }
	cases := map[string]func(f *fakeChain, c *tx.Config){
		"simulation runs out of gas": func(f *fakeChain, _ *tx.Config) {
			f.onSimulate = func(_ int, sent fakeTx) error {
				if tooMany(sent) {
					return chain.Reject("", 0, "out of gas in location: block gas meter; gasWanted: 1, gasUsed: 2: out of gas", "", 0)
				}
				return nil
			}
		},
		"node refuses the size": func(f *fakeChain, _ *tx.Config) {
			f.onBroadcast = func(_ int, sent fakeTx) (error, bool) {
				if tooMany(sent) {
					return chain.Reject("sdk", 21, "", sent.hash, 0), false
				}
				return nil, false
			}
		},
		"more gas than one block has": func(f *fakeChain, _ *tx.Config) {
			f.gasUsed = func(sent fakeTx) uint64 { return 6_000_000 * uint64(len(sent.body.Messages)) }
		},
		"above the largest fee": func(f *fakeChain, c *tx.Config) {
			f.gasUsed = func(sent fakeTx) uint64 { return 100_000 * uint64(len(sent.body.Messages)) }
			c.MaxFee = math.NewInt(1300)
		},
	}
	for name, setUp := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				f := newFakeChain()
				engine := newEngine(t, f, func(c *tx.Config) { setUp(f, c) })
				for _, o := range submitAll(t, engine, 8) {
					require.NoError(t, o.err)
				}
				eachLandedOnce(t, f, upTo(8)...)
				require.Len(t, f.blocks, 2)
				require.Equal(t, blockTime, time.Since(f.start).Truncate(blockTime), "in one block all the same")
			})
		})
	}
}

func TestBatch_comesTogetherWhileAnotherIsPrepared(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		engine := newEngine(t, f)
		release := make(chan struct{})
		simulating := make(chan struct{})
		f.beforeSimulate = func(n int) {
			if n == 1 {
				close(simulating)
				<-release
			}
		}
		var group sync.WaitGroup
		group.Go(func() {
			_, err := engine.Submit(t.Context(), closeMsg(100))
			require.NoError(t, err)
		})
		<-simulating
		group.Go(func() {
			require.NoError(t, waitFor(t.Context(), time.Second))
			close(release)
		})
		for _, o := range submitAll(t, engine, 30) {
			require.NoError(t, o.err)
		}
		group.Wait()
		require.Len(t, f.broadcasts, 2)
	})
}

func TestBatch_differentMemosTravelApart(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		got := submitAll(t, newEngine(t, f), 3, func(dseq uint64, req *tx.Request) { req.Memo = fmt.Sprint(dseq) })
		for dseq, o := range got {
			require.NoError(t, o.err)
			for _, sent := range f.broadcasts {
				require.Equal(t, sent.hash == o.result.Hash, sent.body.Memo == fmt.Sprint(dseq))
			}
		}
		require.Len(t, f.broadcasts, 3)
	})
}

func TestBatch_hugeRequestsAreNotMixed(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		got := submitAll(t, newEngine(t, f), 5, func(dseq uint64, req *tx.Request) {
			for len(req.Msgs) < 90 {
				req.Msgs = append(req.Msgs, closeMsg(dseq).Msgs[0])
			}
		})
		for _, o := range got {
			require.NoError(t, o.err)
		}
		require.Len(t, f.broadcasts, 3, "two, two and one")
	})
}

func TestBatch_longRequestsAreNotMixed(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		got := submitAll(t, newEngine(t, f), 5, func(dseq uint64, req *tx.Request) {
			req.Msgs = []sdk.Msg{&deploymentv1beta4.MsgCloseDeployment{
				ID: deploymentv1.DeploymentID{Owner: strings.Repeat("x", 100_000), DSeq: dseq},
			}}
		})
		for _, o := range got {
			require.NoError(t, o.err)
		}
		require.Len(t, f.broadcasts, 3, "two, two and one: a node takes no more than 1 MiB at a time")
	})
}

func TestBatch_noFundsForTheFee(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		f.onBroadcast = func(_ int, sent fakeTx) (error, bool) {
			text := "spendable balance 0uakt is smaller than 313uakt: insufficient funds"
			return chain.Reject("sdk", 5, text, sent.hash, 0), false
		}
		for _, o := range submitAll(t, newEngine(t, f), 4) {
			require.ErrorIs(t, o.err, chain.ErrInsufficientFunds)
		}
		require.Empty(t, f.blocks)
	})
}

func TestSend_aFullMempoolIsAskedAgain(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		full := func(sent fakeTx) error { return chain.Reject("sdk", 20, "mempool is full", sent.hash, 0) }
		f.onBroadcast = func(n int, sent fakeTx) (error, bool) {
			if n <= 4 {
				return full(sent), false
			}
			return nil, false
		}
		_, err := newEngine(t, f).Submit(t.Context(), closeMsg(1))
		require.NoError(t, err)
		require.Len(t, f.broadcasts, 5)
		require.Equal(t, f.broadcasts[0].hash, f.broadcasts[4].hash, "the same bytes")

		f.onBroadcast = func(_ int, sent fakeTx) (error, bool) { return full(sent), false }
		started := time.Now()
		_, err = newEngine(t, f).Submit(t.Context(), closeMsg(2))
		require.ErrorIs(t, err, chain.ErrMempoolFull, "in the end it is said")
		require.Less(t, time.Since(started), 75*time.Second, "before the transaction expires")
	})
}
