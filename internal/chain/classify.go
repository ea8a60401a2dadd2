// SPDX-License-Identifier: Apache-2.0

package chain

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"google.golang.org/grpc/codes"
)

// This file is the only place that reads the chain's codes and texts. The
// tables follow the modules' own registrations (protocol notes, messages 14)
// and what an official node was seen to answer (testdata/recordings).

// maxLogRunes bounds the text kept of a log: enough for any message of the
// chain, too little for a stack dump.
const maxLogRunes = 400

// codeTable maps what a codespace and code mean to the caller. Codes that stand
// for several things are left to [fromText].
var codeTable = map[string]map[uint32]error{
	"deployment": {
		3: ErrDeploymentExists, 4: ErrDeploymentNotFound, 5: ErrDeploymentClosed, 14: ErrGroupNotFound,
		15: ErrGroupClosed, 16: ErrGroupOpen, 17: ErrGroupPaused, 18: ErrGroupNotOpen, 26: ErrReclamation,
	},
	"market": {
		6: ErrBidNotFound, 7: ErrLeaseNotFound, 8: ErrLeaseNotFound, 9: ErrOrderNotFound, 10: ErrLeaseNotActive,
		11: ErrBidNotOpen, 12: ErrBidNotOpen, 13: ErrOrderNotOpen, 14: ErrLeaseNotFound, 15: ErrOrderNotFound,
		16: ErrGroupNotFound, 17: ErrGroupNotOpen, 18: ErrBidNotFound, 20: ErrLeaseNotFound, 23: ErrOrderActive,
		24: ErrOrderClosed, 28: ErrDepositInvalid, 30: ErrProviderNotFound, 35: ErrReclamation, 36: ErrReclamation,
		37: ErrReclamation, 38: ErrReclamation, 39: ErrReclamation, 40: ErrReclamation, 41: ErrReclamation,
	},
	"escrow": {
		2: ErrEscrowClosed, 3: ErrEscrowNotFound, 4: ErrEscrowOverdrawn, 15: ErrUnauthorized, 16: ErrDepositInvalid,
	},
	"cert":     {1: ErrCertificateNotFound, 3: ErrCertificateExists, 4: ErrCertificateRevoked},
	"provider": {3: ErrProviderNotFound},
	"audit":    {1: ErrProviderNotFound},
	"akash":    {3: ErrDepositInvalid, 4: ErrDepositInvalid},
	"bank":     {5: ErrTransfersDisabled},
	"authz":    {2: ErrAuthorizationNotFound, 6: ErrAuthorizationExpired},
	"feegrant": {2: ErrFeeGrantExhausted, 3: ErrFeeGrantExpired, 7: ErrFeeGrantMessage},
	"sdk": {
		2: ErrTxMalformed, 4: ErrUnauthorized, 5: ErrInsufficientFunds, 9: ErrAccountNotFound, 11: ErrOutOfGas,
		12: ErrMemoTooLong, 13: ErrInsufficientFee, 19: ErrTxInMempool, 20: ErrMempoolFull, 21: ErrTxTooLarge,
		30: ErrTxExpired, 32: ErrSequence, 42: ErrTxExpired,
	},
}

