// SPDX-License-Identifier: Apache-2.0

package tx

import (
	"context"
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
)

// sequencer hands out account sequences for ordered transactions, one holder at
// a time: the holder simulates, signs and gets through CheckTx, then lets go;
// waiting for the block happens without it.
type sequencer struct {
	turn chan struct{} // holds one token: a mutex that a context can interrupt

	// Below: only for the holder of the turn.
	next  uint64
	known bool
}

func newSequencer() *sequencer {
	s := &sequencer{turn: make(chan struct{}, 1)}
	s.turn <- struct{}{}
	return s
}

func (s *sequencer) acquire(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-s.turn:
		return nil
	}
}

func (s *sequencer) release() { s.turn <- struct{}{} }

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
