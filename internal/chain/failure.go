// SPDX-License-Identifier: Apache-2.0

package chain

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// endpointError says why one endpoint gave no answer.
type endpointError struct {
	endpoint string
	text     string
	// notSent: no connection was made, or the method asked does not exist.
	notSent bool
}

func (e *endpointError) Error() string { return e.endpoint + ": " + e.text }

func (e *endpointError) Unwrap() error {
	if e.notSent {
		return ErrNotSent
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
