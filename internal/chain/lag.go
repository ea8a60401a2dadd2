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
	return fmt.Sprintf("%s: at block %d, want %d", e.endpoint, e.got, e.want)
}

// Unwrap returns [ErrLagging].
func (e *laggingError) Unwrap() error { return ErrLagging }

// read asks n and refuses an answer older than what was seen before the question.
func (p *pool) read(ctx context.Context, n *node, f question) error {
	want, reached := p.seen.Load(), n.reached.Load()
	height, err := f(ctx, n.transport)
	if height <= 0 && want > 0 && errors.Is(err, ErrNotFound) {
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

// patience says how long to go on while no endpoint gives an answer to keep.
type patience struct {
	walks         int // without an endpoint that is behind, in a row
	pause, waited time.Duration
}

// next returns how long to wait before another walk over the endpoints, and
// whether to make one. Lagging endpoints get the time of some blocks.
func (w *patience) next(lagging bool) (time.Duration, bool) {
	if !lagging {
		w.walks++
		return roundPause, w.walks < rounds
	}
	w.walks = 0
	w.pause = min(max(2*w.pause, lagPause), maxLagPause)
	w.waited += w.pause
	return w.pause, w.waited <= lagLimit
}
