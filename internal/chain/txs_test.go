// SPDX-License-Identifier: Apache-2.0

package chain_test

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net/http/httptest"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
)

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
		"sequence": {
			Codespace: "sdk", Code: 32,
			RawLog: "account sequence mismatch, expected 1, got 2: incorrect account sequence",
		},
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
			server, address := n.startGRPC(t)
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

func txInBlock(t *testing.T, hash string, height int64) []byte {
	t.Helper()
	return marshal(t, &txtypes.GetTxResponse{TxResponse: &sdk.TxResponse{Height: height, TxHash: hash}})
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
				"log": "failed to execute message; message index: 1: Deployment closed",
				"events": []any{map[string]any{
					"type": "tx", "attributes": []any{map[string]any{"key": "fee", "value": "313uakt"}},
				}},
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

// What confirms a payment must be about this payment, and in a block.
func TestFindTx_anotherTransaction(t *testing.T) {
	t.Parallel()
	hash := chain.TxHash([]byte("x"))
	for name, answer := range map[string]sdk.TxResponse{
		"another hash": {Height: 9, TxHash: chain.TxHash([]byte("y"))},
		"no hash":      {Height: 9},
		"no block":     {TxHash: hash},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := &node{chainID: "fake-1", answer: func(method string, _ []byte) ([]byte, error) {
				if method != "/cosmos.tx.v1beta1.Service/GetTx" {
					return nil, nil
				}
				return marshal(t, &txtypes.GetTxResponse{TxResponse: &answer}), nil
			}}
			_, err := dial(t, chain.Config{GRPC: []string{n.serveGRPC(t)}}).FindTx(t.Context(), hash)
			require.ErrorIs(t, err, chain.ErrUnreachable)
			require.NotErrorIs(t, err, chain.ErrNotFound)
		})
	}
}
