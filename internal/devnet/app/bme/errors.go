// SPDX-License-Identifier: Apache-2.0

package bme

import (
	"errors"

	"google.golang.org/grpc/codes"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/chainerr"
	bmev1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/bme/v1"
)

// Errors of the codespace "bme". Source: protocol/messages.md section 14.
var (
	ErrUnauthorized      = chainerr.New(ModuleName, 3, codes.Unauthenticated, "unauthorized")
	ErrCircuitBreaker    = chainerr.New(ModuleName, 6, codes.Aborted, "circuit breaker is active")
	ErrInsufficientVault = chainerr.New(ModuleName, 7, codes.Aborted, "insufficient vault funds")
	ErrInvalidAmount     = chainerr.New(ModuleName, 8, codes.InvalidArgument, "invalid amount")
	ErrInvalidDenom      = chainerr.New(ModuleName, 9, codes.InvalidArgument, "invalid denomination")
	ErrZeroPrice         = chainerr.New(ModuleName, 12, codes.Internal, "oracle price is zero")
	ErrMintFailed        = chainerr.New(ModuleName, 14, codes.Aborted, "failed to mint tokens")
	ErrBurnFailed        = chainerr.New(ModuleName, 15, codes.Aborted, "failed to burn tokens")
	ErrEpsilon           = chainerr.New(ModuleName, 16, codes.Aborted, "result value is less then precision of the denom")
	ErrMinimumMint       = chainerr.New(ModuleName, 17, codes.Aborted, "minimum mint amount is not met")
)

// final are the errors that end a request at once, and the reasons they are told by.
var final = []struct {
	err    error
	reason bmev1.LedgerCanceledRecord_BMCancelReason
}{
	{ErrEpsilon, bmev1.LedgerCanceledRecord_epsilon},
	{ErrInvalidDenom, bmev1.LedgerCanceledRecord_invalid_denom},
	{ErrInvalidAmount, bmev1.LedgerCanceledRecord_invalid_amount},
	{ErrMinimumMint, bmev1.LedgerCanceledRecord_minimum_mint},
}

// cancelReason tells whether an error ends a request at once.
func cancelReason(err error) (bmev1.LedgerCanceledRecord_BMCancelReason, bool) {
	for _, f := range final {
		if errors.Is(err, f.err) {
			return f.reason, true
		}
	}
	return bmev1.LedgerCanceledRecord_unknown, false
}
