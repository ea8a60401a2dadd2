// SPDX-License-Identifier: Apache-2.0

package escrow

import (
	"errors"

	"google.golang.org/grpc/codes"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/chainerr"
)

const codespace = "escrow"

// Errors of the codespace "escrow". Source: protocol/messages.md section 14.
var (
	ErrAccountExists    = chainerr.New(codespace, 1, codes.AlreadyExists, "account exists")
	ErrAccountClosed    = chainerr.New(codespace, 2, codes.FailedPrecondition, "account closed")
	ErrAccountNotFound  = chainerr.New(codespace, 3, codes.NotFound, "account not found")
	ErrAccountOverdrawn = chainerr.New(codespace, 4, codes.FailedPrecondition, "account overdrawn")
	ErrDenomination     = chainerr.New(codespace, 5, codes.InvalidArgument, "invalid denomination")
	ErrPaymentExists    = chainerr.New(codespace, 6, codes.AlreadyExists, "payment exists")
	ErrPaymentClosed    = chainerr.New(codespace, 7, codes.FailedPrecondition, "payment closed")
	ErrPaymentNotFound  = chainerr.New(codespace, 8, codes.NotFound, "payment not found")
	ErrRateZero         = chainerr.New(codespace, 9, codes.InvalidArgument, "payment rate zero")
	ErrInvalidID        = chainerr.New(codespace, 12, codes.InvalidArgument, "invalid ID")
	ErrInvalidDeposit   = chainerr.New(codespace, 16, codes.InvalidArgument, "invalid deposit")
	ErrMalformedKey     = chainerr.New(codespace, 18, codes.InvalidArgument, "malformed key")
)

// errInsufficientBalance has no code of its own on the network: it arrives as
// codespace "undefined" code 1 (protocol/observed.md section 7).
var errInsufficientBalance = errors.New("deposit invalid: insufficient balance")
