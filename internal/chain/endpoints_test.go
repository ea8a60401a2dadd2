// SPDX-License-Identifier: Apache-2.0

package chain_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
)

// serveBoth serves one node over gRPC and one over RPC, in this order.
func serveBoth(t *testing.T, first, second *node) chain.Config {
	t.Helper()
	return chain.Config{GRPC: []string{first.serveGRPC(t)}, RPC: []string{second.serveRPC(t)}}
}

func TestWrongChain_ofAnyEndpoint(t *testing.T) {
	t.Parallel()
	ours, other := &node{chainID: "fake-1"}, &node{chainID: "fake-2"}
	for name, cfg := range map[string]chain.Config{
		"the first":      serveBoth(t, other, ours),
		"a later one":    serveBoth(t, ours, other),
		"of three":       {ChainID: "fake-1", RPC: []string{ours.serveRPC(t), ours.serveRPC(t), other.serveRPC(t)}},
		"none was asked": {GRPC: []string{ours.serveGRPC(t), other.serveGRPC(t)}},
	} {
		_, err := chain.Dial(t.Context(), cfg)
		require.ErrorIs(t, err, chain.ErrWrongChainID, name)
	}
}

// An endpoint that was down at first may be of another network, too: it gets nothing, and nothing is signed.
func TestWrongChain_ofOneThatJoinsLater(t *testing.T) {
	t.Parallel()
	simulated := func(method string, _ []byte) ([]byte, error) {
		if method == "/cosmos.tx.v1beta1.Service/Simulate" {
			return []byte{0x0a, 2, 0x10, 9}, nil // gas_info.gas_used = 9
		}
		return nil, nil
	}
	for _, over := range []string{"grpc", "rpc"} {
		t.Run(over, func(t *testing.T) {
			t.Parallel()
			ours := &node{chainID: "fake-1", answer: simulated}
			other := &node{chainID: "fake-2", answer: simulated, broadcast: func([]byte) (any, error) {
				t.Error("a transaction went to another chain")
				return nil, errors.New("no")
			}}
			other.down.Store(true)
			cfg := chain.Config{RPC: []string{ours.serveRPC(t), other.serveRPC(t)}}
			if over == "grpc" {
				cfg = chain.Config{GRPC: []string{ours.serveGRPC(t), other.serveGRPC(t)}}
			}
			client := dial(t, cfg)
			gas, err := client.Simulate(t.Context(), []byte("tx"))
			require.NoError(t, err, "one that is down stops nothing")
			require.EqualValues(t, 9, gas)
			ours.down.Store(true)
			other.down.Store(false)
			_, err = client.Broadcast(t.Context(), []byte("tx"))
			require.ErrorIs(t, err, chain.ErrBroadcastUnknown, "ours may have taken it, the other got nothing")
			_, err = client.Broadcast(t.Context(), []byte("tx"))
			require.ErrorIs(t, err, chain.ErrWrongChainID)
			require.ErrorIs(t, err, chain.ErrNotSent)
			ours.down.Store(false)
			_, err = client.Simulate(t.Context(), []byte("tx"))
			require.ErrorIs(t, err, chain.ErrWrongChainID, "the configuration names two networks")
			_, err = client.LatestBlock(t.Context())
			require.ErrorIs(t, err, chain.ErrWrongChainID)
			other.down.Store(true)
			_, err = client.LatestBlock(t.Context())
			require.ErrorIs(t, err, chain.ErrWrongChainID, "that it is down again proves nothing")
		})
	}
}

// What comes back after a rest is compared again.
func TestWrongChain_afterARest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		down, id := false, "fake-1"
		moved := &chain.Stub{
			Name: "moved:1", ChainID: func() string { return id },
			Block: func() (chain.Block, error) {
				if down {
					return chain.Block{}, chain.ErrUnreachable
				}
				return chain.Block{Height: 5}, nil
			},
			Query: func() (int64, error) {
				if down {
					return 0, chain.ErrUnreachable
				}
				return 5, nil
			},
		}
		client := chain.NewStubClient(moved)
		require.NoError(t, invoke(t.Context(), client))
		down = true
		require.ErrorIs(t, invoke(t.Context(), client), chain.ErrUnreachable)
		down, id = false, "fake-2"
		require.ErrorIs(t, invoke(t.Context(), client), chain.ErrWrongChainID)
		id = "fake-1"
		require.NoError(t, invoke(t.Context(), client), "put right")
	})
}

// limiter is an RPC server's front door.
type limiter struct {
	next       http.Handler
	closed     atomic.Bool
	after      string // Retry-After
	status     int
	body       string
	turnedAway atomic.Int32
}

func (l *limiter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !l.closed.Load() {
		l.next.ServeHTTP(w, r)
		return
	}
	l.turnedAway.Add(1)
	if l.after != "" {
		w.Header().Set("Retry-After", l.after)
	}
	w.WriteHeader(l.status)
	_, _ = w.Write([]byte(l.body))
}

