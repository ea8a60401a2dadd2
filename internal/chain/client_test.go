// SPDX-License-Identifier: Apache-2.0

package chain_test

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	"github.com/cosmos/gogoproto/proto"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

const (
	owner  = "akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c"
	seller = "akash19tkvgvwht3n8pcqydrcq4cxwhr8rp2gejxetu7"
)

func TestDial(t *testing.T) {
	t.Parallel()
	both(t, &node{}, func(t *testing.T, client *chain.Client) {
		require.Equal(t, "fake-1", client.ChainID())
		block, err := client.LatestBlock(t.Context())
		require.NoError(t, err)
		require.Equal(t, chain.Block{Height: 42, Time: blockTime}, block)
	})
}

func TestDial_unreachable(t *testing.T) {
	t.Parallel()
	page := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(page.Close)
	grpcAddress, rpcAddress := closedAddress(t), closedAddress(t)
	_, err := chain.Dial(t.Context(), chain.Config{
		GRPC: []string{grpcAddress}, RPC: []string{"http://" + rpcAddress, page.URL + "/?key=hidden"},
		Timeout: time.Second,
	})
	require.ErrorIs(t, err, chain.ErrUnreachable)
	for _, want := range []string{grpcAddress, rpcAddress, page.URL, "refused", "HTTP 404"} {
		require.ErrorContains(t, err, want)
	}
	require.NotContains(t, err.Error(), "hidden")
	_, err = chain.Dial(t.Context(), chain.Config{})
	require.ErrorIs(t, err, chain.ErrUnreachable)
}

func TestDial_wrongChain(t *testing.T) {
	t.Parallel()
	n := &node{chainID: "sandbox-2"}
	address := n.serveGRPC(t)
	_, err := chain.Dial(t.Context(), chain.Config{ChainID: "akashnet-2", GRPC: []string{address}})
	require.ErrorIs(t, err, chain.ErrWrongChainID)
	var wrong *chain.WrongChainIDError
	require.ErrorAs(t, err, &wrong)
	require.Equal(t, chain.WrongChainIDError{Endpoint: address, Want: "akashnet-2", Got: "sandbox-2"}, *wrong)
	require.EqualValues(t, 1, n.calls.Load(), "nothing else is asked")
}

func TestDial_cancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := chain.Dial(ctx, chain.Config{RPC: []string{"http://" + closedAddress(t)}})
	require.ErrorIs(t, err, context.Canceled)
}

func TestFailover(t *testing.T) {
	t.Parallel()
	second := &node{chainID: "fake-1"}
	var down atomic.Bool
	first := &node{chainID: "fake-1", answer: func(string, []byte) ([]byte, error) {
		if down.Load() {
			return nil, status.Error(codes.Unavailable, "going away")
		}
		return nil, nil
	}}
	client := dial(t, chain.Config{GRPC: []string{first.serveGRPC(t), second.serveGRPC(t)}})
	require.Zero(t, second.calls.Load(), "one endpoint is kept while it answers")
	down.Store(true)
	_, err := client.LatestBlock(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 2, second.calls.Load(), "chain id, then the question")
	before := first.calls.Load()
	_, err = client.LatestBlock(t.Context())
	require.NoError(t, err)
	require.Equal(t, before, first.calls.Load(), "the one that answers is kept")
}

func TestFailover_neverToAnotherChain(t *testing.T) {
	t.Parallel()
	var down atomic.Bool
	first := &node{chainID: "fake-1", answer: func(string, []byte) ([]byte, error) {
		if down.Load() {
			return nil, status.Error(codes.Unavailable, "going away")
		}
		return nil, nil
	}}
	second := &node{chainID: "fake-2", broadcast: func([]byte) (any, error) {
		t.Error("a transaction went to another chain")
		return nil, errors.New("no")
	}}
	client := dial(t, chain.Config{GRPC: []string{first.serveGRPC(t)}, RPC: []string{second.serveRPC(t)}})
	down.Store(true)
	_, err := client.LatestBlock(t.Context())
	require.ErrorIs(t, err, chain.ErrWrongChainID)
	_, err = client.Broadcast(t.Context(), []byte("tx"))
	require.Error(t, err)
	down.Store(false)
	_, err = client.LatestBlock(t.Context())
	require.NoError(t, err)
}

