// SPDX-License-Identifier: Apache-2.0

package chain

import (
	"context"

	"github.com/hashicorp/go-hclog"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
)

// Internals for the tests of this package.
var (
	CleanLog          = cleanLog
	GRPCTarget        = grpcTarget
	RPCURL            = rpcURL
	RedactURL         = redactURL
	DecodeLatestBlock = func(msg []byte) error { _, err := decodeLatestBlock(msg); return err }
)

// QueryErrorOf builds the error of a gRPC status.
func QueryErrorOf(method string, code uint32, text string) error {
	return newQueryError(method, codes.Code(code), text)
}

// ABCIErrorOf builds the error of an ABCI query.
func ABCIErrorOf(method, codespace string, code uint32, log string) error {
	status, text := abciStatus(codespace, code, log)
	return newQueryError(method, status, text)
}

// Stub is an endpoint without a network, for tests in fake time.
type Stub struct {
	Name  string
	Block func() (Block, error)
	// ChainID is fake-1 when nil.
	ChainID func() string
	// Query answers and tells its height, 0 for none; a transaction is found at it.
	Query func() (int64, error)
}

// NewStubClient is a client of endpoints without a network.
func NewStubClient(stubs ...*Stub) *Client {
	p := &pool{timeout: DefaultTimeout, log: hclog.NewNullLogger()}
	for _, s := range stubs {
		p.nodes = append(p.nodes, &node{transport: s})
	}
	return &Client{pool: p}
}

func (s *Stub) query(context.Context, string, any, any, ...grpc.CallOption) (int64, error) {
	return s.Query()
}

func (s *Stub) head(context.Context) (head, error) {
	block, err := s.Block()
	id := "fake-1"
	if s.ChainID != nil {
		id = s.ChainID()
	}
	return head{chainID: id, block: block}, err
}

func (s *Stub) broadcast(context.Context, []byte) error { return nil }

func (s *Stub) findTx(_ context.Context, hash string) (TxResult, int64, error) {
	height, err := s.Query()
	return TxResult{Hash: hash, Height: height}, height, err
}

func (s *Stub) endpoint() string { return s.Name }

func (s *Stub) close() error { return nil }

// InvokeRaw sends bytes as they are and returns the answer's.
func (c *Client) InvokeRaw(ctx context.Context, method string, data []byte) ([]byte, error) {
	var reply rawMessage
	err := c.pool.Invoke(ctx, method, &rawMessage{bytes: data}, &reply)
	return reply.bytes, err
}
