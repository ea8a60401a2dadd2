// SPDX-License-Identifier: Apache-2.0

package tx

import (
	"errors"
	"fmt"

	"cosmossdk.io/math"
)

// ErrNeverLanded says that a transaction is not in any block and cannot get
// into one any more: the chain's block time passed its timeout. It cost nothing.
var ErrNeverLanded = errors.New("transaction never landed")

// ErrMaxFee says that a transaction would cost more than the configured limit.
// Nothing was sent.
var ErrMaxFee = errors.New("fee above the limit")

var errNoMessages = errors.New("transaction without messages")

// errHookEnded is the answer for a BeforeBroadcast that ended its goroutine, as a failed assertion of a test does.
var errHookEnded = errors.New("before broadcast: it did not return")

// MaxFeeError gives the figures of an [ErrMaxFee].
type MaxFeeError struct {
	// FeeUAKT is what the transaction would cost, MaxUAKT the limit; in uakt.
	FeeUAKT, MaxUAKT math.Int
	Gas              uint64
}

func (e *MaxFeeError) Error() string {
	return fmt.Sprintf("%s: %suakt for %d gas, the limit is %suakt", ErrMaxFee, e.FeeUAKT, e.Gas, e.MaxUAKT)
}

// Unwrap returns [ErrMaxFee].
func (e *MaxFeeError) Unwrap() error { return ErrMaxFee }

// UnknownOutcomeError says that a transaction was sent, may be in a block or get
// into one until Prepared.TimeoutAt, and that its fate could not be learnt in
// the time given. Nothing may be sent in its place before [Engine.Resolve] told
// what became of it.
type UnknownOutcomeError struct {
	Prepared Prepared
	// Cause is what ended the wait: the context's error or the last failure.
	Cause error
}

func (e *UnknownOutcomeError) Error() string {
	return fmt.Sprintf("transaction %s was sent but its outcome is unknown; it can land until %s: %s",
		e.Prepared.Hash, e.Prepared.TimeoutAt.UTC().Format("15:04:05 MST"), e.Cause)
}

// Unwrap returns the cause.
func (e *UnknownOutcomeError) Unwrap() error { return e.Cause }
