// SPDX-License-Identifier: Apache-2.0

package chain

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"google.golang.org/grpc"
)

// transport is one endpoint of the chain.
//
// Its errors are one of: the context's, something wrapping [ErrUnreachable]
// (the endpoint did not answer; another may), or the node's answer.
type transport interface {
	// query makes a unary query; method and messages as in gRPC. The height is
	// that of the state which answered, also with an error, or 0 if not told.
	query(ctx context.Context, method string, args, reply any, opts ...grpc.CallOption) (height int64, err error)
	head(ctx context.Context) (head, error)
	broadcast(ctx context.Context, txBytes []byte) error
	// findTx returns the height as query does.
	findTx(ctx context.Context, hash string) (found TxResult, height int64, err error)
	endpoint() string
	close() error
}

// head is what one look at an endpoint tells.
type head struct {
	chainID string
	block   Block
}

// Block is a committed block: its height and the time in its header (UTC).
// Block time is what timeouts of transactions are compared with.
type Block struct {
	Height int64
	Time   time.Time
}

// BroadcastResult says that a node took a transaction into its mempool, or had
// it there already. It is not in a block yet.
type BroadcastResult struct {
	// Hash is the transaction's name: upper case hexadecimal SHA-256 of its bytes.
	Hash string
}

// TxResult is a transaction inside a block, whether it did something or failed.
type TxResult struct {
	Hash   string
	Height int64
	// Codespace and Code are "" and 0 when the transaction did what it says.
	Codespace string
	Code      uint32
	// Log is the chain's raw text; [TxResult.Err] gives it cleaned.
	Log                string
	GasWanted, GasUsed uint64
	// Events are in the order emitted. A failed transaction has only those of
	// fee and signature checks.
	Events []Event
	// Data is the protobuf cosmos.base.abci.v1beta1.TxMsgData, empty on failure.
	Data []byte
}

// Err returns nil for a transaction that succeeded and a [*RejectedError] else.
func (r TxResult) Err() error {
	if r.Code == 0 {
		return nil
	}
	return newRejected(r.Codespace, r.Code, r.Log, r.Hash, r.Height)
}

// Event is something the chain says happened. Values of the network's own
// typed events are JSON texts: strings keep their quotes.
type Event struct {
	Type       string
	Attributes []Attribute
}

// Attribute is one key and value of an [Event].
type Attribute struct {
	Key, Value string
}

// Attr returns the value of the first attribute named key.
func (e Event) Attr(key string) (value string, ok bool) {
	for _, a := range e.Attributes {
		if a.Key == key {
			return a.Value, true
		}
	}
	return "", false
}

// TxHash names a transaction: upper case hexadecimal SHA-256 of its bytes.
func TxHash(txBytes []byte) string {
	sum := sha256.Sum256(txBytes)
	return strings.ToUpper(hex.EncodeToString(sum[:]))
}
