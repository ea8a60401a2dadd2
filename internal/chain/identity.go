// SPDX-License-Identifier: Apache-2.0

package chain

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// dialGrace is how long [Dial] waits for the endpoints beside the one that answered, so that one of another chain
	// is told of at once; one that is slow or down does not hold up a plan.
	dialGrace = 300 * time.Millisecond
	// checkTimeout bounds the first look at an endpoint that is not in use; whoever signs waits for it.
	checkTimeout = 5 * time.Second
	// usualSkew is how many blocks apart endpoints in order may be, since a block does not reach all of them at once.
	usualSkew = 2
)

// identity is what is known of an endpoint's chain.
type identity struct {
	looking  sync.Mutex // by one at a time
	verified atomic.Bool
	// foreign is set while the endpoint was last seen on another chain.
	foreign atomic.Pointer[WrongChainIDError]
}

// doubt makes the chain id be compared again before the next question.
func (i *identity) doubt() { i.verified.Store(false) }

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

// verify compares the endpoint's chain id before anything is asked of it: once,
// and again after it rested.
func (p *pool) verify(ctx context.Context, n *node) error {
	if n.verified.Load() {
		return nil
	}
	n.looking.Lock()
	defer n.looking.Unlock()
	if n.verified.Load() {
		return nil
	}
	h, err := p.look(ctx, n)
	if err != nil {
		return err
	}
	p.mu.Lock()
	if p.chainID == "" {
		p.chainID = h.chainID
	}
	want := p.chainID
	p.mu.Unlock()
	if h.chainID != want {
		wrong := &WrongChainIDError{Endpoint: n.endpoint(), Want: want, Got: h.chainID}
		n.foreign.Store(wrong)
		return wrong
	}
	n.foreign.Store(nil)
	n.verified.Store(true)
	// One that stands still, or is far behind, is found out by comparing it with the others.
	raise(&p.seen, h.block.Height-usualSkew)
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

// recheck fails while an endpoint was last seen on another chain: the
// configuration names two networks, whichever endpoint would answer.
func (p *pool) recheck(ctx context.Context) error {
	for _, n := range p.nodes {
		wrong := n.foreign.Load()
		if wrong == nil {
			continue
		}
		bounded, cancel := context.WithTimeoutCause(ctx, checkTimeout, errAttemptTimeout)
		err := p.verify(bounded, n)
		cancel()
		if err != nil {
			return wrong
		}
	}
	return nil
}

// checks is the first look at every endpoint that was not needed so far. It goes
// on beside the caller and ends with the client.
type checks struct {
	cancel context.CancelFunc
	done   chan struct{} // nil before it began
}

// begin starts the first look at every endpoint.
func (p *pool) beginChecks(ctx context.Context) {
	ctx, p.checks.cancel = context.WithCancel(context.WithoutCancel(ctx)) // the looks outlive a call to Dial
	p.checks.done = make(chan struct{})
	var looks sync.WaitGroup
	for _, n := range p.nodes {
		looks.Go(func() {
			bounded, cancel := context.WithTimeoutCause(ctx, min(p.timeout, checkTimeout), errAttemptTimeout)
			defer cancel()
			if err := p.verify(bounded, n); err != nil && ctx.Err() == nil {
				p.log.Debug("endpoint could not be checked", "endpoint", n.endpoint(), "error", err)
			}
		})
	}
	go func() {
		looks.Wait()
		close(p.checks.done)
	}()
}

// awaitChecks waits for the first look at every endpoint, at most for grace when that is above 0.
func (p *pool) awaitChecks(ctx context.Context, grace time.Duration) error {
	if p.checks.done == nil {
		return nil
	}
	var enough <-chan time.Time
	if grace > 0 {
		timer := time.NewTimer(grace)
		defer timer.Stop()
		enough = timer.C
	}
	select {
	case <-p.checks.done:
	case <-enough:
	case <-ctx.Done():
		return ctx.Err()
	}
	for _, n := range p.nodes {
		if wrong := n.foreign.Load(); wrong != nil {
			return wrong
		}
	}
	return nil
}

// endChecks ends looks that are still under way.
func (p *pool) endChecks() {
	if p.checks.done != nil {
		p.checks.cancel()
		<-p.checks.done
	}
}

// checked returns once every endpoint that answers told the right chain id: the
// condition for signing. One that joins later is compared before it is asked.
func (p *pool) checked(ctx context.Context) error {
	if err := p.awaitChecks(ctx, 0); err != nil && !errors.Is(err, ErrWrongChainID) {
		return err
	}
	return p.recheck(ctx) // what was wrong may have been put right since
}