func TestRateLimit_otherEndpointAnswers(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]*limiter{
		"429":              {status: http.StatusTooManyRequests, after: "40"},
		"429 with JSON":    {status: http.StatusTooManyRequests, body: `{"jsonrpc":"2.0","id":1,"error":{"code":-1}}`},
		"503 for a while":  {status: http.StatusServiceUnavailable, after: "40"},
		"an error object":  {status: http.StatusOK, body: `{"id":1,"error":{"code":-32005,"message":"rate limit exceeded"}}`},
		"a date in future": {status: http.StatusTooManyRequests, after: "Wed, 01 Jan 2200 00:00:00 GMT"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first, second := &node{chainID: "fake-1"}, &node{chainID: "fake-1"}
			l.next = first
			server := httptest.NewServer(l)
			t.Cleanup(server.Close)
			client := dial(t, chain.Config{RPC: []string{server.URL, second.serveRPC(t)}})
			l.closed.Store(true)
			for range 5 {
				_, err := client.LatestBlock(t.Context())
				require.NoError(t, err)
			}
			require.EqualValues(t, 1, l.turnedAway.Load(), "it is left alone for as long as it asked")
		})
	}
}

// The only endpoint is asked again when it said so, by a call that waits for it.
func TestRateLimit_waitsAsTold(t *testing.T) {
	t.Parallel()
	n := &node{chainID: "fake-1", broadcast: func([]byte) (any, error) { return map[string]any{"code": 0}, nil }}
	l := &limiter{next: n, status: http.StatusTooManyRequests, after: "1"}
	server := httptest.NewServer(l)
	t.Cleanup(server.Close)
	client := dial(t, chain.Config{RPC: []string{server.URL}})
	for name, call := range map[string]func() error{
		"query":     func() error { _, err := client.LatestBlock(t.Context()); return err },
		"broadcast": func() error { _, err := client.Broadcast(t.Context(), []byte("tx")); return err },
	} {
		l.turnedAway.Store(0)
		l.closed.Store(true)
		reopen := time.AfterFunc(500*time.Millisecond, func() { l.closed.Store(false) })
		began := time.Now()
		require.NoError(t, call(), name)
		require.GreaterOrEqual(t, time.Since(began), time.Second, name)
		require.EqualValues(t, 1, l.turnedAway.Load(), name)
		reopen.Stop()
	}
}

func TestRateLimit_tooLong(t *testing.T) {
	t.Parallel()
	l := &limiter{next: &node{chainID: "fake-1"}, status: http.StatusTooManyRequests, after: "300"}
	server := httptest.NewServer(l)
	t.Cleanup(server.Close)
	client := dial(t, chain.Config{RPC: []string{server.URL}})
	l.closed.Store(true)
	for range 2 {
		_, err := client.LatestBlock(t.Context())
		require.ErrorIs(t, err, chain.ErrRateLimited)
		require.ErrorIs(t, err, chain.ErrUnreachable)
	}
	_, err := client.Broadcast(t.Context(), []byte("tx"))
	require.ErrorIs(t, err, chain.ErrNotSent)
	require.ErrorContains(t, err, "asked to come back in")
	require.EqualValues(t, 1, l.turnedAway.Load())
}

func TestRateLimit_overGRPC(t *testing.T) {
	t.Parallel()
	for name, refusal := range map[string]error{
		"exhausted": status.Error(codes.ResourceExhausted, "quota"),
		"a proxy's": status.Error(codes.Unavailable,
			"unexpected HTTP status code received from server: 429 (Too Many Requests)"),
		"in its words": status.Error(codes.Unavailable, "rate limit reached"),
	} {
		var limited atomic.Bool
		first := &node{chainID: "fake-1", answer: func(string, []byte) ([]byte, error) {
			if limited.Load() {
				return nil, refusal
			}
			return nil, nil
		}}
		client := dial(t, chain.Config{GRPC: []string{first.serveGRPC(t), (&node{chainID: "fake-1"}).serveGRPC(t)}})
		limited.Store(true)
		before := first.calls.Load()
		for range 5 {
			_, err := client.LatestBlock(t.Context())
			require.NoError(t, err, name)
		}
		require.Equal(t, before+1, first.calls.Load(), name)
	}
}

// A gRPC server's own limit of an answer's size is no limit of requests.
func TestRateLimit_notForALongAnswer(t *testing.T) {
	t.Parallel()
	n := &node{chainID: "fake-1", answer: func(method string, _ []byte) ([]byte, error) {
		if method == askMethod {
			return nil, status.Error(codes.ResourceExhausted, "grpc: received message larger than max (5 vs. 4)")
		}
		return nil, nil
	}}
	client := dial(t, chain.Config{GRPC: []string{n.serveGRPC(t)}})
	err := invoke(t.Context(), client)
	require.ErrorIs(t, err, chain.ErrUnreachable)
	require.NotErrorIs(t, err, chain.ErrRateLimited)
}

