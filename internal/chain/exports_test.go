// SPDX-License-Identifier: Apache-2.0

package chain

import (
	"context"

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

// InvokeRaw sends bytes as they are and returns the answer's.
func (c *Client) InvokeRaw(ctx context.Context, method string, data []byte) ([]byte, error) {
	var reply rawMessage
	err := c.pool.Invoke(ctx, method, &rawMessage{bytes: data}, &reply)
	return reply.bytes, err
}
