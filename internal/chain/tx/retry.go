// SPDX-License-Identifier: Apache-2.0

package tx

import (
	"errors"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
)

// retries counts what is left of each reason to sign anew. Every one of them is
// proof that the transaction before had no effect; one that ran out of gas in a
// block did cost its fee.
type retries struct {
	expired, timestamp, sequence, fee, unordered, gas int
}

func newRetries() retries {
	return retries{expired: 1, timestamp: 3, sequence: 5, fee: 1, unordered: 1, gas: 1}
}

// again decides whether err allows another attempt and uses up its budget.
func (e *Engine) again(err error, left *retries) bool {
	var aborted *abortedError
	var unknown *UnknownOutcomeError
	spend := func(budget *int) bool {
		*budget--
		return *budget >= 0
	}
	switch {
	case errors.As(err, &aborted), errors.As(err, &unknown):
		return false
	case errors.Is(err, ErrNeverLanded), errors.Is(err, chain.ErrTxExpired):
		return spend(&left.expired)
	case errors.Is(err, chain.ErrUnorderedUsed), errors.Is(err, chain.ErrUnorderedTTL):
		return spend(&left.timestamp)
	case errors.Is(err, chain.ErrUnorderedUnsupported):
		if e.ordered.CompareAndSwap(false, true) {
			e.log.Info("the chain takes no unordered transactions, using sequences from now on")
		}
		return spend(&left.unordered)
	case errors.Is(err, chain.ErrSequence):
		return spend(&left.sequence)
	case errors.Is(err, chain.ErrOutOfGas):
		return spend(&left.gas)
	}
	var dear *underpricedError
	return errors.As(err, &dear) && e.pricer.raise(err, dear.gas) && spend(&left.fee)
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
