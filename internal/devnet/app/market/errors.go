// SPDX-License-Identifier: Apache-2.0

package market

import (
	"google.golang.org/grpc/codes"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/chainerr"
)

const codespace = "market"

// Errors of the codespace "market". Source: protocol/messages.md section 14.
var (
	ErrSameAccount          = chainerr.New(codespace, 2, codes.InvalidArgument, "owner and provider are the same account")
	ErrAttributeMismatch    = chainerr.New(codespace, 5, codes.InvalidArgument, "attribute mismatch")
	ErrUnknownLease         = chainerr.New(codespace, 7, codes.NotFound, "unknown lease")
	ErrUnknownLeaseForBid   = chainerr.New(codespace, 8, codes.NotFound, "unknown lease for bid")
	ErrUnknownOrderForBid   = chainerr.New(codespace, 9, codes.NotFound, "unknown order for bid")
	ErrUnknownBid           = chainerr.New(codespace, 6, codes.NotFound, "unknown bid")
	ErrLeaseNotActive       = chainerr.New(codespace, 10, codes.FailedPrecondition, "lease not active")
	ErrBidNotActive         = chainerr.New(codespace, 11, codes.FailedPrecondition, "bid not active")
	ErrBidNotOpen           = chainerr.New(codespace, 12, codes.FailedPrecondition, "bid not open")
	ErrOrderNotOpen         = chainerr.New(codespace, 13, codes.FailedPrecondition, "bid: order not open")
	ErrOrderNotFound        = chainerr.New(codespace, 15, codes.NotFound, "invalid order: order not found")
	ErrGroupNotFound        = chainerr.New(codespace, 16, codes.NotFound, "group not found")
	ErrGroupNotOpen         = chainerr.New(codespace, 17, codes.FailedPrecondition, "group not open")
	ErrBidNotFound          = chainerr.New(codespace, 18, codes.NotFound, "invalid bid: bid not found")
	ErrBidZeroPrice         = chainerr.New(codespace, 19, codes.InvalidArgument, "invalid bid: zero price")
	ErrLeaseNotFound        = chainerr.New(codespace, 20, codes.NotFound, "invalid lease: lease not found")
	ErrBidExists            = chainerr.New(codespace, 21, codes.AlreadyExists, "invalid bid: bid exists from provider")
	ErrBidInvalidPrice      = chainerr.New(codespace, 22, codes.InvalidArgument, "bid price is invalid")
	ErrOrderActive          = chainerr.New(codespace, 23, codes.FailedPrecondition, "order active")
	ErrOrderClosed          = chainerr.New(codespace, 24, codes.FailedPrecondition, "order closed")
	ErrInvalidDeposit       = chainerr.New(codespace, 28, codes.InvalidArgument, "deposit invalid")
	ErrUnknownProvider      = chainerr.New(codespace, 30, codes.NotFound, "unknown provider")
	ErrInvalidBid           = chainerr.New(codespace, 31, codes.InvalidArgument, "invalid bid")
	ErrCapabilitiesMismatch = chainerr.New(codespace, 32, codes.InvalidArgument, "capabilities mismatch")
	ErrInvalidReason        = chainerr.New(codespace, 33, codes.InvalidArgument, "invalid lease closed reason")
	ErrNotReclamable        = chainerr.New(codespace, 35, codes.FailedPrecondition,
		"lease does not have reclamation configured")
	ErrAlreadyReclaiming = chainerr.New(codespace, 36, codes.FailedPrecondition, "reclamation already in progress")
	ErrReclaimNotStarted = chainerr.New(codespace, 37, codes.FailedPrecondition,
		"reclamation not started; call MsgLeaseStartReclaim first")
	ErrWindowNotElapsed = chainerr.New(codespace, 38, codes.FailedPrecondition, "reclamation window has not elapsed")
	ErrWindowInvalid    = chainerr.New(codespace, 39, codes.InvalidArgument,
		"reclamation window outside governance bounds")
	ErrReclamationRequired = chainerr.New(codespace, 40, codes.InvalidArgument,
		"order requires reclamation but bid does not offer it")
	ErrWindowTooShort = chainerr.New(codespace, 41, codes.InvalidArgument,
		"reclamation window shorter than order minimum")
)
