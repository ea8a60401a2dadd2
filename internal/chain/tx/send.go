// SPDX-License-Identifier: Apache-2.0

package tx

import (
	"context"
	"errors"
	"math/rand/v2"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
)

// sendAttempts is how often the same bytes are sent before turning to the blocks
// to see whether they landed.
const sendAttempts = 3

// lostAnswerError says that an endpoint may have taken the transaction.
type lostAnswerError struct{ cause error }

func (e *lostAnswerError) Error() string { return e.cause.Error() }

func (e *lostAnswerError) Unwrap() error { return e.cause }

// busyAttempts is how often a node with a full mempool is asked again, with growing pauses: some blocks' time.
const busyAttempts = 8

// send broadcasts until a node says what it did. The same bytes can be sent any
// number of times, they are one transaction. It returns nil when accepted, the
// refusal when certainly refused, [chain.ErrNotSent] when it reached nobody, and
// a [*lostAnswerError] when nobody can tell.
func (e *Engine) send(ctx context.Context, built signed) error {
	var last error
	lost := false
	for attempts, busy := 0, 0; attempts < sendAttempts; {
		_, err := e.api.Broadcast(ctx, built.raw)
		if err == nil {
			return nil
		}
		e.log.Debug("broadcast failed", "hash", built.hash, "error", err)
		last = err
		wait := e.pollInterval()
		var refused *chain.RejectedError
		switch {
		case errors.Is(err, chain.ErrMempoolFull) && busy < busyAttempts:
			// It took nothing, and others are waiting as well.
			wait = min(wait<<busy, e.blockTime)
			wait += rand.N(wait) //nolint:gosec // no secret: callers of a busy node should not come back together
			busy++
		case errors.As(err, &refused) && !lost:
			return err
		case errors.As(err, &refused):
			// It may be refused because the first one, whose answer was lost,
			// was accepted: the blocks will tell.
			return &lostAnswerError{cause: err}
		default:
			lost = lost || !errors.Is(err, chain.ErrNotSent)
			attempts++
		}
		if pause(ctx, wait) != nil {
			break
		}
	}
	if lost {
		return &lostAnswerError{cause: last}
	}
	return last
}
