// SPDX-License-Identifier: Apache-2.0

package chain_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/chain/tx"
	"github.com/akash-iac/terraform-provider-akash/internal/keys"
)

const (
	askMethod    = "/akash.deployment.v1beta4.Query/Deployment"
	lookUpMethod = "/cosmos.tx.v1beta1.Service/GetTx"
)

// pair dials two nodes in this order, over gRPC and over RPC.
func pair(t *testing.T, f func(t *testing.T, dialPair func(first, second *node) *chain.Client)) {
	t.Helper()
	t.Run("grpc", func(t *testing.T) {
		f(t, func(first, second *node) *chain.Client {
			return dial(t, chain.Config{GRPC: []string{first.serveGRPC(t), second.serveGRPC(t)}})
		})
	})
	t.Run("rpc", func(t *testing.T) {
		f(t, func(first, second *node) *chain.Client {
			return dial(t, chain.Config{RPC: []string{first.serveRPC(t), second.serveRPC(t)}})
		})
	})
}

// deploymentAt is a node at a height; it has the deployment from block 50 on.
func deploymentAt(height int64) *node {
	n := &node{chainID: "fake-1"}
	n.height.Store(height)
	n.answer = func(method string, _ []byte) ([]byte, error) {
		switch {
		case method != askMethod:
			return nil, nil
		case n.height.Load() < 50:
			return nil, notFound("Deployment not found")
		}
		return []byte("deployment"), nil
	}
	return n
}

func ask(t *testing.T, client *chain.Client) error {
	t.Helper()
	reply, err := client.InvokeRaw(t.Context(), askMethod, nil)
	if err == nil {
		require.Equal(t, "deployment", string(reply))
	}
	return err
}

func TestLag_otherEndpointAnswers(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*node){
		"height told":       func(n *node) { n.tellsHeight = true },
		"told in a trailer": func(n *node) { n.tellsHeight, n.inTrailer = true, true },
		"height not told":   func(*node) {},
	} {
		pair(t, func(t *testing.T, dialPair func(_, _ *node) *chain.Client) {
			first, second := deploymentAt(50), deploymentAt(50)
			change(first)
			change(second)
			client := dialPair(first, second)
			require.NoError(t, ask(t, client), name)
			// The endpoint's next answer comes from another server behind it.
			first.height.Store(49)
			require.NoError(t, ask(t, client), name)
			require.NotZero(t, second.calls.Load(), name)
		})
	}
}

func TestLag_waitsForTheEndpoint(t *testing.T) {
	t.Parallel()
	for _, told := range []bool{true, false} {
		pair(t, func(t *testing.T, dialPair func(_, _ *node) *chain.Client) {
			ahead, behind := deploymentAt(50), deploymentAt(40)
			behind.tellsHeight = told
			answer, asked := behind.answer, atomic.Int32{}
			behind.answer = func(method string, data []byte) ([]byte, error) {
				if method == askMethod && asked.Add(1) == 3 {
					behind.height.Store(50)
				}
				return answer(method, data)
			}
			client := dialPair(ahead, behind)
			ahead.down.Store(true)
			require.NoError(t, ask(t, client))
			require.GreaterOrEqual(t, asked.Load(), int32(3))
			block, err := client.LatestBlock(t.Context())
			require.NoError(t, err)
			require.EqualValues(t, 50, block.Height)
		})
	}
}

// The endpoint reaches the height after it answered, before it is asked for it.
func TestLag_answerFromBeforeItsHeight(t *testing.T) {
	t.Parallel()
	pair(t, func(t *testing.T, dialPair func(_, _ *node) *chain.Client) {
		ahead, behind := deploymentAt(50), deploymentAt(40)
		answer := behind.answer
		behind.answer = func(method string, data []byte) ([]byte, error) {
			reply, err := answer(method, data)
			if method == askMethod {
				behind.height.Store(50)
			}
			return reply, err
		}
		client := dialPair(ahead, behind)
		ahead.down.Store(true)
		require.NoError(t, ask(t, client))
	})
}

func TestLag_blockOfALaggingEndpoint(t *testing.T) {
	t.Parallel()
	pair(t, func(t *testing.T, dialPair func(_, _ *node) *chain.Client) {
		first, second := deploymentAt(50), deploymentAt(51)
		client := dialPair(first, second)
		first.height.Store(49)
		block, err := client.LatestBlock(t.Context())
		require.NoError(t, err)
		require.EqualValues(t, 51, block.Height)
	})
}

