// SPDX-License-Identifier: Apache-2.0

package devnet

import (
	"context"
	"fmt"
	"sync"

	cmttypes "github.com/cometbft/cometbft/types"
)

// heights follows the committed blocks: it wakes whoever waits for a height, gathers what changed for the Akash
// providers, and keeps the results of recent transactions.
type heights struct {
	feed    feed
	results results

	mu      sync.Mutex
	height  int64
	changed chan struct{} // closed and replaced at every block
	cancel  context.CancelFunc
	done    chan struct{}
}

// followHeights subscribes to the node's blocks; an event comes after the
// block's state is committed. Start it before the node.
func followHeights(ctx context.Context, bus *cmttypes.EventBus, from int64) (*heights, error) {
	// The followers outlive the start; stop ends them.
	life, cancel := context.WithCancel(context.WithoutCancel(ctx))
	sub, err := bus.SubscribeUnbuffered(life, "devnet-heights", cmttypes.EventQueryNewBlock)
	if err != nil {
		cancel()
		return nil, fmt.Errorf("subscribe to blocks: %w", err)
	}
	h := &heights{
		height: from, changed: make(chan struct{}), cancel: cancel, done: make(chan struct{}),
		feed: newFeed(), results: newResults(),
	}
	go func() {
		defer close(h.done)
		for {
			select {
			case msg := <-sub.Out():
				if block, ok := msg.Data().(cmttypes.EventDataNewBlock); ok {
					h.feed.add(changes(block))
					h.results.add(block)
					h.set(block.Block.Height)
				}
			case <-sub.Canceled():
				return
			case <-life.Done():
				return
			}
		}
	}()
	return h, nil
}

func (h *heights) set(height int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.height = height
	close(h.changed)
	h.changed = make(chan struct{})
}

func (h *heights) now() (int64, <-chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.height, h.changed
}

func (h *heights) wait(ctx context.Context, height int64) error {
	for {
		now, changed := h.now()
		if now >= height {
			return nil
		}
		select {
		case <-changed:
		case <-h.done:
			return fmt.Errorf("network stopped at height %d, before %d", now, height)
		case <-ctx.Done():
			return fmt.Errorf("wait for height %d, at %d: %w", height, now, ctx.Err())
		}
	}
}

func (h *heights) stop() {
	h.cancel()
	<-h.done
}
