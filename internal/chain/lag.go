// SPDX-License-Identifier: Apache-2.0

package chain

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

const (
	// lagPause is the first pause after a walk on which an endpoint was behind;
	// each further one is twice as long, up to maxLagPause. Together they stay
	// within lagLimit: more than two blocks of the network.
	lagPause    = 100 * time.Millisecond
	maxLagPause = time.Second
	lagLimit    = 15 * time.Second
)

// question is put to one endpoint. It returns the height of the state that
// answered, also beside an error of the chain, and 0 when the answer does not tell.
type question func(context.Context, transport) (height int64, err error)

// laggingError is the answer of an endpoint that is behind what this client has
// seen: not false, but of a past in which its last write may not have happened.
type laggingError struct {
	endpoint  string
	got, want int64
}

func (e *laggingError) Error() string {
	if e.got == 0 {
		return fmt.Sprintf("%s: does not tell its block, want %d", e.endpoint, e.want)
	}
	return fmt.Sprintf("%s: at block %d, want %d", e.endpoint, e.got, e.want)
}

// Unwrap returns [ErrLagging].
func (e *laggingError) Unwrap() error { return ErrLagging }

// read asks n and refuses an answer older than what was seen before the question.
func (p *pool) read(ctx context.Context, n *node, f question) error {
	want, reached := p.seen.Load(), n.reached.Load()
	height, err := f(ctx, n.transport)
	if height <= 0 && want > 0 && ofState(err) {
		var known head
		var headErr error
		if known, headErr = p.look(ctx, n); headErr != nil {
			return headErr
		}
		height = max(known.block.Height, 1) // it may have no block yet
		if height >= want && reached < want {
			// It got there, but maybe only after it answered.
			var told int64
			if told, err = f(ctx, n.transport); told > 0 {
				height = told
			}
		}
	}
	if errors.Is(err, ErrUnreachable) {
		return err
	}
	p.saw(n, height)
	if 0 < height && height < want {
		return &laggingError{endpoint: n.endpoint(), got: height, want: want}
	}
	return err
}

// ofState reports whether an error of the chain may be of a past in which our last
// write had not happened: "not found", or a simulation that lacks something.
func ofState(err error) bool {
	if errors.Is(err, ErrNotFound) {
		return true
	}
	var answered *QueryError
	return errors.As(err, &answered) && !errors.Is(err, ErrUnsupported) && !errors.Is(err, ErrInvalidRequest)
}

// believed is the answer to a broadcast, or [ErrLagging] for a refusal by an
// endpoint that is behind what was seen: it judged by old balances and times.
func (p *pool) believed(ctx context.Context, n *node, err error) error {
	var refused *RejectedError
	want := p.seen.Load()
	if want == 0 || !errors.As(err, &refused) || errors.Is(err, ErrMempoolFull) || errors.Is(err, ErrTxTooLarge) {
		return err
	}
	known, headErr := p.look(ctx, n)
	switch {
	case headErr != nil && ctx.Err() == nil:
		return &laggingError{endpoint: n.endpoint(), want: want} // it does not tell where it stands
	case headErr != nil:
		return err
	case known.block.Height < want:
		return &laggingError{endpoint: n.endpoint(), got: known.block.Height, want: want}
	}
	p.saw(n, known.block.Height)
	return err
}

// saw remembers the height of an answer: no later one may be of a lower height.
func (p *pool) saw(n *node, height int64) {
	raise(&n.reached, height)
	raise(&p.seen, height)
}

func raise(to *atomic.Int64, height int64) {
	for {
		old := to.Load()
		if height <= old || to.CompareAndSwap(old, height) {
			return
		}
	}
}
