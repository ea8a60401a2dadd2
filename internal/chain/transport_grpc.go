// SPDX-License-Identifier: Apache-2.0

package chain

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	sdk "github.com/cosmos/cosmos-sdk/types"
	grpctypes "github.com/cosmos/cosmos-sdk/types/grpc"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// maxReply bounds one answer of an endpoint in bytes; the longest pages of the
// network's lists are below a tenth of it.
const maxReply = 32 << 20

const (
	methodBroadcast = "/cosmos.tx.v1beta1.Service/BroadcastTx"
	methodGetTx     = "/cosmos.tx.v1beta1.Service/GetTx"
	methodSimulate  = "/cosmos.tx.v1beta1.Service/Simulate"
)

// grpcTransport asks a node through its gRPC server.
type grpcTransport struct {
	name string
	line *grpcLine
}

// newGRPCTransport connects lazily: nothing is dialled before the first call.
func newGRPCTransport(endpoint string) (*grpcTransport, error) {
	line, err := newGRPCLine(endpoint)
	if err != nil {
		return nil, err
	}
	return &grpcTransport{name: redactURL(endpoint), line: line}, nil
}

func (t *grpcTransport) endpoint() string { return t.name }

func (t *grpcTransport) close() error { return t.line.close() }

func (t *grpcTransport) query(
	ctx context.Context, method string, args, reply any, opts ...grpc.CallOption,
) (int64, error) {
	var header, trailer metadata.MD
	opts = append(slices.Clip(opts), grpc.Header(&header), grpc.Trailer(&trailer))
	err := t.line.invoke(ctx, method, args, reply, opts...)
	// An error that comes without headers of its own has them in the trailer.
	height := max(heightIn(header), heightIn(trailer))
	if err != nil {
		return height, t.wrap(ctx, method, err, metadata.Join(header, trailer))
	}
	return height, nil
}

// heightIn reads the height of the state that answered, 0 if it is not there.
func heightIn(md metadata.MD) int64 {
	values := md.Get(grpctypes.GRPCBlockHeightHeader)
	if len(values) == 0 {
		return 0
	}
	height, err := strconv.ParseInt(values[0], 10, 64)
	if err != nil || height < 0 {
		return 0
	}
	return height
}

func (t *grpcTransport) wrap(ctx context.Context, method string, err error, told metadata.MD) error {
	if ctx.Err() != nil {
		return contextError(ctx, t.name)
	}
	s := status.Convert(err)
	switch s.Code() {
	case codes.ResourceExhausted:
		if strings.Contains(s.Message(), "larger than max") { // said by gRPC itself, of this one answer
			return &endpointError{endpoint: t.name, text: cleanLog(s.Message())}
		}
		return t.limited(s, told, false)
	case codes.Unavailable, codes.DeadlineExceeded, codes.Canceled:
		if tooMany(s.Message()) {
			return t.limited(s, told, true)
		}
		return &endpointError{
			endpoint: t.name, text: cleanLog(s.Message()),
			// gRPC says in words only whether a connection existed.
			notSent: s.Code() == codes.Unavailable && strings.Contains(s.Message(), "while dialing"),
		}
	case codes.Internal, codes.Unknown:
		// A web server in front of the node answers in HTML, not in gRPC.
		if strings.Contains(s.Message(), "unexpected HTTP status code") ||
			strings.Contains(s.Message(), "malformed header") {
			return &endpointError{endpoint: t.name, text: cleanLog(s.Message())}
		}
	default: // the node's own answer
	}
	return newQueryError(method, s.Code(), s.Message())
}

// limited is the answer of a server that wants fewer requests; notSent when it is certain that the node was not asked.
func (t *grpcTransport) limited(s *status.Status, told metadata.MD, notSent bool) error {
	e := &endpointError{
		endpoint: t.name, text: "too many requests (" + cleanLog(s.Message()) + ")", notSent: notSent, limited: true,
	}
	for _, value := range told.Get("retry-after") {
		e.retryAfter = max(e.retryAfter, retryAfter(value, time.Now()))
	}
	return e
}

func (t *grpcTransport) head(ctx context.Context) (head, error) {
	var reply rawMessage
	if _, err := t.query(ctx, methodLatestBlock, &rawMessage{}, &reply); err != nil {
		return head{}, err
	}
	h, err := decodeLatestBlock(reply.bytes)
	if err != nil {
		return head{}, &endpointError{endpoint: t.name, text: "latest block: " + err.Error()}
	}
	return h, nil
}

func (t *grpcTransport) broadcast(ctx context.Context, txBytes []byte) error {
	request := &txtypes.BroadcastTxRequest{TxBytes: txBytes, Mode: txtypes.BroadcastMode_BROADCAST_MODE_SYNC}
	reply := new(txtypes.BroadcastTxResponse)
	if _, err := t.query(ctx, methodBroadcast, request, reply); err != nil {
		return err
	}
	if reply.TxResponse == nil {
		return &endpointError{endpoint: t.name, text: "empty answer to a broadcast"}
	}
	r := reply.TxResponse
	return checkTxError(r.Codespace, r.Code, r.RawLog, TxHash(txBytes))
}

// checkTxError gives nil when the node has the transaction, also when it had it before.
func checkTxError(codespace string, code uint32, log, hash string) error {
	if code == 0 {
		return nil
	}
	err := newRejected(codespace, code, log, hash, 0)
	if errors.Is(err, ErrTxInMempool) {
		return nil
	}
	return err
}

func (t *grpcTransport) findTx(ctx context.Context, hash string) (TxResult, int64, error) {
	reply := new(txtypes.GetTxResponse)
	height, err := t.query(ctx, methodGetTx, &txtypes.GetTxRequest{Hash: hash}, reply)
	if err != nil {
		return TxResult{}, height, err
	}
	if reply.TxResponse == nil {
		return TxResult{}, 0, &endpointError{endpoint: t.name, text: "empty answer to a transaction look-up"}
	}
	found, err := txResultOf(reply.TxResponse)
	return found, height, err
}

func txResultOf(r *sdk.TxResponse) (TxResult, error) {
	data, err := hex.DecodeString(r.Data)
	if err != nil {
		return TxResult{}, fmt.Errorf("transaction %s: data: %w", r.TxHash, err)
	}
	result := TxResult{
		Hash: strings.ToUpper(r.TxHash), Height: r.Height, Codespace: r.Codespace, Code: r.Code, Log: r.RawLog,
		GasWanted: unsigned(r.GasWanted), GasUsed: unsigned(r.GasUsed), Data: data,
	}
	for _, event := range r.Events {
		e := Event{Type: event.Type}
		for _, a := range event.Attributes {
			e.Attributes = append(e.Attributes, Attribute{Key: a.Key, Value: a.Value})
		}
		result.Events = append(result.Events, e)
	}
	return result, nil
}

func unsigned(n int64) uint64 {
	if n < 0 {
		return 0
	}
	return uint64(n)
}
