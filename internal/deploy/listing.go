// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
)

// aloneFirst is how many items are asked for one by one before a list is begun: one resource costs no list, and with
// the second one a page is cheaper than what will follow.
const aloneFirst = 1

// listing is what the pages of one list told so far. It is not safe for concurrent use.
type listing[K comparable, V any] struct {
	// page asks for the page behind key.
	page func(ctx context.Context, key []byte) (items []V, next []byte, err error)
	id   func(V) K
	// order tells which of two items of one id counts; 0 where there is but one.
	order func(V) uint32

	items map[K]V
	asked int
	next  []byte
	// complete: all pages were read. failed: a page could not be, and items are asked for one by one from there on.
	complete, failed bool
}

// find looks for an item in the pages, reading at most one more. Whether it is in is certain when known; else it has to
// be asked for alone.
func (l *listing[K, V]) find(ctx context.Context, id K) (item V, in, known bool) {
	if item, in = l.items[id]; in || l.complete {
		return item, in, true
	}
	if l.asked++; l.asked <= aloneFirst || l.failed {
		return item, false, false
	}
	page, next, err := l.page(ctx, l.next)
	if err != nil {
		l.failed = ctx.Err() == nil
		return item, false, false
	}
	for _, v := range page {
		l.put(v)
	}
	l.next, l.complete = next, next == nil
	item, in = l.items[id]
	return item, in, in || l.complete
}

// put keeps an item, unless a newer one of its id is there.
func (l *listing[K, V]) put(v V) {
	if l.items == nil {
		l.items = map[K]V{}
	}
	id := l.id(v)
	if old, ok := l.items[id]; !ok || l.order(v) >= l.order(old) {
		l.items[id] = v
	}
}
