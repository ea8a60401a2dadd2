// SPDX-License-Identifier: Apache-2.0

//go:build linux

package crash_test

import (
	"cmp"
	"maps"
	"slices"
	"sync"
)

// moment is when a run dies at a boundary.
type moment string

const (
	before moment = "before" // the request is lost
	after  moment = "after"  // the request was heard, its answer is lost
)

// point is a boundary of input and output: a kind of request, and when.
type point struct {
	request string
	when    moment
}

// trap counts the boundaries that a run passes, and springs at one of them.
type trap struct {
	mu     sync.Mutex
	passed map[point]int
	at     point
	skip   int // how many of the kind to let pass
	strike func()
	sprung bool
}

// set makes the next run pass without harm, or, with strike, only up to the given boundary.
func (t *trap) set(at point, skip int, strike func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.passed, t.at, t.skip, t.strike, t.sprung = map[point]int{}, at, skip, strike, false
}

// meet is called at every boundary. It reports that the run is dead: nothing may reach it or come from it any more.
func (t *trap) meet(request string, when moment) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.sprung {
		return true
	}
	here := point{request, when}
	t.passed[here]++
	if t.strike == nil || here != t.at || t.passed[here] <= t.skip {
		return false
	}
	t.sprung = true
	t.strike()
	return true
}

// disarm ends the trap and reports whether it sprang.
func (t *trap) disarm() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	sprung := t.sprung
	t.strike, t.sprung = nil, false
	return sprung
}

// counts tells how often each boundary was passed.
func (t *trap) counts() map[point]int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.passed)
}

// sortedPoints lists the boundaries in a fixed order, so that a seed chooses the same ones.
func sortedPoints(counts map[point]int) []point {
	return slices.SortedFunc(maps.Keys(counts), func(a, b point) int {
		return cmp.Or(cmp.Compare(a.request, b.request), cmp.Compare(a.when, b.when))
	})
}
