// SPDX-License-Identifier: Apache-2.0

package tx

import (
	"context"
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
)

// turn is held by whoever prepares a transaction of the account, through CheckTx; waiting for its block happens without
// it. While it is held, further requests come together for the next transaction.
type turn chan struct{}

func newTurn() turn { return make(turn, 1) }

func (t turn) acquire() { t <- struct{}{} }

func (t turn) release() { <-t }

// sequencer hands out account sequences for ordered transactions to the holder of the turn.
type sequencer struct {
	next  uint64
	known bool
}

// current returns the sequence to sign with, asking the chain when it is not
// known: at first and after a mismatch.
func (s *sequencer) current(ctx context.Context, api ChainAPI, address string) (uint64, error) {
	if s.known {
		return s.next, nil
	}
	account, err := api.FindAccount(ctx, address)
	if err != nil {
		return 0, err
	}
	s.next, s.known = account.Sequence, true
	return s.next, nil
}

// used says that the current sequence went into the mempool.
func (s *sequencer) used() { s.next++ }

// forget makes the next call ask the chain.
func (s *sequencer) forget() { s.known = false }

// mismatch learns from a refusal. The node names the sequence it wants, which
// counts the mempool, while an account query only tells the committed one.
func (s *sequencer) mismatch(refusal error) {
	if expected, ok := chain.ExpectedSequence(refusal); ok {
		s.next, s.known = expected, true
		return
	}
	s.known = false
}

// pause waits for d, or returns why it could not.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