func TestLag_costsNothingWhileNoneLags(t *testing.T) {
	t.Parallel()
	for _, told := range []bool{true, false} {
		n := deploymentAt(50)
		n.tellsHeight = told
		both(t, n, func(t *testing.T, client *chain.Client) {
			before := n.calls.Load()
			require.NoError(t, ask(t, client))
			require.Equal(t, before+1, n.calls.Load())
		})
	}
	n := &node{tellsHeight: true, answer: func(method string, _ []byte) ([]byte, error) {
		if method == askMethod {
			return nil, notFound("Deployment not found")
		}
		return nil, nil
	}}
	both(t, n, func(t *testing.T, client *chain.Client) {
		before := n.calls.Load()
		require.ErrorIs(t, ask(t, client), chain.ErrDeploymentNotFound)
		require.Equal(t, before+1, n.calls.Load(), "an answer that tells its height needs no other")
		n.tellsHeight = false
		require.ErrorIs(t, ask(t, client), chain.ErrDeploymentNotFound)
		require.Equal(t, before+3, n.calls.Load())
		n.tellsHeight = true
	})
}

// holding is a node at a height that has the transaction from block 50 on.
func holding(t *testing.T, hash string, height int64) *node {
	t.Helper()
	n := &node{chainID: "fake-1", tellsHeight: true}
	n.height.Store(height)
	n.answer = func(method string, _ []byte) ([]byte, error) {
		switch {
		case method != lookUpMethod:
			return nil, nil
		case n.height.Load() < 50:
			return nil, notFound("tx not found: " + hash)
		}
		return txInBlock(t, hash, 50), nil
	}
	n.tx = func(string) (any, error) {
		if n.height.Load() < 50 {
			return nil, fmt.Errorf("tx (%s) not found", hash)
		}
		return map[string]any{"height": "50", "tx_result": map[string]any{}}, nil
	}
	return n
}

func TestLag_findTx(t *testing.T) {
	t.Parallel()
	hash := chain.TxHash([]byte("x"))
	pair(t, func(t *testing.T, dialPair func(_, _ *node) *chain.Client) {
		first, second := holding(t, hash, 50), holding(t, hash, 50)
		client := dialPair(first, second)
		first.height.Store(49)
		found, err := client.FindTx(t.Context(), hash)
		require.NoError(t, err, "that it was not found is no proof")
		require.EqualValues(t, 50, found.Height)
		require.NotZero(t, second.calls.Load())
	})
	// What is found is so, and counts as seen.
	pair(t, func(t *testing.T, dialPair func(_, _ *node) *chain.Client) {
		first, second := holding(t, hash, 60), deploymentAt(70)
		client := dialPair(first, second)
		first.height.Store(55)
		before := second.calls.Load()
		_, err := client.FindTx(t.Context(), hash)
		require.NoError(t, err)
		require.Equal(t, before, second.calls.Load())
	})
	pair(t, func(t *testing.T, dialPair func(_, _ *node) *chain.Client) {
		early := holding(t, hash, 45)
		landed := holding(t, hash, 50)
		landed.height.Store(45)
		client := dialPair(landed, early)
		landed.height.Store(50)
		_, err := client.FindTx(t.Context(), hash)
		require.NoError(t, err)
		landed.down.Store(true)
		ctx, cancel := context.WithTimeout(t.Context(), 250*time.Millisecond)
		defer cancel()
		_, err = client.LatestBlock(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.ErrorContains(t, err, "at block 45, want 50")
	})
}

func TestLag_givesUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var height atomic.Int64
		height.Store(50)
		asked := 0
		lagging := &chain.Stub{
			Name: "behind:1", Block: func() (chain.Block, error) { return chain.Block{Height: height.Load()}, nil },
			Query: func() (int64, error) { asked++; return height.Load(), nil },
		}
		client := chain.NewStubClient(lagging)
		require.NoError(t, invoke(t.Context(), client))
		height.Store(40)
		asked = 0
		start := time.Now()
		err := invoke(t.Context(), client)
		require.ErrorIs(t, err, chain.ErrLagging)
		require.ErrorIs(t, err, chain.ErrUnreachable)
		require.ErrorContains(t, err, "behind:1: at block 40, want 50")
		require.Greater(t, time.Since(start), 12*time.Second)
		require.LessOrEqual(t, time.Since(start), 15*time.Second)
		require.Less(t, asked, 25)

		// It comes back within the time.
		start = time.Now()
		time.AfterFunc(7*time.Second, func() { height.Store(50) })
		require.NoError(t, invoke(t.Context(), client))
		require.Less(t, time.Since(start), 8*time.Second+time.Millisecond)

		// The caller's time counts, and the error still says why.
		height.Store(40)
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		start = time.Now()
		err = invoke(ctx, client)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.NotErrorIs(t, err, chain.ErrLagging)
		require.ErrorContains(t, err, "at block 40, want 50")
		require.Equal(t, 2*time.Second, time.Since(start))
	})
}

