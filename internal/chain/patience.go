// SPDX-License-Identifier: Apache-2.0

package chain

import (
	"fmt"
	"math/rand/v2"
	"time"
)

const (
	// rounds is how often the list of endpoints is walked before giving up, so
	// that a dropped connection or one refusal does not fail a query.
	rounds = 2
	// roundPause lies between two walks.
	roundPause = 250 * time.Millisecond
	// limitJitter is what callers that waited for the same endpoint come back apart.
	limitJitter = 250 * time.Millisecond
)

// patience says how long to go on while no endpoint gives an answer to keep.
type patience struct {
	walks         int // without an endpoint that is behind, in a row
	pause, waited time.Duration
	limited       time.Duration // waited for endpoints that limit requests
}

// next returns how long to wait before another walk over the endpoints, and
// whether to make one. Lagging endpoints get the time of some blocks; limit is
// when the first endpoint that limits requests wants to be asked again, 0 for none.
func (w *patience) next(lagging bool, limit time.Duration) (time.Duration, bool) {
	switch {
	case lagging:
		w.walks = 0
		w.pause = min(max(2*w.pause, lagPause), maxLagPause)
		w.waited += w.pause
		return w.pause, w.waited <= lagLimit
	case limit > 0:
		w.limited += limit
		return limit + rand.N(limitJitter), w.limited <= limitPatience //nolint:gosec // no secret
	}
	w.walks++
	return roundPause, w.walks < rounds
}

// failure is what a call ends with that ran out of patience.
func (w *patience) failure(failures []error, lagging bool, limit time.Duration, other error) error {
	if len(failures) == 0 {
		failures = []error{fmt.Errorf("asked to come back in %s", limit.Round(time.Second))}
	}
	switch {
	case lagging:
		other = ErrLagging
	case limit > 0 && other == ErrUnreachable: //nolint:errorlint // the sentinel itself
		other = ErrRateLimited
	}
	return &unreachable{failures: failures, sentinel: other}
}
