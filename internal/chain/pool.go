// SPDX-License-Identifier: Apache-2.0

package chain

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-hclog"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// pool sends each call to the endpoint that answered last, and on to the next
// one when that does not answer. Staying with one endpoint matters: another may
// be some blocks behind, and one that is behind what was seen gives no answer.
// An endpoint that keeps failing, or limits requests, rests meanwhile.
type pool struct {
	timeout time.Duration // of one attempt
	log     hclog.Logger
	nodes   []*node
	seen    atomic.Int64 // the highest block height any answer told
	checks  checks

	mu      sync.Mutex
	current int
	chainID string // "" until the first endpoint told it
}

// node is an endpoint and what is known of it.
type node struct {
	transport
	identity
	health
	reached atomic.Int64 // the highest block height it told
}

// do asks one endpoint after the other until one answers, be it with an error of
// the chain, from a state that is not older than what was seen before.
func (p *pool) do(ctx context.Context, f question) error {
	if err := p.recheck(ctx); err != nil {
		return err
	}
	var failures []error
	var wait patience
	for ctx.Err() == nil {
		failures = failures[:0]
		var unsupported error
		lagging := false
		for _, i := range p.order() {
			if ctx.Err() != nil {
				break
			}
			err := p.attempt(ctx, p.nodes[i], func(ctx context.Context, n *node) error { return p.read(ctx, n, f) })
			switch {
			case errors.Is(err, ErrWrongChainID):
				return err
			case errors.Is(err, ErrUnsupported):
				unsupported = err // another endpoint may know more
			case err == nil, !errors.Is(err, ErrUnreachable) && ctx.Err() == nil:
				p.answered(i)
				return err
			case errors.Is(err, ErrLagging):
				lagging = true
			}
			failures = append(failures, err)
		}
		limit := p.limit()
		if unsupported != nil && !lagging && limit <= 0 {
			return unsupported
		}
		next, more := wait.next(lagging, limit)
		if !more {
			return wait.failure(failures, lagging, limit, ErrUnreachable)
		}
		if pause(ctx, next) != nil {
			break
		}
	}
	return cancelled(ctx, failures)
}

// cancelled keeps both facts: whose time ran out, and what was tried until then.
func cancelled(ctx context.Context, failures []error) error {
	if len(failures) == 0 {
		return ctx.Err()
	}
	return fmt.Errorf("%w (last: %s)", ctx.Err(), failures[len(failures)-1].Error())
}

// attempt asks one endpoint within the time of one attempt.
func (p *pool) attempt(ctx context.Context, n *node, f func(context.Context, *node) error) error {
	bounded, cancel := context.WithTimeoutCause(ctx, p.timeout, errAttemptTimeout)
	defer cancel()
	err := p.verify(bounded, n)
	if err == nil {
		err = f(bounded, n)
	}
	switch {
	case errors.Is(err, ErrLagging):
		p.log.Debug("endpoint is behind", "endpoint", n.endpoint(), "error", err)
	case errors.Is(err, ErrUnreachable) && ctx.Err() == nil:
		rest := n.failed(err)
		p.log.Debug("endpoint gave no answer to go by", "endpoint", n.endpoint(), "error", err, "rest", rest)
		if rest > 0 {
			n.doubt() // what answers after a rest may be something else
		}
	case ctx.Err() == nil:
		n.answered()
	}
	return err
}

// broadcast sends the same bytes until an endpoint says what it did with them.
//
// Sending again is harmless, since a transaction is named by its bytes. But once
// an answer was lost, a later refusal proves nothing (the lost one may have been
// an acceptance): then the error is [ErrBroadcastUnknown].
func (p *pool) broadcast(ctx context.Context, txBytes []byte) error {
	if err := p.checked(ctx); err != nil {
		return &unsentError{cause: err}
	}
	var wait patience
	for {
		round := p.offer(ctx, txBytes)
		limit := p.limit()
		switch {
		case round.done:
			return round.err
		case round.lost:
			return &unreachable{failures: round.failures, sentinel: ErrBroadcastUnknown}
		case ctx.Err() != nil:
			return &unsentError{cause: cancelled(ctx, round.failures)}
		case !round.lagging && limit <= 0:
			return &unreachable{failures: round.failures, sentinel: ErrNotSent}
		}
		next, more := wait.next(round.lagging, limit)
		if !more {
			return wait.failure(round.failures, round.lagging, limit, ErrNotSent)
		}
		if pause(ctx, next) != nil {
			return &unsentError{cause: cancelled(ctx, round.failures)}
		}
	}
}

// offered is what became of one walk with a transaction.
type offered struct {
	done          bool // err is the answer
	err           error
	lost, lagging bool
	failures      []error
}

// offer walks the endpoints once with a transaction.
func (p *pool) offer(ctx context.Context, txBytes []byte) (o offered) {
	for _, i := range p.order() {
		if ctx.Err() != nil {
			break
		}
		sent := false
		err := p.attempt(ctx, p.nodes[i], func(ctx context.Context, n *node) error {
			sent = true
			return p.believed(ctx, n, n.broadcast(ctx, txBytes))
		})
		var refused *RejectedError
		switch {
		case err == nil, errors.As(err, &refused) && !o.lost:
			p.answered(i)
			return offered{done: true, err: err}
		case !errors.Is(err, ErrUnreachable) && !sent && !o.lost:
			return offered{done: true, err: &unsentError{cause: err}} // another chain: not an endpoint to go on from
		case errors.Is(err, ErrLagging):
			o.lagging = true
		case sent && !errors.Is(err, ErrNotSent) && refused == nil:
			o.lost = true
		}
		o.failures = append(o.failures, err)
	}
	return o
}

// order lists the endpoints to ask, the one that answered last first. Those that
// rest after failures come last, those that limit requests not at all until they
// said one may come back.
func (p *pool) order() []int {
	now := time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	var ready, resting []int
	for i := range p.nodes {
		i = (p.current + i) % len(p.nodes)
		switch p.nodes[i].state(now) {
		case readyNow:
			ready = append(ready, i)
		case restsNow:
			resting = append(resting, i)
		case limitsNow:
		}
	}
	return append(ready, resting...)
}

func (p *pool) answered(i int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.current != i {
		p.log.Info("changed endpoint", "from", p.nodes[p.current].endpoint(), "to", p.nodes[i].endpoint())
		p.current = i
	}
}

// Invoke makes the pool a [grpc.ClientConnInterface] for generated clients.
func (p *pool) Invoke(ctx context.Context, method string, args, reply any, opts ...grpc.CallOption) error {
	return p.do(ctx, func(ctx context.Context, t transport) (int64, error) {
		return t.query(ctx, method, args, reply, opts...)
	})
}

// NewStream is refused: no query of the chain streams, and neither JSON-RPC nor REST can.
func (p *pool) NewStream(
	context.Context, *grpc.StreamDesc, string, ...grpc.CallOption,
) (grpc.ClientStream, error) {
	return nil, status.Error(codes.Unimplemented, "streams are not supported")
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