// textTable is read from the top: the first text contained in the log wins, so
// the special ones stand before the general ones.
var textTable = []struct {
	text  string
	cause error
}{
	// Unordered transactions: all of them are sdk 18, or sdk 37 when disabled.
	{"unordered transactions are not enabled", ErrUnorderedUnsupported},
	{"unordered transactions are disabled", ErrUnorderedUnsupported},
	{"has already used timeout", ErrUnorderedUsed},
	{"unordered tx ttl exceeds", ErrUnorderedTTL},
	{"timeout_timestamp that has already passed", ErrTxExpired},
	{"tx timeout", ErrTxExpired},
	// Money.
	{"Deposit too low", ErrDepositTooLow},
	{"deposit invalid: minimum:", ErrDepositTooLow},
	{"deposit invalid: insufficient balance", ErrInsufficientFunds},
	{"insufficient funds", ErrInsufficientFunds},
	{"insufficient fees;", ErrInsufficientFee},
	{"insufficient fee", ErrInsufficientFee},
	{"send transactions are disabled", ErrTransfersDisabled},
	{"Deposit invalid", ErrDepositInvalid},
	{"invalid deposit source", ErrDepositInvalid},
	// The transaction.
	{"account sequence mismatch", ErrSequence},
	{"incorrect account sequence", ErrSequence},
	{"out of gas in location", ErrOutOfGas},
	{"memo too large", ErrMemoTooLong},
	{"tx already in mempool", ErrTxInMempool},
	{"tx already exists in cache", ErrTxInMempool},
	{"mempool is full", ErrMempoolFull},
	{"tx too large", ErrTxTooLarge},
	{"Tx too large", ErrTxTooLarge},
	{"tx parse error", ErrTxMalformed},
	// Things on chain.
	{"Deployment exists", ErrDeploymentExists},
	{"Deployment not found", ErrDeploymentNotFound},
	{"Deployment closed", ErrDeploymentClosed},
	{"Group already closed", ErrGroupClosed},
	{"Group not found", ErrGroupNotFound},
	{"group not found", ErrGroupNotFound},
	{"Group not open", ErrGroupNotOpen},
	{"group not open", ErrGroupNotOpen},
	{"Group paused", ErrGroupPaused},
	{"Group open", ErrGroupOpen},
	{"bid: order not open", ErrOrderNotOpen},
	{"order active", ErrOrderActive},
	{"order closed", ErrOrderClosed},
	{"unknown order for bid", ErrOrderNotFound},
	{"order not found", ErrOrderNotFound},
	{"bid not open", ErrBidNotOpen},
	{"bid not active", ErrBidNotOpen},
	{"bid not found", ErrBidNotFound},
	{"unknown bid", ErrBidNotFound},
	{"lease not active", ErrLeaseNotActive},
	{"lease not found", ErrLeaseNotFound},
	{"no lease for order", ErrLeaseNotFound},
	{"unknown lease", ErrLeaseNotFound},
	{"unknown provider", ErrProviderNotFound},
	{"invalid provider: address not found", ErrProviderNotFound},
	{"certificate not found", ErrCertificateNotFound},
	{"certificate already revoked", ErrCertificateRevoked},
	{"certificate exists", ErrCertificateExists},
	{"account overdrawn", ErrEscrowOverdrawn},
	{"account closed", ErrEscrowClosed},
	{"account not found", ErrEscrowNotFound},
	{"reclamation", ErrReclamation},
	// Accounts and permission.
	{"fee-grant not found", ErrFeeGrantNotFound},
	{"fee allowance already exists", ErrFeeGrantExists},
	{"fee limit exceeded", ErrFeeGrantExhausted},
	{"fee allowance expired", ErrFeeGrantExpired},
	{"message does not exist in allowed messages", ErrFeeGrantMessage},
	{"authorization not found", ErrAuthorizationNotFound},
	{"authorization expired", ErrAuthorizationExpired},
	{"tx not found", ErrTxNotFound},
	{"unknown address", ErrAccountNotFound},
	{"unauthorized", ErrUnauthorized},
}

// accountMissing is the auth module's answer about an account that never
// received anything; the address stands in the middle of it.
var accountMissing = regexp.MustCompile(`account akash1[02-9ac-hj-np-z]+ not found`)

// classify names what a failed transaction means, nil if no caller can act on
// it. The log must be cleaned.
func classify(codespace string, code uint32, log string) error {
	if cause, ok := codeTable[codespace][code]; ok {
		return cause
	}
	// Both "same hash as before" (in a message) and "not a hash" (static
	// validation, without an index) are deployment 10 with one text.
	if strings.Contains(log, "Invalid: deployment hash") && messageIndex(log) >= 0 {
		return ErrSameHash
	}
	return fromText(log)
}

func fromText(log string) error {
	if accountMissing.MatchString(log) {
		return ErrAccountNotFound
	}
	for _, row := range textTable {
		if strings.Contains(log, row.text) {
			return row.cause
		}
	}
	return nil
}

// newRejected builds the error of a refused transaction from the chain's own words.
func newRejected(codespace string, code uint32, rawLog, hash string, height int64) *RejectedError {
	log := cleanLog(rawLog)
	return &RejectedError{
		Codespace: codespace, Code: code, Log: log, MessageIndex: messageIndex(log),
		TxHash: hash, Height: height, cause: classify(codespace, code, log),
	}
}

// Reject makes the error of a transaction that the chain refused with this
// codespace, code and log, as this package itself does. It is for callers that
// learn of a failure in another way, and for tests of code that handles it.
func Reject(codespace string, code uint32, rawLog, hash string, height int64) *RejectedError {
	return newRejected(codespace, code, rawLog, hash, height)
}

// tooMany reports whether a server's text says that there were too many requests.
// No node of the network says so; what stands in front of public ones does, some
// with a status of its own and some as an error of the method asked.
func tooMany(text string) bool {
	text = strings.ToLower(text)
	return strings.Contains(text, "too many requests") || strings.Contains(text, "rate limit") ||
		strings.Contains(text, "status code received from server: 429")
}

// registered matches how a gRPC server of the chain prefixes module errors.
var registered = regexp.MustCompile(`^codespace (\S+) code (\d+): `)