func TestSlowEndpointIsPassedOver(t *testing.T) {
	t.Parallel()
	stuck := make(chan struct{})
	slow := &node{chainID: "fake-1", answer: func(string, []byte) ([]byte, error) { <-stuck; return nil, nil }}
	quick := &node{chainID: "fake-1"}
	slowAddress, quickAddress := slow.serveGRPC(t), quick.serveRPC(t)
	t.Cleanup(func() { close(stuck) })
	client := dial(t, chain.Config{
		GRPC: []string{slowAddress}, RPC: []string{quickAddress}, Timeout: 100 * time.Millisecond,
	})
	_, err := client.LatestBlock(t.Context())
	require.NoError(t, err)
}

func TestQueries_typedErrors(t *testing.T) {
	t.Parallel()
	n := &node{answer: func(method string, _ []byte) ([]byte, error) {
		switch method {
		case "/akash.deployment.v1beta4.Query/Deployment":
			return nil, notFound("Deployment not found")
		case "/akash.market.v1beta5.Query/Lease":
			return nil, notFound("invalid lease: lease not found")
		case "/cosmos.auth.v1beta1.Query/AccountInfo":
			return nil, notFound("account " + owner + " not found")
		case "/akash.audit.v1.Query/ProviderAttributes":
			return nil, notFound("invalid provider: address not found")
		}
		return nil, nil
	}}
	deployment := ids.DeploymentID{Owner: owner, DSeq: 7}
	both(t, n, func(t *testing.T, client *chain.Client) {
		_, err := client.FindDeployment(t.Context(), deployment)
		require.ErrorIs(t, err, chain.ErrDeploymentNotFound)
		require.ErrorIs(t, err, chain.ErrNotFound)
		require.ErrorContains(t, err, owner+"/7")
		_, err = client.FindLease(t.Context(), deployment.Group(1).Order(1).Bid(seller).Lease())
		require.ErrorIs(t, err, chain.ErrLeaseNotFound)
		_, err = client.FindAccount(t.Context(), owner)
		require.ErrorIs(t, err, chain.ErrAccountNotFound)
		audits, err := client.ListAudits(t.Context(), seller)
		require.NoError(t, err)
		require.Empty(t, audits)
	})
}

func marshal(t *testing.T, m proto.Message) []byte {
	t.Helper()
	raw, err := proto.Marshal(m)
	require.NoError(t, err)
	return raw
}

func TestFindAccount(t *testing.T) {
	t.Parallel()
	// A public key of a type nobody registered must not spoil the answer.
	info := &authtypes.BaseAccount{
		Address: owner, AccountNumber: 7, Sequence: 22, PubKey: &codectypes.Any{TypeUrl: "/x.Unknown", Value: []byte{1}},
	}
	n := &node{answer: func(method string, _ []byte) ([]byte, error) {
		if method == "/cosmos.auth.v1beta1.Query/AccountInfo" {
			return marshal(t, &authtypes.QueryAccountInfoResponse{Info: info}), nil
		}
		return nil, nil
	}}
	both(t, n, func(t *testing.T, client *chain.Client) {
		account, err := client.FindAccount(t.Context(), owner)
		require.NoError(t, err)
		require.Equal(t, chain.Account{Address: owner, Number: 7, Sequence: 22, HasPubKey: true}, account)
	})
}

