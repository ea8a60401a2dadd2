// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"math/rand/v2"
	"sync"
	"time"
)

// dseqSource makes deployment sequences: the clock in milliseconds times 1000, plus three digits that start at random
// and count up. Two runs on one account do not meet, one run never repeats, and the number stays below 2^53, which
// gateways need because a JWT carries it as a JSON number.
type dseqSource struct {
	now     func() time.Time
	mu      *sync.Mutex
	last    *uint64
	counter *uint64
}

func newDSeqSource(now func() time.Time) dseqSource {
	start := rand.Uint64N(1000) //nolint:gosec // spreads numbers of two processes; nobody must be unable to guess them
	return dseqSource{now: now, mu: &sync.Mutex{}, last: new(uint64), counter: &start}
}

// next returns a sequence this source has not returned before.
func (s dseqSource) next() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	*s.counter++
	candidate := uint64(s.now().UnixMilli())*1000 + *s.counter%1000
	if candidate <= *s.last {
		candidate = *s.last + 1
	}
	*s.last = candidate
	return candidate
}

// madeAt is when this software chose a dseq, as the number itself says; ok is false for one that others chose.
func (d *Deployer) madeAt(dseq uint64) (made time.Time, ok bool) {
	made = time.UnixMilli(int64(dseq / 1000)) //nolint:gosec // a number that is too large is no time of ours
	now := d.Clock.Now()
	return made, made.After(now.AddDate(-10, 0, 0)) && made.Before(now.AddDate(0, 0, 1))
}
