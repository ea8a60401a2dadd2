// SPDX-License-Identifier: Apache-2.0

package forecast

import (
	"context"
	"sync"
	"time"
)

// crowd remembers what was fetched under each key and for how long that holds, and fetches a key once for all who want
// it at the same time. It is safe for concurrent use.
type crowd[T any] struct {
	slots chan struct{} // as many fetches at once
	clock func() time.Time

	mu      sync.Mutex
	members map[string]*member[T]
	changed bool // since [crowd.save]
}

// member is what is known under one key.
type member[T any] struct {
	found[T]
	until   time.Time
	running chan struct{} // closed when the fetch under way ends; nil when there is none
}

// found is the outcome of a fetch.
type found[T any] struct {
	value  T
	err    error
	readAt time.Time
}

func newCrowd[T any](slots int, clock func() time.Time) *crowd[T] {
	return &crowd[T]{slots: make(chan struct{}, slots), clock: clock, members: map[string]*member[T]{}}
}

// fetcher gets the value of a key and says for how long it holds. It must bound itself: its context has no end.
type fetcher[T any] func(ctx context.Context, key string) (value T, holds time.Duration, err error)

// ask returns what holds under keys, fetching in their order what does not, until ctx ends: a key that was not fetched
// by then is left out. A fetch under way goes on without ctx, for those who ask next.
func (c *crowd[T]) ask(ctx context.Context, keys []string, fetch fetcher[T]) map[string]found[T] {
	results := make(map[string]found[T], len(keys))
	var open []string
	for _, key := range keys {
		if known, ok := c.fresh(key); ok {
			results[key] = known
		} else {
			open = append(open, key)
		}
	}
	for _, key := range open {
		if !c.begin(ctx, key, fetch) {
			break
		}
	}
	for _, key := range open {
		if c.await(ctx, key) {
			c.mu.Lock()
			results[key] = c.members[key].found
			c.mu.Unlock()
		}
	}
	return results
}

// fresh is what holds under key now.
func (c *crowd[T]) fresh(key string) (found[T], bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m := c.members[key]
	if m == nil || m.running != nil || !c.clock().Before(m.until) {
		return found[T]{}, false
	}
	return m.found, true
}

// known is the last thing known under key, however old.
func (c *crowd[T]) known(key string) (T, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if m := c.members[key]; m != nil && !m.readAt.IsZero() && m.err == nil {
		return m.value, true
	}
	var none T
	return none, false
}

// begin starts the fetch of key unless one is under way or its value holds by now; false when ctx ended before.
func (c *crowd[T]) begin(ctx context.Context, key string, fetch fetcher[T]) bool {
	if ctx.Err() != nil {
		return false
	}
	if !c.needed(key) {
		return true
	}
	select {
	case c.slots <- struct{}{}:
	case <-ctx.Done():
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	m := c.members[key]
	if m == nil {
		m = &member[T]{}
		c.members[key] = m
	}
	if m.running != nil || c.clock().Before(m.until) {
		<-c.slots
		return true
	}
	done := make(chan struct{})
	m.running = done
	detached := context.WithoutCancel(ctx)
	go func() {
		value, holds, err := fetch(detached, key)
		<-c.slots
		c.mu.Lock()
		defer c.mu.Unlock()
		now := c.clock()
		m.found, m.until, m.running = found[T]{value: value, err: err, readAt: now}, now.Add(holds), nil
		c.changed = true
		close(done)
	}()
	return true
}

// needed tells whether key has neither a value that holds nor a fetch under way.
func (c *crowd[T]) needed(key string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	m := c.members[key]
	return m == nil || m.running == nil && !c.clock().Before(m.until)
}

// await waits for the fetch of key; false when there is none, or ctx ended before it did.
func (c *crowd[T]) await(ctx context.Context, key string) bool {
	c.mu.Lock()
	m := c.members[key]
	if m == nil {
		c.mu.Unlock()
		return false
	}
	running, ok := m.running, !m.readAt.IsZero() && c.clock().Before(m.until)
	c.mu.Unlock()
	if running == nil {
		return ok
	}
	select {
	case <-running:
		return true
	case <-ctx.Done():
		return false
	}
}