// An endpoint that fails again and again is asked now and then, not before every call, and taken back.
func TestCircuit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		asked, down := 0, true
		bad := &chain.Stub{
			Name: "bad:1", Block: func() (chain.Block, error) { return chain.Block{Height: 5}, nil },
			Query: func() (int64, error) {
				if asked++; down {
					return 0, chain.ErrUnreachable
				}
				return 5, nil
			},
		}
		goodDown := false
		good := &chain.Stub{
			Name: "good:1", Block: func() (chain.Block, error) { return chain.Block{Height: 5}, nil },
			Query: func() (int64, error) {
				if goodDown {
					return 0, chain.ErrUnreachable
				}
				return 5, nil
			},
		}
		client := chain.NewStubClient(bad, good)
		require.NoError(t, invoke(t.Context(), client))
		require.Equal(t, 1, asked)
		goodDown = true
		require.Error(t, invoke(t.Context(), client), "both, two walks each")
		require.Equal(t, 3, asked)
		require.Error(t, invoke(t.Context(), client), "those that rest are asked when there is no other")
		require.Equal(t, 5, asked)
		down = false
		require.NoError(t, invoke(t.Context(), client))
		require.Equal(t, 6, asked)
	})
}

// The endpoint a call failed over to is behind: its refusal of a transaction is of the past.
func TestLag_refusalOfALaggingEndpoint(t *testing.T) {
	t.Parallel()
	refuse := func([]byte) (any, error) {
		return map[string]any{"code": 5, "codespace": "sdk", "log": "insufficient funds"}, nil
	}
	accept := func([]byte) (any, error) { return map[string]any{"code": 0}, nil }
	closed := func([]byte) (any, error) { return nil, errMethod } // no transactions here: certainly not sent
	first, behind, third := &node{chainID: "fake-1"}, &node{chainID: "fake-1"}, &node{chainID: "fake-1"}
	var full atomic.Bool
	first.broadcast, behind.broadcast = closed, refuse
	third.broadcast = func(tx []byte) (any, error) {
		if full.Load() {
			return closed(tx)
		}
		return accept(tx)
	}
	client := dial(t, chain.Config{RPC: []string{first.serveRPC(t), behind.serveRPC(t), third.serveRPC(t)}})
	first.height.Store(50)
	_, err := client.LatestBlock(t.Context())
	require.NoError(t, err)
	_, err = client.Broadcast(t.Context(), []byte("tx"))
	require.NoError(t, err)
	full.Store(true)
	behind.height.Store(51)
	_, err = client.Broadcast(t.Context(), []byte("tx"))
	require.ErrorIs(t, err, chain.ErrInsufficientFunds, "once it is there, its word counts")
}

// A simulation that fails on an endpoint behind what was seen is asked of another.
func TestLag_failedSimulation(t *testing.T) {
	t.Parallel()
	pair(t, func(t *testing.T, dialPair func(_, _ *node) *chain.Client) {
		poor, funded := &node{chainID: "fake-1"}, &node{chainID: "fake-1"}
		poor.answer = func(method string, _ []byte) ([]byte, error) {
			if method == "/cosmos.tx.v1beta1.Service/Simulate" {
				return nil, status.Error(codes.Unknown, "insufficient funds")
			}
			return nil, nil
		}
		funded.answer = func(method string, _ []byte) ([]byte, error) {
			if method == "/cosmos.tx.v1beta1.Service/Simulate" {
				return []byte{0x0a, 2, 0x10, 9}, nil
			}
			return nil, nil
		}
		client := dialPair(poor, funded)
		_, err := client.Simulate(t.Context(), []byte("tx"))
		require.ErrorIs(t, err, chain.ErrInsufficientFunds)
		poor.height.Store(60)
		_, err = client.LatestBlock(t.Context())
		require.NoError(t, err)
		poor.height.Store(50)
		funded.height.Store(60)
		_, err = client.Simulate(t.Context(), []byte("tx"))
		require.NoError(t, err)
	})
}

// A node that stands still is not read while another one goes on.
func TestLag_endpointThatStandsStill(t *testing.T) {
	t.Parallel()
	pair(t, func(t *testing.T, dialPair func(_, _ *node) *chain.Client) {
		stopped, running := deploymentAt(20), deploymentAt(90)
		client := dialPair(stopped, running)
		require.NoError(t, ask(t, client), "block 20 does not have the deployment")
		block, err := client.LatestBlock(t.Context())
		require.NoError(t, err)
		require.EqualValues(t, 90, block.Height)
	})
}
