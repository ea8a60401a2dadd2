// SPDX-License-Identifier: Apache-2.0

package tx

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
)

// drive brings members to their ends, a transaction at a time.
func (e *Engine) drive(members []*member) {
	for {
		members = present(members)
		if len(members) == 0 || !e.waitForState(members) {
			return
		}
		groups := e.round(members)
		if len(groups) == 0 {
			return
		}
		for _, other := range groups[1:] {
			go e.drive(other)
		}
		members = groups[0]
	}
}

// present leaves out those whose callers have gone.
func present(members []*member) []*member {
	var here []*member
	for _, m := range members {
		if !m.gone() {
			here = append(here, m)
		}
	}
	return here
}

// round is one transaction: prepared, sent, confirmed. It answers members, and returns those that need another one,
// grouped by who may share it.
func (e *Engine) round(members []*member) [][]*member {
	ctx, stop := together(members)
	defer stop()
	// One grace period for sending and confirming together.
	late, stopLate := withGrace(ctx, confirmGrace)
	defer stopLate()
	flight := e.launch(ctx, late, members)
	if len(flight.aboard) == 0 {
		return flight.apart
	}
	for _, group := range flight.apart {
		go e.drive(group) // it has no reason to wait for this transaction's block
	}
	result, err := Result{}, flight.err
	if err == nil {
		result, err = e.confirm(late, flight.prepared, flight.raw)
	}
	return e.land(flight.aboard, result, err)
}

// together is a context that ends with the last of the members' contexts.
func together(members []*member) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(members[0].ctx))
	var waiting atomic.Int64
	waiting.Store(int64(len(members)))
	stops := make([]func() bool, len(members))
	for i, m := range members {
		stops[i] = context.AfterFunc(m.ctx, func() {
			if waiting.Add(-1) == 0 {
				cancel(context.Cause(m.ctx))
			}
		})
	}
	return ctx, func() {
		for _, stop := range stops {
			stop()
		}
		cancel(context.Canceled)
	}
}

// flight is a transaction that was tried to send.
type flight struct {
	prepared Prepared
	raw      []byte
	aboard   []*member
	// apart are groups that go on without the others.
	apart [][]*member
	// err is nil when the transaction may land: it was accepted, or the answer was lost.
	err error
}

// sequencePause is how many poll intervals, tenths of a block, pass before a sequence is tried again.
const sequencePause = 3

// launch prepares a transaction within ctx and gets it into a mempool within late. It has the account's turn meanwhile.
func (e *Engine) launch(ctx, late context.Context, members []*member) flight {
	e.turn.acquire()
	defer e.turn.release()
	f := flight{aboard: members}
	d := draft{memo: members[0].req.Memo, chainID: e.api.ChainID(), feeGranter: e.feeGranter, unordered: !e.ordered.Load()}
	if d.accountNumber, f.err = e.findAccountNumber(ctx); f.err != nil {
		return f
	}
	if !d.unordered {
		if d.sequence, f.err = e.sequencer.current(ctx, e.api, e.Address()); f.err != nil {
			return f
		}
	}
	e.prepareAndSend(ctx, late, d, &f)
	if d.unordered || len(f.aboard) == 0 {
		return f
	}
	var lost *lostAnswerError
	switch {
	case f.err == nil:
		e.sequencer.used()
	case errors.As(f.err, &lost):
		e.sequencer.forget()
		f.err = nil
	case errors.Is(f.err, chain.ErrSequence):
		e.sequencer.mismatch(f.err)
		// The node's view settles with the next block at the latest. Whoever waits no longer is found out by the next round.
		_ = pause(ctx, sequencePause*e.pollInterval())
	}
	return f
}