func TestLists_walkAllPages(t *testing.T) {
	t.Parallel()
	n := &node{answer: func(method string, data []byte) ([]byte, error) {
		switch method {
		case "/akash.market.v1beta5.Query/Leases":
			var q marketv1beta5.QueryLeasesRequest
			require.NoError(t, q.Unmarshal(data))
			require.Equal(t, "active", q.Filters.State)
			require.Equal(t, seller, q.Filters.Provider)
			page := 0
			if len(q.Pagination.Key) > 0 {
				page = int(q.Pagination.Key[0])
			}
			reply := &marketv1beta5.QueryLeasesResponse{Pagination: &query.PageResponse{}}
			for i := range 3 {
				reply.Leases = append(reply.Leases, marketv1beta5.QueryLeaseResponse{
					Lease: marketv1.Lease{ID: marketv1.LeaseID{DSeq: uint64(3*page + i + 1)}},
				})
			}
			if page < 2 {
				reply.Pagination.NextKey = []byte{byte(page + 1)}
			}
			return marshal(t, reply), nil
		case "/akash.deployment.v1beta4.Query/Deployments":
			return marshal(t, &deploymentv1beta4.QueryDeploymentsResponse{
				Pagination: &query.PageResponse{NextKey: []byte("again")},
			}), nil
		}
		return nil, nil
	}}
	both(t, n, func(t *testing.T, client *chain.Client) {
		leases, err := client.ListLeases(t.Context(), chain.LeaseFilter{ProviderAddr: seller, State: "active"})
		require.NoError(t, err)
		require.Len(t, leases, 9)
		require.EqualValues(t, 9, leases[8].Lease.ID.DSeq)
		_, err = client.ListDeployments(t.Context(), owner, "")
		require.ErrorContains(t, err, "repeats a page key")
		bids, err := client.ListBids(t.Context(), ids.OrderID{Owner: owner, DSeq: 1, GSeq: 1, OSeq: 1})
		require.NoError(t, err)
		require.Empty(t, bids)
	})
}

func TestMinGasPrices(t *testing.T) {
	t.Parallel()
	text := "0.002500000000000000uakt"
	n := &node{answer: func(method string, _ []byte) ([]byte, error) {
		if method == "/cosmos.base.node.v1beta1.Service/Config" {
			return append([]byte{0x0a, byte(len(text))}, text...), nil
		}
		return nil, nil
	}}
	both(t, n, func(t *testing.T, client *chain.Client) {
		prices, err := client.MinGasPrices(t.Context())
		require.NoError(t, err)
		require.Equal(t, "0.0025", prices.AmountOf("uakt").String()[:6])
	})
}

func TestSimulate(t *testing.T) {
	t.Parallel()
	n := &node{answer: func(method string, data []byte) ([]byte, error) {
		if method != "/cosmos.tx.v1beta1.Service/Simulate" {
			return nil, nil
		}
		var q txtypes.SimulateRequest
		require.NoError(t, q.Unmarshal(data))
		if string(q.TxBytes) == "bad" {
			return nil, status.Error(codes.Unknown, "failed to execute message; message index: 3: Deployment exists "+
				"[akash.network/x/deployment/server.go:50] with gas used: '335523'")
		}
		return marshal(t, &txtypes.SimulateResponse{GasInfo: &sdk.GasInfo{GasUsed: 99}}), nil
	}}
	both(t, n, func(t *testing.T, client *chain.Client) {
		gas, err := client.Simulate(t.Context(), []byte("good"))
		require.NoError(t, err)
		require.EqualValues(t, 99, gas)
		_, err = client.Simulate(t.Context(), []byte("bad"))
		require.ErrorIs(t, err, chain.ErrDeploymentExists)
		var rejected *chain.RejectedError
		require.ErrorAs(t, err, &rejected)
		require.Equal(t, 3, rejected.MessageIndex)
		require.Zero(t, rejected.Height)
	})
}

