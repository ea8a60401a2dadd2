// SPDX-License-Identifier: Apache-2.0

package devnet

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Endpoint is one of the network's public endpoints.
type Endpoint string

// The public endpoints.
const (
	EndpointRPC  Endpoint = "rpc"
	EndpointGRPC Endpoint = "grpc"
	EndpointREST Endpoint = "rest"
)

// ErrAnswerLost is what a caller gets for the answer that a fault of a [FaultPlan] has lost: over gRPC and REST it is
// Unavailable, as a broken connection is.
var ErrAnswerLost error = lostAnswer{}

type lostAnswer struct{}

func (lostAnswer) Error() string { return "fault: the connection broke before the answer" }

// GRPCStatus is how gRPC tells it.
func (e lostAnswer) GRPCStatus() *status.Status { return status.New(codes.Unavailable, e.Error()) }

// Refusals for [Faults.RefuseBroadcast], answered as the network words them.
var (
	// ErrMempoolFull is the node's own refusal of more transactions; gRPC and REST answer it as sdk 20.
	ErrMempoolFull = errors.New("mempool is full")
	// ErrSequenceMismatch is sdk 32, as if another transaction of the signer had
	// come first. Unordered transactions have no sequence and are let through.
	ErrSequenceMismatch = errors.New("account sequence mismatch")
)

// Faults are ways in which the public endpoints misbehave: RPC, gRPC and REST
// alike, unless said otherwise. The Akash providers and [Network.Conn] do not meet them. Functions must be
// safe for concurrent use; nil ones do nothing. The zero value does nothing.
type Faults struct {
	// LoseBroadcast is asked for every broadcast transaction. When it returns true,
	// the caller is told that the transaction was accepted, and it is dropped.
	LoseBroadcast func(tx []byte) bool
	// RefuseBroadcast is asked for every broadcast transaction. When it returns an error, the transaction is
	// dropped: [ErrMempoolFull] and [ErrSequenceMismatch] are answered as a node
	// does, anything else as a failure of the connection.
	RefuseBroadcast func(tx []byte) error
	// FailAnswer is asked after a broadcast transaction was accepted. When it returns an error, the caller
	// gets that error although the transaction will be in a block.
	FailAnswer func(tx []byte) error
	// FailAfterBlock is the same once the transaction is in a block; it is asked when it is.
	FailAfterBlock func(tx []byte) error
	// Reset is asked for every request to an endpoint. When it returns true, the request is not looked at and its
	// connection is reset; over gRPC that ends the calls beside it, too.
	Reset func(at Endpoint) bool
	// LagBlocks makes answers as old as so many blocks, at most the thousand whose
	// state is kept: status, blocks, transactions and queries. What is broadcast or simulated meets the newest
	// state, and websocket events are on time.
	LagBlocks int64
	// ChainID is told in place of the real one, in status, headers and node
	// information; "" is the truth.
	ChainID string
	// Delay comes before every answer; on a websocket, before the first only.
	Delay time.Duration
	// SimulatedGasPercent scales the gas that simulations report; 0 is 100. Less
	// makes transactions run out of gas whose sender believes it.
	SimulatedGasPercent uint64
}

// SetFaults replaces the faults of [Options] while the network runs; answers
// under way keep the old ones. The zero value ends all of them. See [Network.ApplyFaults] for faults as data.
func (n *Network) SetFaults(f Faults) { n.faults.set(f) }

// faultBox holds the faults in force. A nil box has none. Safe for concurrent use.
type faultBox struct {
	current atomic.Pointer[endpointFaults]
}

func (b *faultBox) set(f Faults) { b.place(&endpointFaults{Faults: f}) }

func (b *faultBox) place(f *endpointFaults) { b.current.Store(f) }

func (b *faultBox) get() Faults {
	if b == nil {
		return Faults{}
	}
	if f := b.current.Load(); f != nil {
		return f.Faults
	}
	return Faults{}
}

// wait lets the delay go by, or ctx end.
func (b *faultBox) wait(ctx context.Context) error {
	delay := b.get().Delay
	if delay <= 0 {
		return nil
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// gas is what a simulation reports that found used.
func (b *faultBox) gas(used uint64) uint64 {
	if share := b.get().SimulatedGasPercent; share != 0 {
		return used * share / 100
	}
	return used
}

// chainID is the one to tell.
func (b *faultBox) chainID(actual string) string {
	if other := b.get().ChainID; other != "" {
		return other
	}
	return actual
}

// height is the newest that may be told of, where the chain is at latest.
func (b *faultBox) height(latest int64) int64 {
	return min(latest, max(1, latest-max(0, b.get().LagBlocks)))
}
