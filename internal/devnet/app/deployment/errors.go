// SPDX-License-Identifier: Apache-2.0

package deployment

import (
	"google.golang.org/grpc/codes"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/chainerr"
)

const codespace = "deployment"

// Errors of the codespace "deployment". Source: protocol/messages.md section 14.
var (
	ErrExists             = chainerr.New(codespace, 3, codes.AlreadyExists, "Deployment exists")
	ErrNotFound           = chainerr.New(codespace, 4, codes.NotFound, "Deployment not found")
	ErrClosed             = chainerr.New(codespace, 5, codes.FailedPrecondition, "Deployment closed")
	ErrInvalidGroups      = chainerr.New(codespace, 7, codes.InvalidArgument, "Invalid groups")
	ErrEmptyHash          = chainerr.New(codespace, 9, codes.InvalidArgument, "Invalid: empty hash")
	ErrInvalidHash        = chainerr.New(codespace, 10, codes.InvalidArgument, "Invalid: deployment hash")
	ErrGroupNotFound      = chainerr.New(codespace, 14, codes.NotFound, "Group not found")
	ErrGroupClosed        = chainerr.New(codespace, 15, codes.FailedPrecondition, "Group already closed")
	ErrGroupOpen          = chainerr.New(codespace, 16, codes.FailedPrecondition, "Group open")
	ErrGroupPaused        = chainerr.New(codespace, 17, codes.FailedPrecondition, "Group paused")
	ErrInvalidDeposit     = chainerr.New(codespace, 20, codes.InvalidArgument, "Deposit invalid")
	ErrInvalidPrice       = chainerr.New(codespace, 24, codes.InvalidArgument, "invalid price")
	ErrDuplicateGroupName = chainerr.New(codespace, 25, codes.InvalidArgument, "duplicate group name")
	ErrInvalidReclamation = chainerr.New(codespace, 26, codes.InvalidArgument, "invalid reclamation configuration")
)
