// SPDX-License-Identifier: Apache-2.0

package tx

import (
	"context"
	"math/rand/v2"
	"time"
)

// nextTimeout picks the timeout of a transaction: [timeToLive] from now and the
// time that signing takes, where now is the later of our clock and the chain's,
// and not further ahead of the chain's than it allows. No two results of an engine are equal, and the random
// part keeps two processes with one key apart: the timeout is the only thing
// that tells their unordered transactions apart.
func (e *Engine) nextTimeout(blockTime time.Time) time.Time {
	base := e.clock().UTC()
	if blockTime.After(base) {
		base = blockTime
	}
	timeout := base.Add(timeToLive + e.signing)
	if latest := blockTime.Add(maxAhead); timeout.After(latest) {
		timeout = latest
	}
	timeout = timeout.Add(rand.N(time.Millisecond)).UTC() //nolint:gosec // no secret: it only has to differ
	e.mu.Lock()
	defer e.mu.Unlock()
	// A clock that was set back far starts afresh, or the timeouts would stay ahead.
	if !timeout.After(e.lastTimeout) && timeout.Add(time.Second).After(e.lastTimeout) {
		timeout = e.lastTimeout.Add(1)
	}
	e.lastTimeout = timeout
	return timeout
}

// withGrace is a context that outlives parent by grace: what was sent has to be
// brought to a known end even when the caller stops waiting.
func withGrace(parent context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(parent))
	stopWatching := context.AfterFunc(parent, func() {
		timer := time.NewTimer(grace)
		defer timer.Stop()
		select {
		case <-timer.C:
			cancel(context.Cause(parent))
		case <-ctx.Done():
		}
	})
	return ctx, func() {
		stopWatching()
		cancel(context.Canceled)
	}
}
