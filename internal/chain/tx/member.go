// SPDX-License-Identifier: Apache-2.0

package tx

import (
	"context"
	"sync"
	"time"

	"cosmossdk.io/math"
)

// member is one request on its way through transactions that it may share with others. Its caller waits in
// [member.wait]; everything else is for the round that carries it.
type member struct {
	ctx context.Context //nolint:containedctx // the caller's, for as long as the caller waits
	req Request

	// Below: only for the round that carries the member, one at a time.
	left retries
	// gasFactor and feeFactor multiply what is estimated, after an attempt that ran out of gas or found no block.
	gasFactor, feeFactor math.LegacyDec
	// missed is the height at which a simulation missed something that this request needs, 0 before.
	missed int64
	// alone: it travels without others from now on.
	alone bool

	mu       sync.Mutex
	stage    stage
	prepared Prepared // since stageSent
	paid     math.Int // in uakt, for attempts that failed in a block and were followed by another one

	done   chan struct{} // closed once result and err are set
	result Result
	err    error
}

// stage says what a caller who stops waiting leaves behind.
type stage int

const (
	stageWaiting   stage = iota // nothing was sent, or what was sent certainly had no effect
	stageWithdrawn              // the caller has gone, nothing will be sent
	stageSent                   // a transaction with its messages may land
)

func newMember(ctx context.Context, req Request) *member {
	return &member{
		ctx: ctx, req: req, left: newRetries(), done: make(chan struct{}),
		gasFactor: math.LegacyOneDec(), feeFactor: math.LegacyOneDec(), paid: math.ZeroInt(),
	}
}

// answer ends the member's journey. The result's fee is the last attempt's.
func (m *member) answer(result Result, err error) {
	paid := m.soFar().FeeUAKT
	if !result.FeeUAKT.IsNil() {
		paid = paid.Add(result.FeeUAKT)
	}
	result.FeeUAKT = paid
	m.result, m.err = result, err
	close(m.done)
}

// soFar is what is known of a member without an answer: what failed attempts cost.
func (m *member) soFar() Result {
	m.mu.Lock()
	defer m.mu.Unlock()
	return Result{FeeUAKT: m.paid}
}

// wait is the caller's side: until there is an answer, or ctx ends. What was sent by then is given confirmGrace.
func (m *member) wait() (Result, error) {
	select {
	case <-m.done:
		return m.result, m.err
	case <-m.ctx.Done():
	}
	if m.withdraw() {
		return m.soFar(), m.ctx.Err()
	}
	grace := time.NewTimer(confirmGrace)
	defer grace.Stop()
	select {
	case <-m.done:
		return m.result, m.err
	case <-grace.C:
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	select {
	case <-m.done: // in the same moment
		return m.result, m.err
	default:
		return Result{FeeUAKT: m.paid}, &UnknownOutcomeError{Prepared: m.prepared, Cause: context.Cause(m.ctx)}
	}
}

// withdraw takes the member out unless its messages may have left. It waits for a BeforeBroadcast that is running.
func (m *member) withdraw() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.stage == stageWaiting {
		m.stage = stageWithdrawn
	}
	return m.stage == stageWithdrawn
}

// gone reports whether the caller stopped waiting before anything was sent.
func (m *member) gone() bool { return m.ctx.Err() != nil && m.withdraw() }

// board tells the caller's hook of the transaction that is about to leave, and of what it costs. The member is aboard
// when it returns true and no error; false says that its caller is gone.
func (m *member) board(p Prepared, feeUAKT math.Int) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.stage == stageWithdrawn || m.ctx.Err() != nil {
		m.stage = stageWithdrawn
		return false, nil
	}
	p.FeeUAKT = m.paid.Add(feeUAKT)
	if m.req.BeforeBroadcast != nil {
		if err := m.req.BeforeBroadcast(p); err != nil {
			return true, &abortedError{cause: err}
		}
	}
	m.stage, m.prepared = stageSent, p
	return true, nil
}

// recall says that what carried the member had no effect and never will, and what its share of the fee was, nil for
// none. It reports whether the caller still waits: nothing new is begun for one who does not.
func (m *member) recall(fee math.Int) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.ctx.Err() != nil {
		return false
	}
	m.stage = stageWaiting
	if !fee.IsNil() {
		m.paid = m.paid.Add(fee)
	}
	return true
}
