// SPDX-License-Identifier: Apache-2.0

package chain

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// endpointError says why one endpoint gave no answer.
type endpointError struct {
	endpoint string
	text     string
	// notSent: no connection was made, the method asked does not exist, or the
	// request was turned away at the door.
	notSent bool
	// limited: it answers too many requests; retryAfter is when to come back, 0 if
	// it did not say.
	limited    bool
	retryAfter time.Duration
}

func (e *endpointError) Error() string { return e.endpoint + ": " + e.text }

func (e *endpointError) Unwrap() error {
	switch {
	case e.notSent:
		return ErrNotSent
	case e.limited:
		return ErrRateLimited
	}
	return ErrUnreachable
}

// contextError is a time limit of one attempt seen from below: whether it was
// the caller's own is decided by [pool.do], which knows both contexts.
func contextError(ctx context.Context, endpoint string) error {
	if errors.Is(context.Cause(ctx), errAttemptTimeout) {
		return &endpointError{endpoint: endpoint, text: "no answer in time"}
	}
	return fmt.Errorf("%s: %w", endpoint, ctx.Err())
}

// errAttemptTimeout marks the end of one attempt's time, not the caller's.
var errAttemptTimeout = errors.New("attempt timed out")

// unsentError says why a transaction was offered to no endpoint; it is an
// [ErrNotSent] beside its cause.
type unsentError struct{ cause error }

func (e *unsentError) Error() string { return ErrNotSent.Error() + ": " + e.cause.Error() }

func (e *unsentError) Unwrap() []error { return []error{ErrNotSent, e.cause} }

// unreachable lists every endpoint that was tried and why it failed.
type unreachable struct {
	failures []error
	sentinel error
}

func (e *unreachable) Error() string {
	var b strings.Builder
	b.WriteString(e.sentinel.Error())
	for i, failure := range e.failures {
		separator := "; "
		if i == 0 {
			separator = ": "
		}
		b.WriteString(separator + failure.Error())
	}
	return b.String()
}

// Unwrap gives the sentinel alone: the failures are told, but none of them is
// what happened to the call as a whole.
func (e *unreachable) Unwrap() error { return e.sentinel }
