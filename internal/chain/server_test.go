// SPDX-License-Identifier: Apache-2.0

package chain_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
)

const latestBlockMethod = "/cosmos.base.tendermint.v1beta1.Service/GetLatestBlock"

// node is a scripted chain node behind a real gRPC or RPC server.
type node struct {
	chainID string
	// answer serves queries; nil bytes and nil error is an empty message.
	answer func(method string, data []byte) ([]byte, error)
	// broadcast and tx serve JSON-RPC; the result is marshalled.
	broadcast func(tx []byte) (any, error)
	tx        func(hash string) (any, error)
	calls     atomic.Int32
	// height is that of its last block, 0 stands for 42.
	height atomic.Int64
	// tellsHeight adds the height to the answers of queries; inTrailer is where a
	// gRPC error has it that comes without headers.
	tellsHeight, inTrailer bool
	// down gives no answer at all.
	down atomic.Bool
}

func (n *node) lastHeight() int64 {
	if height := n.height.Load(); height != 0 {
		return height
	}
	return 42
}

func latestBlock(chainID string, height int64, at time.Time) []byte {
	var stamp, header, block, reply []byte
	stamp = protowire.AppendVarint(protowire.AppendTag(stamp, 1, protowire.VarintType), uint64(at.Unix()))
	stamp = protowire.AppendVarint(protowire.AppendTag(stamp, 2, protowire.VarintType), uint64(at.Nanosecond()))
	header = protowire.AppendBytes(protowire.AppendTag(header, 2, protowire.BytesType), []byte(chainID))
	header = protowire.AppendVarint(protowire.AppendTag(header, 3, protowire.VarintType), uint64(height))
	header = protowire.AppendBytes(protowire.AppendTag(header, 4, protowire.BytesType), stamp)
	block = protowire.AppendBytes(protowire.AppendTag(block, 1, protowire.BytesType), header)
	return protowire.AppendBytes(protowire.AppendTag(reply, 3, protowire.BytesType), block)
}

var blockTime = time.Date(2026, 3, 4, 5, 6, 7, 8900, time.UTC)

func (n *node) query(method string, data []byte) ([]byte, error) {
	n.calls.Add(1)
	if n.answer != nil {
		if reply, err := n.answer(method, data); reply != nil || err != nil {
			return reply, err
		}
	}
	if method == latestBlockMethod {
		return latestBlock(n.chainID, n.lastHeight(), blockTime), nil
	}
	return []byte{}, nil
}

// rawCodec passes messages through a gRPC server as bytes.
type rawCodec struct{}

func (rawCodec) Name() string { return "proto" }

func (rawCodec) Marshal(v any) ([]byte, error) { return *v.(*[]byte), nil }

func (rawCodec) Unmarshal(data []byte, v any) error {
	*v.(*[]byte) = append([]byte(nil), data...)
	return nil
}

func (n *node) serveGRPC(t *testing.T) string {
	t.Helper()
	_, address := n.startGRPC(t)
	return address
}

func (n *node) startGRPC(t *testing.T, options ...grpc.ServerOption) (*grpc.Server, string) {
	t.Helper()
	server := grpc.NewServer(append(options, grpc.ForceServerCodec(rawCodec{}),
		grpc.UnknownServiceHandler(func(_ any, stream grpc.ServerStream) error {
			method, _ := grpc.MethodFromServerStream(stream)
			var request []byte
			if err := stream.RecvMsg(&request); err != nil {
				return err
			}
			if n.down.Load() {
				return status.Error(codes.Unavailable, "going away")
			}
			height := metadata.Pairs("x-cosmos-block-height", strconv.FormatInt(n.lastHeight(), 10))
			reply, err := n.query(method, request)
			switch {
			case n.tellsHeight && n.inTrailer:
				stream.SetTrailer(height)
			case n.tellsHeight:
				if err := stream.SetHeader(height); err != nil {
					return err
				}
			}
			if err != nil {
				return err
			}
			return stream.SendMsg(&reply)
		}))...)
	var listen net.ListenConfig
	listener, err := listen.Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	return server, listener.Addr().String()
}

// ServeHTTP is a CometBFT RPC server as far as the client uses one.
func (n *node) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var request struct {
		Method string `json:"method"`
		Params struct {
			Path string `json:"path"`
			Data string `json:"data"`
			Tx   []byte `json:"tx"`
			Hash []byte `json:"hash"`
		} `json:"params"`
	}
	if n.down.Load() {
		http.Error(w, "going away", http.StatusServiceUnavailable)
		return
	}
	if json.NewDecoder(r.Body).Decode(&request) != nil {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	var result any
	var err error
	switch request.Method {
	case "status":
		n.calls.Add(1)
		result = map[string]any{
			"node_info": map[string]any{"network": n.chainID},
			"sync_info": map[string]any{
				"latest_block_height": strconv.FormatInt(n.lastHeight(), 10), "latest_block_time": blockTime,
			},
		}
	case "abci_query":
		data, _ := hex.DecodeString(request.Params.Data)
		height := n.lastHeight()
		var value []byte
		value, err = n.query(request.Params.Path, data)
		response := map[string]any{"code": 0, "value": base64.StdEncoding.EncodeToString(value)}
		if s, ok := status.FromError(err); err != nil && ok {
			response = map[string]any{"code": 22, "codespace": "sdk", "log": s.Message() + ": key not found"}
			err = nil
		}
		if n.tellsHeight {
			response["height"] = strconv.FormatInt(height, 10)
		} else {
			response["height"] = nil
		}
		result = map[string]any{"response": response}
	case "broadcast_tx_sync":
		result, err = n.broadcast(request.Params.Tx)
	case "tx":
		result, err = n.tx(hex.EncodeToString(request.Params.Hash))
	default:
		err = fmt.Errorf("method %s not found", request.Method)
	}
	answer := map[string]any{"jsonrpc": "2.0", "id": 1, "result": result}
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		answer = map[string]any{"jsonrpc": "2.0", "id": 1, "error": map[string]any{
			"code": -32603, "message": "Internal error", "data": err.Error(),
		}}
		if errors.Is(err, errMethod) {
			answer["error"] = map[string]any{"code": -32601, "message": "Method not found"}
		}
	}
	_ = json.NewEncoder(w).Encode(answer)
}

func (n *node) serveRPC(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(n)
	t.Cleanup(server.Close)
	return server.URL
}

func dial(t *testing.T, cfg chain.Config) *chain.Client {
	t.Helper()
	if cfg.Timeout == 0 {
		cfg.Timeout = 5 * time.Second
	}
	client, err := chain.Dial(t.Context(), cfg)
	require.NoError(t, err)
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// errMethod is what a server answers about a method that it does not have.
var errMethod = errors.New("method not found")

// both runs a test over gRPC and over RPC: callers must not see a difference.
func both(t *testing.T, n *node, f func(t *testing.T, client *chain.Client)) {
	t.Helper()
	if n.chainID == "" {
		n.chainID = "fake-1"
	}
	t.Run("grpc", func(t *testing.T) { f(t, dial(t, chain.Config{GRPC: []string{n.serveGRPC(t)}})) })
	t.Run("rpc", func(t *testing.T) { f(t, dial(t, chain.Config{RPC: []string{n.serveRPC(t)}})) })
}

func notFound(text string) error { return status.Error(codes.NotFound, text) }

func closedAddress(t *testing.T) string {
	t.Helper()
	var listen net.ListenConfig
	listener, err := listen.Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}
