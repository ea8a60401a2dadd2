// SPDX-License-Identifier: Apache-2.0

package chain

import (
	"context"
	"errors"
	"fmt"
	"sync"
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
// be some blocks behind.
type pool struct {
	timeout time.Duration // of one attempt
	log     hclog.Logger
	nodes   []*node

	mu      sync.Mutex
	current int
	chainID string // "" until the first endpoint told it
}

// node is an endpoint and whether its chain id was compared.
type node struct {
	transport
	mu       sync.Mutex
	verified bool
}

// do calls f with one endpoint after the other until one answers, be it with an
// error of the chain.
func (p *pool) do(ctx context.Context, f func(context.Context, transport) error) error {
	var failures []error
	for round := range rounds {
		if round > 0 {
			if err := pause(ctx, roundPause); err != nil {
				break
			}
			failures = failures[:0]
		}
		for _, i := range p.order() {
			if ctx.Err() != nil {
				break
			}
			err := p.attempt(ctx, p.nodes[i], f)
			if errors.Is(err, ErrWrongChainID) {
				return err
			}
			if err == nil || !errors.Is(err, ErrUnreachable) && ctx.Err() == nil {
				p.answered(i)
				return err
			}
			failures = append(failures, err)
		}
	}
	if ctx.Err() != nil {
		return cancelled(ctx, failures)
	}
	return &unreachable{failures: failures, sentinel: ErrUnreachable}
}

// cancelled keeps both facts: whose time ran out, and what was tried until then.
func cancelled(ctx context.Context, failures []error) error {
	if len(failures) == 0 {
		return ctx.Err()
	}
	return fmt.Errorf("%w (last: %s)", ctx.Err(), failures[len(failures)-1].Error())
}

// attempt asks one endpoint within the time of one attempt.
func (p *pool) attempt(ctx context.Context, n *node, f func(context.Context, transport) error) error {
	ctx, cancel := context.WithTimeoutCause(ctx, p.timeout, errAttemptTimeout)
	defer cancel()
	if err := p.verify(ctx, n); err != nil {
		return err
	}
	err := f(ctx, n.transport)
	if errors.Is(err, ErrUnreachable) {
		p.log.Debug("endpoint did not answer", "endpoint", n.endpoint(), "error", err)
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
	h, err := n.head(ctx)
	if err != nil {
		if !errors.Is(err, ErrUnreachable) && ctx.Err() == nil {
			// It answers, but not as a node does: as good as no answer.
			return &endpointError{endpoint: n.endpoint(), text: err.Error()}
		}
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
		err := p.attempt(ctx, p.nodes[i], func(ctx context.Context, t transport) error {
			sent = true
			return t.broadcast(ctx, txBytes)
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
	return p.do(ctx, func(ctx context.Context, t transport) error {
		return t.Invoke(ctx, method, args, reply, opts...)
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
