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

const (
	// rounds is how often the list of endpoints is walked before giving up, so
	// that a dropped connection or one refusal does not fail a query.
	rounds = 2
	// roundPause lies between two walks.
	roundPause = 250 * time.Millisecond
)

// pool sends each call to the endpoint that answered last, and on to the next
// one when that does not answer. Staying with one endpoint matters: another may
// be some blocks behind, and one that is behind what was seen gives no answer.
type pool struct {
	timeout time.Duration // of one attempt
	log     hclog.Logger
	nodes   []*node
	seen    atomic.Int64 // the highest block height any answer told

	mu      sync.Mutex
	current int
	chainID string // "" until the first endpoint told it
}

// node is an endpoint and whether its chain id was compared.
type node struct {
	transport
	reached  atomic.Int64 // the highest block height it told
	mu       sync.Mutex
	verified bool
}

// do asks one endpoint after the other until one answers, be it with an error of
// the chain, from a state that is not older than what was seen before.
func (p *pool) do(ctx context.Context, f question) error {
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
		if unsupported != nil && !lagging {
			return unsupported
		}
		next, more := wait.next(lagging)
		switch {
		case !more && lagging:
			return &unreachable{failures: failures, sentinel: ErrLagging}
		case !more:
			return &unreachable{failures: failures, sentinel: ErrUnreachable}
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
	ctx, cancel := context.WithTimeoutCause(ctx, p.timeout, errAttemptTimeout)
	defer cancel()
	if err := p.verify(ctx, n); err != nil {
		return err
	}
	err := f(ctx, n)
	if errors.Is(err, ErrUnreachable) {
		p.log.Debug("endpoint gave no answer to go by", "endpoint", n.endpoint(), "error", err)
	}
	return err
}

// verify compares the endpoint's chain id once, before anything is asked of it.
func (p *pool) verify(ctx context.Context, n *node) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.verified {
		return nil
	}
	h, err := p.look(ctx, n)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.chainID == "" {
		p.chainID = h.chainID
	}
	if h.chainID != p.chainID {
		return &WrongChainIDError{Endpoint: n.endpoint(), Want: p.chainID, Got: h.chainID}
	}
	n.verified = true
	return nil
}

// look asks n for its last block.
func (p *pool) look(ctx context.Context, n *node) (head, error) {
	h, err := n.head(ctx)
	if err != nil && !errors.Is(err, ErrUnreachable) && ctx.Err() == nil {
		// It answers, but not as a node does: as good as no answer.
		return head{}, &endpointError{endpoint: n.endpoint(), text: err.Error()}
	}
	return h, err
}

// WrongChainIDError says which endpoint belongs to which chain. It is an
// [ErrWrongChainID].
type WrongChainIDError struct {
	Endpoint, Want, Got string
}

func (e *WrongChainIDError) Error() string {
	return fmt.Sprintf("%s: %s is on chain %q, want %q", ErrWrongChainID, e.Endpoint, e.Got, e.Want)
}

// Unwrap returns [ErrWrongChainID].
func (e *WrongChainIDError) Unwrap() error { return ErrWrongChainID }

// broadcast sends the same bytes until an endpoint says what it did with them.
//
// Sending again is harmless, since a transaction is named by its bytes. But once
// an answer was lost, a later refusal proves nothing (the lost one may have been
// an acceptance): then the error is [ErrBroadcastUnknown].
func (p *pool) broadcast(ctx context.Context, txBytes []byte) error {
	var failures []error
	lost := false
	for _, i := range p.order() {
		if ctx.Err() != nil {
			break
		}
		sent := false
		err := p.attempt(ctx, p.nodes[i], func(ctx context.Context, n *node) error {
			sent = true
			return n.broadcast(ctx, txBytes)
		})
		var refused *RejectedError
		switch {
		case err == nil:
			p.answered(i)
			return nil
		case errors.As(err, &refused) && !lost:
			p.answered(i)
			return err
		case !errors.Is(err, ErrUnreachable) && !sent && !lost:
			return err // another chain: not an endpoint to go on from
		case sent && !errors.Is(err, ErrNotSent) && refused == nil:
			lost = true
		}
		failures = append(failures, err)
	}
	switch {
	case lost:
		return &unreachable{failures: failures, sentinel: ErrBroadcastUnknown}
	case len(failures) == 0:
		return ctx.Err()
	}
	return &unreachable{failures: failures, sentinel: ErrNotSent}
}

// order lists the endpoints, the one that answered last first.
func (p *pool) order() []int {
	p.mu.Lock()
	defer p.mu.Unlock()
	order := make([]int, len(p.nodes))
	for i := range order {
		order[i] = (p.current + i) % len(p.nodes)
	}
	return order
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

// NewStream is refused: no query of the chain streams, and JSON-RPC cannot.
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
