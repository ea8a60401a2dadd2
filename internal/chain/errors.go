// SPDX-License-Identifier: Apache-2.0

package chain

import (
	"errors"
	"fmt"
	"strings"
)

// kind is a sentinel that may be a special case of another one: every "lease
// not found" is also [ErrNotFound].
type kind struct {
	text   string
	parent error
}

func (k *kind) Error() string { return k.text }

// Unwrap makes errors.Is find the general sentinel behind the special one.
func (k *kind) Unwrap() error { return k.parent }

func newKind(text string, parent error) error { return &kind{text: text, parent: parent} }

// Errors of the way to the chain.
var (
	// ErrUnreachable says that no endpoint answered. A query may be retried.
	ErrUnreachable = newKind("no endpoint of the chain answered", nil)
	// ErrLagging is the [ErrUnreachable] of a query that only endpoints behind a
	// height seen before could answer. The message tells both heights.
	ErrLagging = newKind("the chain's endpoints are behind what was seen before", ErrUnreachable)
	// ErrRateLimited is the [ErrUnreachable] of a query that endpoints turned away for about a minute because there
	// were too many before it.
	ErrRateLimited = newKind("the chain's endpoints limit requests", ErrUnreachable)
	// ErrNotSent is the [ErrUnreachable] of a broadcast that certainly reached
	// no mempool: no connection was made, or the endpoint takes no transactions.
	// Sending again is safe.
	ErrNotSent = newKind("transaction not sent", ErrUnreachable)
	// ErrBroadcastUnknown is the [ErrUnreachable] of a broadcast that an endpoint
	// may have accepted although its answer did not arrive.
	ErrBroadcastUnknown = newKind("transaction sent, the answer was lost", ErrUnreachable)
	// ErrWrongChainID says that an endpoint belongs to another network.
	ErrWrongChainID = newKind("endpoint belongs to another chain", nil)
	// ErrUnsupported says that the node does not know the query.
	ErrUnsupported = newKind("not supported by the node", nil)
	// ErrInvalidRequest says that the node refused the arguments of a query.
	ErrInvalidRequest = newKind("invalid request", nil)
)

// Errors about what does not exist; each is also [ErrNotFound].
var (
	ErrNotFound              = newKind("not found", nil)
	ErrAccountNotFound       = newKind("account not found", ErrNotFound)
	ErrDeploymentNotFound    = newKind("deployment not found", ErrNotFound)
	ErrGroupNotFound         = newKind("group not found", ErrNotFound)
	ErrOrderNotFound         = newKind("order not found", ErrNotFound)
	ErrBidNotFound           = newKind("bid not found", ErrNotFound)
	ErrLeaseNotFound         = newKind("lease not found", ErrNotFound)
	ErrEscrowNotFound        = newKind("escrow account not found", ErrNotFound)
	ErrProviderNotFound      = newKind("Akash provider not found", ErrNotFound)
	ErrCertificateNotFound   = newKind("certificate not found", ErrNotFound)
	ErrTxNotFound            = newKind("transaction not found", ErrNotFound)
	ErrFeeGrantNotFound      = newKind("fee grant not found", ErrNotFound)
	ErrAuthorizationNotFound = newKind("authorization not found", ErrNotFound)
)

// Errors about the state of things on chain.
var (
	ErrDeploymentExists   = newKind("deployment exists", nil)
	ErrDeploymentClosed   = newKind("deployment closed", nil)
	ErrSameHash           = newKind("deployment already has this hash", nil)
	ErrGroupClosed        = newKind("group closed", nil)
	ErrGroupOpen          = newKind("group open", nil)
	ErrGroupPaused        = newKind("group paused", nil)
	ErrGroupNotOpen       = newKind("group not open", nil)
	ErrOrderNotOpen       = newKind("order not open", nil)
	ErrOrderActive        = newKind("order already has a lease", ErrOrderNotOpen)
	ErrOrderClosed        = newKind("order closed", ErrOrderNotOpen)
	ErrBidNotOpen         = newKind("bid not open", nil)
	ErrLeaseNotActive     = newKind("lease not active", nil)
	ErrReclamation        = newKind("reclamation rule broken", nil)
	ErrEscrowClosed       = newKind("escrow account closed", nil)
	ErrEscrowOverdrawn    = newKind("escrow account overdrawn", nil)
	ErrCertificateExists  = newKind("certificate exists", nil)
	ErrCertificateRevoked = newKind("certificate already revoked", nil)
)