func TestLag_givesUpOnNotFound(t *testing.T) {
	t.Parallel()
	// A height of 0 is a node that lost its blocks, not one that tells none.
	for _, behind := range []int64{40, 0} {
		for _, told := range []bool{true, false} {
			synctest.Test(t, func(t *testing.T) {
				height := int64(50)
				client := chain.NewStubClient(&chain.Stub{
					Name: "behind:1", Block: func() (chain.Block, error) { return chain.Block{Height: height}, nil },
					Query: func() (int64, error) {
						if !told {
							return 0, chain.ErrTxNotFound
						}
						return height, chain.ErrTxNotFound
					},
				})
				_, err := client.LatestBlock(t.Context())
				require.NoError(t, err)
				_, err = client.FindTx(t.Context(), "AB")
				require.ErrorIs(t, err, chain.ErrTxNotFound)
				height = behind
				_, err = client.FindTx(t.Context(), "AB")
				require.ErrorIs(t, err, chain.ErrLagging)
				require.NotErrorIs(t, err, chain.ErrNotFound)
				_, err = client.LatestBlock(t.Context())
				require.ErrorIs(t, err, chain.ErrLagging)
			})
		}
	}
}

// An endpoint that does not answer ends the wait no sooner than one that lags.
func TestLag_besideOneThatIsDown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		down, height := false, int64(50)
		client := chain.NewStubClient(
			&chain.Stub{
				Name: "ahead:1", Block: func() (chain.Block, error) { return chain.Block{Height: 50}, nil },
				Query: func() (int64, error) {
					if down {
						return 0, fmt.Errorf("ahead:1: refused: %w", chain.ErrUnreachable)
					}
					return 50, nil
				},
			},
			&chain.Stub{
				Name: "behind:1", Block: func() (chain.Block, error) { return chain.Block{Height: height}, nil },
				Query: func() (int64, error) { return height, nil },
			},
		)
		require.NoError(t, invoke(t.Context(), client))
		down, height = true, 40
		err := invoke(t.Context(), client)
		require.ErrorIs(t, err, chain.ErrLagging)
		require.ErrorContains(t, err, "ahead:1: refused")
		require.ErrorContains(t, err, "behind:1: at block 40, want 50")
		height = 51
		require.NoError(t, invoke(t.Context(), client))
	})
}

// One endpoint tells that the timeout passed, the other does not find the
// transaction: together they prove nothing while the second one is behind.
func TestLag_noProofThatATransactionNeverLanded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		height := func() int64 { return 100 + int64(time.Since(start)/(6*time.Second)) }
		heads := 0
		client := chain.NewStubClient(
			&chain.Stub{
				Name:  "no-index:1",
				Block: func() (chain.Block, error) { return chain.Block{Height: height(), Time: time.Now()}, nil },
				Query: func() (int64, error) { return 0, chain.ErrUnreachable },
			},
			&chain.Stub{
				Name: "behind:1",
				Block: func() (chain.Block, error) {
					if heads++; heads > 1 { // the first one tells the chain id
						return chain.Block{}, chain.ErrUnreachable
					}
					return chain.Block{Height: 60}, nil
				},
				Query: func() (int64, error) {
					if time.Since(start) < time.Minute {
						return 60, chain.ErrTxNotFound
					}
					return height(), nil
				},
			},
		)
		key, err := keys.FromMnemonic("test test test test test test test test test test test junk", "m/44'/118'/0'/0/1")
		require.NoError(t, err)
		engine, err := tx.New(tx.Config{Chain: client, Key: key})
		require.NoError(t, err)
		_, err = client.LatestBlock(t.Context())
		require.NoError(t, err)
		_, err = engine.Resolve(t.Context(), tx.Prepared{Hash: "AB", TimeoutAt: start.Add(-time.Minute)})
		require.NoError(t, err)
	})
}

func invoke(ctx context.Context, client *chain.Client) error {
	_, err := client.InvokeRaw(ctx, askMethod, nil)
	return err
}