func (e *Engine) prepareAndSend(ctx, late context.Context, d draft, f *flight) {
	block, err := e.api.LatestBlock(ctx)
	if err != nil {
		f.err = err
		return
	}
	d.timeoutAt = e.nextTimeout(block.Time)
	chosen := e.clock()
	if e.price(ctx, &d, f, block.Height); f.err != nil || len(f.aboard) == 0 {
		return
	}
	built, err := d.sign(e.key)
	e.signing = max(e.signing, e.clock().Sub(chosen))
	if err != nil {
		f.err = err
		return
	}
	f.prepared = Prepared{Hash: built.hash, TimeoutAt: d.timeoutAt, Unordered: d.unordered}
	f.raw = built.raw
	if !f.board(d.fee.AmountOf(coin.UAKT)) {
		return
	}
	e.log.Debug("sending transaction", "hash", built.hash, "requests", len(f.aboard), "messages", len(d.msgs),
		"gas", d.gasLimit, "fee", d.fee, "unordered", d.unordered, "timeout", d.timeoutAt)
	f.err = e.send(late, built)
	var lost *lostAnswerError
	switch {
	case errors.As(f.err, &lost) && d.unordered:
		f.err = nil // confirm finds out
	case errors.Is(f.err, chain.ErrInsufficientFee):
		f.err = &underpricedError{gas: d.gasLimit, cause: f.err}
	}
}

// board tells every member of the transaction and of its share of the fee before it leaves, side by side since each
// writes to disk. It returns true when all are aboard. Otherwise nothing is sent: those whose caller is gone or refuses
// are out, and the others go on in another transaction.
func (f *flight) board(feeUAKT math.Int) bool {
	shares := shareOut(Result{FeeUAKT: feeUAKT}, f.aboard)
	aboard := make([]bool, len(f.aboard))
	errs := make([]error, len(f.aboard))
	var calls sync.WaitGroup
	for i, m := range f.aboard {
		errs[i] = errHookEnded
		calls.Go(func() { aboard[i], errs[i] = m.board(f.prepared, shares[i].FeeUAKT) })
	}
	calls.Wait()
	var rest []*member
	complete := true
	for i, m := range f.aboard {
		switch {
		case errs[i] != nil:
			m.answer(Result{}, errs[i])
			complete = false
		case !aboard[i]:
			complete = false
		default:
			rest = append(rest, m)
		}
	}
	if complete {
		return true
	}
	f.aboard = nil
	if rest = recall(rest); len(rest) > 0 {
		f.apart = append(f.apart, rest)
	}
	return false
}

// recall takes members back from a transaction that was not sent; those whose caller is gone are answered.
func recall(members []*member) []*member {
	var here []*member
	for _, m := range members {
		if m.recall(math.Int{}) {
			here = append(here, m)
		} else {
			m.answer(Result{}, m.ctx.Err())
		}
	}
	return here
}

// price simulates, leaves out who would fail, and sets messages, gas limit and fee.
func (e *Engine) price(ctx context.Context, d *draft, f *flight, height int64) {
	// Without a fee the simulation leaves out the gas of paying it.
	d.fee = sdk.NewCoins(sdk.NewInt64Coin(coin.UAKT, 1))
	used := e.sift(ctx, d, f, height)
	if f.err != nil || len(f.aboard) == 0 {
		return
	}
	gasFactor, feeFactor := math.LegacyOneDec(), math.LegacyOneDec()
	for _, m := range f.aboard {
		gasFactor, feeFactor = math.LegacyMaxDec(gasFactor, m.gasFactor), math.LegacyMaxDec(feeFactor, m.feeFactor)
	}
	d.gasLimit = e.pricer.gasLimit(used, gasFactor)
	fee, err := e.pricer.fee(ctx, e.api, d.gasLimit, feeFactor)
	switch {
	case len(f.aboard) > 1 && (d.gasLimit > maxBatchGas || errors.Is(err, ErrMaxFee)):
		f.apart = append(f.apart, halves(f.aboard)...)
		f.aboard = nil
	case err != nil:
		f.err = err
	default:
		d.fee = sdk.NewCoins(sdk.NewCoin(coin.UAKT, fee))
	}
}