func TestBroadcast(t *testing.T) {
	t.Parallel()
	answers := map[string]sdk.TxResponse{
		"ok":        {},
		"known":     {Codespace: "sdk", Code: 19},
		"exists":    {Codespace: "sdk", Code: 20},
		"too large": {Codespace: "sdk", Code: 21},
		"sequence":  {Codespace: "sdk", Code: 32, RawLog: "account sequence mismatch, expected 1, got 2: incorrect account sequence"},
	}
	n := &node{
		answer: func(method string, data []byte) ([]byte, error) {
			if method != "/cosmos.tx.v1beta1.Service/BroadcastTx" {
				return nil, nil
			}
			var q txtypes.BroadcastTxRequest
			require.NoError(t, q.Unmarshal(data))
			require.Equal(t, txtypes.BroadcastMode_BROADCAST_MODE_SYNC, q.Mode)
			r := answers[string(q.TxBytes)]
			return marshal(t, &txtypes.BroadcastTxResponse{TxResponse: &r}), nil
		},
		broadcast: func(tx []byte) (any, error) {
			switch string(tx) {
			case "known":
				return nil, errors.New("tx already exists in cache")
			case "exists":
				return nil, errors.New("mempool is full: number of txs 5000 (max: 5000)")
			case "too large":
				return nil, errors.New("Tx too large. Max size is 1048576, but got 1155179")
			}
			r := answers[string(tx)]
			return map[string]any{"code": r.Code, "codespace": r.Codespace, "log": r.RawLog}, nil
		},
	}
	both(t, n, func(t *testing.T, client *chain.Client) {
		result, err := client.Broadcast(t.Context(), []byte("ok"))
		require.NoError(t, err)
		require.Equal(t, chain.TxHash([]byte("ok")), result.Hash)
		_, err = client.Broadcast(t.Context(), []byte("known"))
		require.NoError(t, err, "the node has it: that is what was wanted")
		for tx, want := range map[string]error{
			"sequence": chain.ErrSequence, "exists": chain.ErrMempoolFull, "too large": chain.ErrTxTooLarge,
		} {
			_, err = client.Broadcast(t.Context(), []byte(tx))
			require.ErrorIs(t, err, want)
			var rejected *chain.RejectedError
			require.ErrorAs(t, err, &rejected)
			require.Equal(t, chain.TxHash([]byte(tx)), rejected.TxHash)
		}
	})
}

func TestBroadcast_lostAnswer(t *testing.T) {
	t.Parallel()
	busy := &node{chainID: "fake-1", broadcast: func([]byte) (any, error) {
		return nil, errors.New("timed out waiting for tx to be included")
	}}
	refusing := &node{chainID: "fake-1", broadcast: func([]byte) (any, error) {
		return map[string]any{"code": 18, "codespace": "sdk", "log": "already used timeout 1"}, nil
	}}
	taking := &node{chainID: "fake-1", broadcast: func([]byte) (any, error) { return map[string]any{"code": 0}, nil }}

	client := dial(t, chain.Config{RPC: []string{busy.serveRPC(t)}})
	_, err := client.Broadcast(t.Context(), []byte("tx"))
	require.ErrorIs(t, err, chain.ErrBroadcastUnknown)

	client = dial(t, chain.Config{RPC: []string{busy.serveRPC(t), refusing.serveRPC(t)}})
	_, err = client.Broadcast(t.Context(), []byte("tx"))
	require.ErrorIs(t, err, chain.ErrBroadcastUnknown, "a refusal after a lost answer proves nothing")
	var rejected *chain.RejectedError
	require.NotErrorAs(t, err, &rejected)

	client = dial(t, chain.Config{RPC: []string{busy.serveRPC(t), taking.serveRPC(t)}})
	_, err = client.Broadcast(t.Context(), []byte("tx"))
	require.NoError(t, err)
}

func TestBroadcast_notSent(t *testing.T) {
	t.Parallel()
	for _, transport := range []string{"grpc", "rpc"} {
		n := &node{chainID: "fake-1"}
		cfg := chain.Config{}
		var stop func()
		if transport == "rpc" {
			server := httptest.NewServer(n)
			cfg.RPC, stop = []string{server.URL}, server.Close
		} else {
			address, server := n.startGRPC(t)
			cfg.GRPC, stop = []string{address}, server.Stop
		}
		client := dial(t, cfg)
		stop()
		// The first call may still go out on the dying connection.
		require.Eventually(t, func() bool {
			_, err := client.Broadcast(t.Context(), []byte("tx"))
			return errors.Is(err, chain.ErrNotSent) && !errors.Is(err, chain.ErrBroadcastUnknown)
		}, 5*time.Second, 20*time.Millisecond, transport)
	}
}

