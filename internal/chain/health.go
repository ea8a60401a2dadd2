// SPDX-License-Identifier: Apache-2.0

package chain

import (
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	// tolerated is how many failures in a row an endpoint may have before it rests: a connection breaks now and then.
	tolerated = 1
	// firstRest doubles with every further failure, up to maxRest.
	firstRest = 500 * time.Millisecond
	maxRest   = 30 * time.Second
	// maxTold bounds what an endpoint may ask for by Retry-After.
	maxTold = 10 * time.Minute
	// limitPatience is how long one call waits, in all, for endpoints that limit requests.
	limitPatience = time.Minute
)

// nodeState says whether an endpoint is to be asked.
type nodeState int

const (
	readyNow  nodeState = iota
	restsNow            // it failed lately: asked when no other is ready
	limitsNow           // it asked not to be asked
)

// health is how an endpoint has been doing: its circuit breaker.
type health struct {
	mu       sync.Mutex
	failures int       // in a row
	rest     time.Time // until then
	limited  bool      // it rests because it said so
}

func (h *health) state(now time.Time) nodeState {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case !now.Before(h.rest):
		return readyNow
	case h.limited:
		return limitsNow
	}
	return restsNow
}

// answered ends a row of failures.
func (h *health) answered() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.failures, h.rest, h.limited = 0, time.Time{}, false
}

// failed notes a failure and returns how long the endpoint rests for it. Rests
// have jitter, so that clients do not come back together.
func (h *health) failed(err error) time.Duration {
	var failure *endpointError
	limited := errors.As(err, &failure) && failure.limited
	h.mu.Lock()
	defer h.mu.Unlock()
	now := time.Now()
	if h.limited && now.Before(h.rest) && !limited {
		return 0 // a call that was under way when the endpoint set its limit
	}
	h.failures++
	n := h.failures - tolerated
	if limited {
		n = h.failures
	}
	if n <= 0 {
		return 0
	}
	rest := maxRest
	if n < 8 {
		rest = min(firstRest<<(n-1), maxRest)
	}
	if limited && failure.retryAfter > 0 {
		rest = min(failure.retryAfter, maxTold)
	}
	rest += rand.N(rest/4 + time.Millisecond) //nolint:gosec // no secret
	h.limited = limited
	if until := now.Add(rest); until.After(h.rest) {
		h.rest = until
	}
	return rest
}

// limitLeft is how long the endpoint wants to be left alone, 0 or less when it does not.
func (h *health) limitLeft(now time.Time) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.limited {
		return 0
	}
	return h.rest.Sub(now)
}

// limit is how long the first of the endpoints that limit requests wants to be
// left alone, 0 when there is none.
func (p *pool) limit() time.Duration {
	now := time.Now()
	var soonest time.Duration
	for _, n := range p.nodes {
		if wait := n.limitLeft(now); wait > 0 && (soonest == 0 || wait < soonest) {
			soonest = wait
		}
	}
	return soonest
}

// retryAfter reads the header of that name: seconds or a date. 0 is none.
func retryAfter(value string, now time.Time) time.Duration {
	value = strings.TrimSpace(value)
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
