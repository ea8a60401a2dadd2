// SPDX-License-Identifier: Apache-2.0

package tx

import (
	"errors"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
)

// reason is why a transaction that had no effect is signed anew. Every one of them is proof of that; one that ran out
// of gas in a block did cost its fee.
type reason int

const (
	noReason reason = iota
	expired
	usedTimestamp
	wrongSequence
	underpriced
	unorderedRefused
	outOfGas
	inACrowd // another request's message failed in a block
	reasons
)

// retries counts how often a request may still go again, by reason.
type retries [reasons]int

func newRetries() retries {
	return retries{
		expired: 1, usedTimestamp: 3, wrongSequence: 8, underpriced: 1, unorderedRefused: 1, outOfGas: 1, inACrowd: 3,
	}
}

func (r *retries) spend(why reason) bool {
	r[why]--
	return r[why] >= 0
}

// reasonOf names the reason to sign anew that err gives, if any.
func reasonOf(err error) reason {
	var aborted *abortedError
	var unknown *UnknownOutcomeError
	var dear *underpricedError
	switch {
	case errors.As(err, &aborted), errors.As(err, &unknown):
		return noReason
	case errors.Is(err, ErrNeverLanded), errors.Is(err, chain.ErrTxExpired):
		return expired
	case errors.Is(err, chain.ErrUnorderedUsed), errors.Is(err, chain.ErrUnorderedTTL):
		return usedTimestamp
	case errors.Is(err, chain.ErrUnorderedUnsupported):
		return unorderedRefused
	case errors.Is(err, chain.ErrSequence):
		return wrongSequence
	case errors.Is(err, chain.ErrOutOfGas):
		return outOfGas
	case errors.As(err, &dear):
		return underpriced
	}
	return noReason
}

// learn changes what the next transaction does because of err. It reports whether another one can fare better.
func (e *Engine) learn(why reason, err error) bool {
	if why == underpriced {
		var dear *underpricedError
		return errors.As(err, &dear) && e.pricer.raise(err, dear.gas)
	}
	if why == unorderedRefused && e.ordered.CompareAndSwap(false, true) {
		e.log.Info("the chain takes no unordered transactions, using sequences from now on")
	}
	return true
}

// abortedError keeps what BeforeBroadcast said from being taken for the chain's.
type abortedError struct{ cause error }

func (e *abortedError) Error() string { return "before broadcast: " + e.cause.Error() }

func (e *abortedError) Unwrap() error { return e.cause }

// underpricedError remembers for how much gas a fee was too small.
type underpricedError struct {
	gas   uint64
	cause error
}

func (e *underpricedError) Error() string { return e.cause.Error() }

func (e *underpricedError) Unwrap() error { return e.cause }
