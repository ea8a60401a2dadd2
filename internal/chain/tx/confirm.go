// SPDX-License-Identifier: Apache-2.0

package tx

import (
	"context"
	"errors"
	"strings"
	"time"

	"cosmossdk.io/math"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
)

// Resolve finds out what became of a transaction that was sent earlier, by this
// process or another one.
//
// It returns the Result when it is in a block and did what it says, a
// [*chain.RejectedError] with a height when it failed there (an
// [chain.ErrTxExpired] did nothing and cost nothing), [ErrNeverLanded] when it
// is in no block and no longer can be, and [*UnknownOutcomeError] when ctx ends
// before one of these is certain. Safe to repeat.
func (e *Engine) Resolve(ctx context.Context, p Prepared) (Result, error) {
	return e.confirm(ctx, p, nil)
}

// resendBlocks is after how many blocks without a transaction its bytes are sent again: the node that accepted it may
// have lost it, or never told another.
const resendBlocks = 3

// watch is the state of waiting for one transaction.
type watch struct {
	// expiredAt is the height of the first block seen behind the timeout, 0
	// before; polls counts the look-ups since.
	expiredAt int64
	polls     int
	// safe: a further look-up that finds nothing is final.
	safe bool
}

// confirm polls until the transaction is in a block or provably never will be.
// It gives up only when ctx ends or long after the timeout. With its bytes at hand
// it sends them again from time to time; they are one transaction however often
// they arrive, and what a node answers to a repetition proves nothing.
func (e *Engine) confirm(ctx context.Context, p Prepared, raw []byte) (Result, error) {
	interval := e.pollInterval()
	every := max(1, int(e.blockTime/interval)) // look-ups a block
	giveUp := e.clock().Add(giveUpAfter)
	if p.TimeoutAt.After(e.clock()) {
		giveUp = p.TimeoutAt.Add(giveUpAfter)
	}
	var w watch
	var last error
	for poll := 0; ; poll++ {
		found, err := e.api.FindTx(ctx, p.Hash)
		switch {
		case err == nil:
			return e.outcome(found)
		case !errors.Is(err, chain.ErrNotFound):
			last = err
		case w.safe:
			return Result{}, ErrNeverLanded
		default:
			last = err
			if w.expiredAt > 0 || (poll+1)%every == 0 || (poll == 0 && raw == nil) {
				if err := e.lookAtTime(ctx, p, &w, every); err != nil {
					last = err
				}
			}
		}
		if raw != nil && w.expiredAt == 0 && (poll+1)%(resendBlocks*every) == 0 {
			_, err := e.api.Broadcast(ctx, raw)
			e.log.Debug("no block has the transaction yet, sent it again", "hash", p.Hash, "error", err)
		}
		if e.clock().After(giveUp) {
			// Not wrapped: callers must not take this for a "not found".
			return Result{}, &UnknownOutcomeError{Prepared: p, Cause: errors.New("long after its timeout: " + last.Error())}
		}
		if err := pause(ctx, interval); err != nil {
			return Result{}, &UnknownOutcomeError{Prepared: p, Cause: context.Cause(ctx)}
		}
	}
}

// lookAtTime compares the chain's clock with the timeout. A block behind it
// cannot execute the transaction any more, but the blocks before may not be
// indexed yet: the node gets another block, or some look-ups, to catch up. That
// block counts for the look-up too, whichever endpoint answers it: the client
// takes a "not found" only of one that has reached every block told before.
func (e *Engine) lookAtTime(ctx context.Context, p Prepared, w *watch, every int) error {
	if p.TimeoutAt.IsZero() {
		return nil
	}
	block, err := e.api.LatestBlock(ctx)
	if err != nil {
		return err
	}
	if w.expiredAt == 0 {
		if block.Time.After(p.TimeoutAt) {
			w.expiredAt = block.Height
		}
		return nil
	}
	w.polls++
	w.safe = block.Height > w.expiredAt || w.polls > 2*every
	return nil
}

func (e *Engine) outcome(found chain.TxResult) (Result, error) {
	result := Result{
		Hash: found.Hash, Height: found.Height, GasUsed: found.GasUsed, GasWanted: found.GasWanted,
		FeeUAKT: feePaid(found), Events: found.Events,
	}
	err := found.Err()
	e.log.Debug("transaction is in a block", "hash", result.Hash, "height", result.Height,
		"gas_used", result.GasUsed, "fee_uakt", result.FeeUAKT, "error", err)
	return result, err
}

// feePaid reads the fee from the events that every transaction which paid one
// begins with; 0 when there is none (expired inside a block).
func feePaid(found chain.TxResult) math.Int {
	for _, event := range found.Events {
		if event.Type != "tx" {
			continue
		}
		text, ok := event.Attr("fee")
		if !ok {
			continue
		}
		for part := range strings.SplitSeq(text, ",") {
			digits, ok := strings.CutSuffix(part, coin.UAKT)
			if !ok {
				continue
			}
			if fee, ok := math.NewIntFromString(digits); ok {
				return fee
			}
		}
	}
	return math.ZeroInt()
}

// pollInterval is a tenth of the block time: soon enough to add little to the
// wait for a block, rare enough for a public endpoint.
func (e *Engine) pollInterval() time.Duration {
	return min(max(e.blockTime/10, 20*time.Millisecond), time.Second)
}