func TestFindTx(t *testing.T) {
	t.Parallel()
	hash := chain.TxHash([]byte("x"))
	event := abci.Event{Type: "tx", Attributes: []abci.EventAttribute{{Key: "fee", Value: "313uakt"}}}
	n := &node{
		answer: func(method string, data []byte) ([]byte, error) {
			if method != "/cosmos.tx.v1beta1.Service/GetTx" {
				return nil, nil
			}
			var q txtypes.GetTxRequest
			require.NoError(t, q.Unmarshal(data))
			if q.Hash != hash {
				return nil, notFound("tx not found: " + q.Hash)
			}
			return marshal(t, &txtypes.GetTxResponse{TxResponse: &sdk.TxResponse{
				Height: 9, TxHash: hash, Codespace: "deployment", Code: 5, GasWanted: 10, GasUsed: 7, Data: "0a00",
				RawLog: "failed to execute message; message index: 1: Deployment closed", Events: []abci.Event{event},
			}}), nil
		},
		tx: func(got string) (any, error) {
			if want, _ := hex.DecodeString(hash); hex.EncodeToString(want) != got {
				return nil, fmt.Errorf("tx (%s) not found", got)
			}
			return map[string]any{"height": "9", "tx_result": map[string]any{
				"code": 5, "codespace": "deployment", "gas_wanted": "10", "gas_used": "7", "data": "CgA=",
				"log":    "failed to execute message; message index: 1: Deployment closed",
				"events": []any{map[string]any{"type": "tx", "attributes": []any{map[string]any{"key": "fee", "value": "313uakt"}}}},
			}}, nil
		},
	}
	both(t, n, func(t *testing.T, client *chain.Client) {
		found, err := client.FindTx(t.Context(), hash)
		require.NoError(t, err)
		require.Equal(t, chain.TxResult{
			Hash: hash, Height: 9, Codespace: "deployment", Code: 5, GasWanted: 10, GasUsed: 7, Data: []byte{10, 0},
			Log:    "failed to execute message; message index: 1: Deployment closed",
			Events: []chain.Event{{Type: "tx", Attributes: []chain.Attribute{{Key: "fee", Value: "313uakt"}}}},
		}, found)
		require.ErrorIs(t, found.Err(), chain.ErrDeploymentClosed)
		_, err = client.FindTx(t.Context(), chain.TxHash([]byte("y")))
		require.ErrorIs(t, err, chain.ErrTxNotFound)
		require.ErrorIs(t, err, chain.ErrNotFound)
	})
	// A node without an index must not look like one that has not seen the transaction.
	blind := &node{chainID: "fake-1", tx: func(string) (any, error) {
		return nil, errors.New("transaction indexing is disabled")
	}}
	_, err := dial(t, chain.Config{RPC: []string{blind.serveRPC(t)}}).FindTx(t.Context(), hash)
	require.NotErrorIs(t, err, chain.ErrNotFound)
	require.ErrorContains(t, err, "indexing is disabled")
}

func TestEndpoints(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"host:9090": "host:9090 false", "http://host:9090": "host:9090 false", "https://host:9090/": "host:9090 true",
		"https://host": "host:443 true", "host:443": "host:443 true", "[::1]:9090": "[::1]:9090 false",
		"http://host": "host:80 false", "tcp://host:1": "host:1 false",
		"host": "error", "": "error", "ftp://host:1": "error", "https://user:pass@host": "error", ":9090": "error",
	} {
		target, useTLS, err := chain.GRPCTarget(text)
		got := fmt.Sprint(target, " ", useTLS)
		if err != nil {
			got = "error"
			require.NotContains(t, err.Error(), "pass")
		}
		require.Equal(t, want, got, text)
	}
	for text, want := range map[string]string{
		"http://host:26657": "http://host:26657", "tcp://host:26657": "http://host:26657", "host:26657": "http://host:26657",
		"host:443": "https://host:443", "https://host/rpc": "https://host/rpc", "": "error", "ftp://host": "error",
		"http://": "error",
	} {
		got, err := chain.RPCURL(text)
		if err != nil {
			got = "error"
		}
		require.Equal(t, want, got, text)
	}
	require.NotContains(t, chain.RedactURL("https://me:secret@host/rpc?key=secret"), "secret")
}