// Errors about money and permission.
var (
	ErrInsufficientFunds = newKind("insufficient funds", nil)
	// ErrNoPrice says that the oracle knows no price of AKT.
	ErrNoPrice           = newKind("the network's oracle has no price", nil)
	ErrInsufficientFee   = newKind("insufficient fee", nil)
	ErrDepositTooLow     = newKind("deposit below the network's minimum", nil)
	ErrDepositInvalid    = newKind("deposit invalid", nil)
	ErrTransfersDisabled = newKind("transfers of this coin are disabled", nil)
	ErrUnauthorized      = newKind("unauthorized", nil)
	// ErrAuthorizationExpired: the granter's permission ended. Afterwards the chain
	// forgets it, and says [ErrAuthorizationNotFound].
	ErrAuthorizationExpired = newKind("authorization expired", nil)
	ErrFeeGrantExists       = newKind("fee grant exists", nil)
	// ErrFeeGrantExhausted: less is left of the fee grant than the fee.
	ErrFeeGrantExhausted = newKind("fee grant does not cover the fee", nil)
	ErrFeeGrantExpired   = newKind("fee grant expired", nil)
	// ErrFeeGrantMessage: the fee grant is for other types of messages.
	ErrFeeGrantMessage = newKind("fee grant does not allow this message", nil)
)

// Errors about the transaction itself.
var (
	ErrOutOfGas = newKind("out of gas", nil)
	// ErrSequence: the account sequence in the signature is not the expected one.
	ErrSequence = newKind("account sequence mismatch", nil)
	// ErrUnorderedUnsupported: the chain takes ordered transactions only.
	ErrUnorderedUnsupported = newKind("unordered transactions are not supported", nil)
	// ErrUnorderedUsed: this account used the same timeout timestamp before.
	ErrUnorderedUsed = newKind("unordered timeout timestamp was used before", nil)
	// ErrUnorderedTTL: the timeout is too far ahead of the chain's block time.
	ErrUnorderedTTL = newKind("unordered timeout is too far ahead", nil)
	// ErrTxExpired: the timeout passed. With a height the transaction is in a
	// block but did nothing and cost nothing.
	ErrTxExpired = newKind("transaction expired", nil)
	// ErrTxInMempool: the node knows these bytes already.
	ErrTxInMempool = newKind("transaction already known", nil)
	ErrMempoolFull = newKind("mempool is full", nil)
	ErrTxTooLarge  = newKind("transaction too large", nil)
	ErrMemoTooLong = newKind("memo too long", nil)
	ErrTxMalformed = newKind("transaction malformed", nil)
)

// RejectedError says that the chain refused a transaction: at simulation or
// CheckTx (Height 0: nothing happened, no fee) or inside a block (the fee is
// paid and no message took effect).
//
// Unwrap gives one of this package's sentinels, or nothing when the failure is
// one that no caller can act on.
type RejectedError struct {
	// Codespace and Code are the chain's own; empty and 0 for a simulation,
	// which tells only a text.
	Codespace string
	Code      uint32
	// Log is the chain's text without stack dumps and source positions, valid
	// UTF-8 of at most 400 characters.
	Log string
	// MessageIndex is the failing message, from 0, or -1 when the chain does
	// not say (fees, signatures, gas, static validation).
	MessageIndex int
	// TxHash is upper case hexadecimal, empty for a simulation.
	TxHash string
	// Height is the block, 0 when the transaction never entered one.
	Height int64

	cause error
}

func (e *RejectedError) Error() string {
	var b strings.Builder
	switch {
	case e.Height > 0:
		fmt.Fprintf(&b, "transaction %s failed in block %d", e.TxHash, e.Height)
	case e.TxHash != "":
		fmt.Fprintf(&b, "transaction %s refused", e.TxHash)
	default:
		b.WriteString("simulation failed")
	}
	switch {
	case e.Log != "":
		b.WriteString(": " + e.Log)
	case e.cause != nil:
		b.WriteString(": " + e.cause.Error())
	}
	if e.Code != 0 {
		fmt.Fprintf(&b, " (%s %d)", e.Codespace, e.Code)
	}
	return b.String()
}

// Counted gives the error as if the transaction's messages began with the one at first: what the one sees whose
// messages were sent together with others'.
func (e *RejectedError) Counted(first int) *RejectedError {
	counted := *e
	if first > 0 && e.MessageIndex >= first {
		counted.MessageIndex = e.MessageIndex - first
		counted.Log = strings.Replace(e.Log, fmt.Sprintf("message index: %d", e.MessageIndex),
			fmt.Sprintf("message index: %d", counted.MessageIndex), 1)
	}
	return &counted
}

// Unwrap returns the sentinel that names the failure, nil if there is none.
func (e *RejectedError) Unwrap() error { return e.cause }

// QueryError says that a node answered a query with an error.
type QueryError struct {
	// Method is the full gRPC method, /package.Service/Method.
	Method string
	// Text is the node's own, cleaned as [RejectedError.Log] is.
	Text string

	cause error
}

func (e *QueryError) Error() string {
	name := e.Method
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		name = name[i+1:]
	}
	return fmt.Sprintf("query %s: %s", name, e.Text)
}

// Unwrap returns the sentinel that names the failure, nil if there is none.
func (e *QueryError) Unwrap() error { return e.cause }

// logOf returns the chain's text inside err.
func logOf(err error) (string, bool) {
	var rejected *RejectedError
	if !errors.As(err, &rejected) {
		return "", false
	}
	return rejected.Log, true
}
