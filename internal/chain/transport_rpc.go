// SPDX-License-Identifier: Apache-2.0

package chain

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
)

// rpcTransport asks a node through CometBFT's JSON-RPC: queries go as
// abci_query, whose path is the gRPC method.
type rpcTransport struct {
	name string
	rpc  *jsonRPC
}

func newRPCTransport(endpoint string) (*rpcTransport, error) {
	address, err := rpcURL(endpoint)
	if err != nil {
		return nil, err
	}
	name := redactURL(endpoint)
	return &rpcTransport{name: name, rpc: newJSONRPC(name, address)}, nil
}

func (t *rpcTransport) endpoint() string { return t.name }

func (t *rpcTransport) close() error {
	t.rpc.http.CloseIdleConnections()
	return nil
}

// text64 is a 64 bit number that CometBFT writes as a JSON string.
type text64 int64

func (n *text64) UnmarshalJSON(text []byte) error {
	if string(text) == "null" || string(text) == `""` {
		return nil // a height that is not told is no reason to drop an answer
	}
	var number json.Number
	if err := json.Unmarshal(bytes.Trim(text, `"`), &number); err != nil {
		return err
	}
	value, err := number.Int64()
	*n = text64(value)
	return err
}

func (t *rpcTransport) query(
	ctx context.Context, method string, args, reply any, _ ...grpc.CallOption,
) (int64, error) {
	request, err := wireCodec{}.Marshal(args)
	if err != nil {
		return 0, fmt.Errorf("query %s: %w", method, err)
	}
	var answer struct {
		Response struct {
			Code      uint32 `json:"code"`
			Codespace string `json:"codespace"`
			Log       string `json:"log"`
			Value     []byte `json:"value"`
			Height    text64 `json:"height"`
		} `json:"response"`
	}
	err = t.rpc.call(ctx, "abci_query", map[string]any{
		"path": method, "data": hex.EncodeToString(request), "height": "0", "prove": false,
	}, &answer)
	if err != nil {
		return 0, t.wrap("abci_query", err)
	}
	r := answer.Response
	if r.Code != 0 {
		code, text := abciStatus(r.Codespace, r.Code, r.Log)
		return int64(r.Height), newQueryError(method, code, text)
	}
	if err := (wireCodec{}).Unmarshal(r.Value, reply); err != nil {
		return int64(r.Height), fmt.Errorf("query %s: answer: %w", method, err)
	}
	return int64(r.Height), nil
}

// wrap treats an error object of the RPC server as no answer of the chain: the
// server refused (rate limits, overload) before the application was asked. A
// method that it does not have is [ErrUnsupported].
func (t *rpcTransport) wrap(method string, err error) error {
	var answered *rpcError
	switch {
	case !errors.As(err, &answered):
		return err
	case answered.Code == methodNotFound:
		return newQueryError(method, codes.Unimplemented, answered.text())
	}
	return &endpointError{endpoint: t.name, text: cleanLog(answered.text())}
}

func (t *rpcTransport) head(ctx context.Context) (head, error) {
	var answer struct {
		NodeInfo struct {
			Network string `json:"network"`
		} `json:"node_info"`
		SyncInfo struct {
			Height text64    `json:"latest_block_height"`
			Time   time.Time `json:"latest_block_time"`
		} `json:"sync_info"`
	}
	if err := t.rpc.call(ctx, "status", nil, &answer); err != nil {
		return head{}, t.wrap("status", err)
	}
	if answer.NodeInfo.Network == "" {
		return head{}, &endpointError{endpoint: t.name, text: "it does not answer as a CometBFT node does"}
	}
	return head{
		chainID: answer.NodeInfo.Network,
		block:   Block{Height: int64(answer.SyncInfo.Height), Time: answer.SyncInfo.Time.UTC()},
	}, nil
}

func (t *rpcTransport) broadcast(ctx context.Context, txBytes []byte) error {
	var answer struct {
		Code      uint32 `json:"code"`
		Codespace string `json:"codespace"`
		Log       string `json:"log"`
	}
	err := t.rpc.call(ctx, "broadcast_tx_sync",
		map[string]any{"tx": base64.StdEncoding.EncodeToString(txBytes)}, &answer)
	var answered *rpcError
	switch {
	case errors.As(err, &answered):
		return t.mempoolError(answered, TxHash(txBytes))
	case err != nil:
		return err
	}
	return checkTxError(answer.Codespace, answer.Code, answer.Log, TxHash(txBytes))
}

// mempoolError reads a broadcast's error object: the mempool refuses in this
// way, but so does a server that was too busy to tell what became of it.
func (t *rpcTransport) mempoolError(answered *rpcError, hash string) error {
	refused := newRejected("", 0, answered.text(), hash, 0)
	switch {
	case errors.Is(refused, ErrTxInMempool):
		return nil
	case errors.Is(refused, ErrMempoolFull), errors.Is(refused, ErrTxTooLarge):
		return refused
	}
	return &endpointError{endpoint: t.name, text: cleanLog(answered.text()), notSent: answered.Code == methodNotFound}
}

// findTx tells no height: the answer of the RPC server has none.
func (t *rpcTransport) findTx(ctx context.Context, hash string) (TxResult, int64, error) {
	name, err := hex.DecodeString(hash)
	if err != nil {
		return TxResult{}, 0, fmt.Errorf("transaction hash %q: %w", hash, err)
	}
	var answer struct {
		Height text64 `json:"height"`
		Result struct {
			Code      uint32 `json:"code"`
			Codespace string `json:"codespace"`
			Log       string `json:"log"`
			Data      []byte `json:"data"`
			GasWanted text64 `json:"gas_wanted"`
			GasUsed   text64 `json:"gas_used"`
			Events    []struct {
				Type       string `json:"type"`
				Attributes []struct {
					Key   string `json:"key"`
					Value string `json:"value"`
				} `json:"attributes"`
			} `json:"events"`
		} `json:"tx_result"`
	}
	err = t.rpc.call(ctx, "tx",
		map[string]any{"hash": base64.StdEncoding.EncodeToString(name), "prove": false}, &answer)
	var answered *rpcError
	if errors.As(err, &answered) {
		// The whole text: "Method not found", or a block that was not found, says
		// nothing about the transaction.
		if strings.Contains(strings.ToLower(answered.text()), fmt.Sprintf("tx (%x) not found", name)) {
			return TxResult{}, 0, newQueryError("tx", codes.NotFound, "tx not found: "+hash)
		}
		return TxResult{}, 0, t.wrap("tx", answered)
	}
	if err != nil {
		return TxResult{}, 0, err
	}
	r := answer.Result
	result := TxResult{
		Hash: strings.ToUpper(hash), Height: int64(answer.Height), Codespace: r.Codespace, Code: r.Code, Log: r.Log,
		GasWanted: unsigned(int64(r.GasWanted)), GasUsed: unsigned(int64(r.GasUsed)), Data: r.Data,
	}
	for _, event := range r.Events {
		e := Event{Type: event.Type}
		for _, a := range event.Attributes {
			e.Attributes = append(e.Attributes, Attribute{Key: a.Key, Value: a.Value})
		}
		result.Events = append(result.Events, e)
	}
	return result, 0, nil
}