// newQueryError builds the error of a query from its gRPC status.
func newQueryError(method string, code codes.Code, rawText string) error {
	e := &QueryError{Method: method, Text: cleanLog(rawText)}
	if m := registered.FindStringSubmatch(e.Text); m != nil {
		e.Text = e.Text[len(m[0]):]
		if n, err := strconv.ParseUint(m[2], 10, 32); err == nil {
			e.cause = classify(m[1], uint32(n), e.Text)
		}
	}
	if e.cause == nil {
		e.cause = fromText(e.Text)
	}
	switch {
	case e.cause != nil:
	case code == codes.NotFound:
		e.cause = ErrNotFound
	case code == codes.Unimplemented:
		e.cause = ErrUnsupported
	case code == codes.InvalidArgument:
		e.cause = ErrInvalidRequest
	}
	return e
}

var indexPattern = regexp.MustCompile(`message index: (\d{1,9})`)

// messageIndex reads which message failed, -1 when the log does not say. In a
// delegated message (authz) it is the outer index: the inner one is not told.
func messageIndex(log string) int {
	m := indexPattern.FindStringSubmatch(log)
	if m == nil {
		return -1
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return -1
	}
	return n
}

var (
	// sourcePosition and gasNote are what a simulation adds behind the cause.
	sourcePosition = regexp.MustCompile(` \[[^\[\]]*:\d+\]`)
	gasNote        = regexp.MustCompile(`:? with gas used: '\d+'`)
	// innerDump is the text form of a delegated message, raw bytes included.
	innerDump = regexp.MustCompile(`(?s)(message index: \d+: failed to execute message); message .* : `)
)

// cleanLog makes a log fit to show: valid UTF-8 without control characters,
// stack dumps, source positions and message dumps, of bounded length.
func cleanLog(log string) string {
	log = strings.ToValidUTF8(log, "�")
	if i := strings.Index(log, "\nstack:"); i >= 0 {
		log = log[:i]
	}
	log = innerDump.ReplaceAllString(log, "$1: ")
	log = sourcePosition.ReplaceAllString(log, "")
	log = gasNote.ReplaceAllString(log, "")
	log = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, log)
	log = strings.TrimSpace(log)
	if utf8.RuneCountInString(log) > maxLogRunes {
		runes := []rune(log)
		log = string(runes[:maxLogRunes-1]) + "…"
	}
	return log
}

// abciStatus turns the error of an ABCI query back into the gRPC status the
// same query would have given: the node wraps one into the other.
func abciStatus(codespace string, code uint32, log string) (codes.Code, string) {
	status := codes.Unknown
	if codespace == "sdk" {
		switch code {
		case 22:
			status = codes.NotFound
			log = strings.TrimSuffix(log, ": key not found")
		case 18:
			status = codes.InvalidArgument
			log = strings.TrimSuffix(log, ": invalid request")
		case 6:
			status = codes.Unknown
			log = strings.TrimSuffix(log, ": unknown request")
			if strings.Contains(log, "unknown query path") {
				status = codes.Unimplemented
			}
		}
	}
	if rest, ok := strings.CutPrefix(log, "rpc error: code = "); ok {
		if name, text, ok := strings.Cut(rest, " desc = "); ok {
			log = text
			if named, ok := statusNames[name]; ok {
				status = named
			}
		}
	}
	return status, log
}

var statusNames = func() map[string]codes.Code {
	names := make(map[string]codes.Code)
	for c := codes.OK; c <= codes.Unauthenticated; c++ {
		names[c.String()] = c
	}
	return names
}()

var (
	expectedSequence = regexp.MustCompile(`expected (\d{1,20}), got \d+`)
	requiredFee      = regexp.MustCompile(`required: (?:\S*,)?(\d{1,30})uakt`)
	missingGrant     = regexp.MustCompile(`given granter: (akash1\w+), grantee: (akash1\w+) & msgType: (/[\w.]+)`)
)

// ExpectedSequence reads from an [ErrSequence] which account sequence the node
// wants next. ok is false when err does not tell.
func ExpectedSequence(err error) (sequence uint64, ok bool) {
	text, rejected := logOf(err)
	if !rejected {
		return 0, false
	}
	m := expectedSequence.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	sequence, parseErr := strconv.ParseUint(m[1], 10, 64)
	return sequence, parseErr == nil
}

// RequiredFee reads from an [ErrInsufficientFee] how much uakt the node wants,
// as decimal digits. ok is false when err does not tell.
func RequiredFee(err error) (uakt string, ok bool) {
	text, rejected := logOf(err)
	if !rejected {
		return "", false
	}
	m := requiredFee.FindStringSubmatch(text)
	if m == nil {
		return "", false
	}
	return m[1], true
}

// MissingGrant reads from an [ErrAuthorizationNotFound] which type of message the
// granter did not allow, such as /akash.market.v1beta5.MsgCreateLease. ok is false
// when err does not tell.
func MissingGrant(err error) (messageType string, ok bool) {
	text, rejected := logOf(err)
	if !rejected {
		return "", false
	}
	m := missingGrant.FindStringSubmatch(text)
	if m == nil {
		return "", false
	}
	return m[3], true
}
