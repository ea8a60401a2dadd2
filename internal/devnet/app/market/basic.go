// SPDX-License-Identifier: Apache-2.0

package market

import (
	"time"

	errorsmod "cosmossdk.io/errors"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/stateless"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// Reasons an Akash provider may give lie in this range (messages.md section 3).
const (
	firstProviderReason marketv1.LeaseClosedReason = 10_000
	lastProviderReason  marketv1.LeaseClosedReason = 19_999
)

// ValidateBasic checks a message of this module without state; messages of other
// modules pass.
func ValidateBasic(msg sdk.Msg) error {
	switch m := msg.(type) {
	case *marketv1beta5.MsgCreateBid:
		return validateCreateBid(m)
	case *marketv1beta5.MsgCloseBid:
		if err := stateless.BidID(m.ID); err != nil {
			return err
		}
		return validateReason(m.Reason)
	case *marketv1beta5.MsgLeaseStartReclaim:
		if err := stateless.LeaseID(m.ID); err != nil {
			return err
		}
		return validateReason(m.Reason)
	case *marketv1beta5.MsgCreateLease:
		return stateless.BidID(m.BidID)
	case *marketv1beta5.MsgCloseLease:
		return stateless.LeaseID(m.ID)
	case *marketv1beta5.MsgWithdrawLease:
		return stateless.LeaseID(m.ID)
	default:
		return nil
	}
}

func validateCreateBid(m *marketv1beta5.MsgCreateBid) error {
	if err := stateless.BidID(m.ID); err != nil {
		return err
	}
	if err := stateless.Deposit(m.Deposit); err != nil {
		return err
	}
	if m.ID.Owner == m.ID.Provider {
		return ErrSameAccount
	}
	if m.Price.Amount.IsNil() || m.Price.IsZero() {
		return ErrBidZeroPrice
	}
	if m.ReclamationWindow != nil && *m.ReclamationWindow < time.Duration(0) {
		return ErrWindowInvalid
	}
	return nil
}

func validateReason(reason marketv1.LeaseClosedReason) error {
	if reason < firstProviderReason || reason > lastProviderReason {
		return errorsmod.Wrapf(ErrInvalidReason, "value \"%d\" range %d..%d", reason, firstProviderReason, lastProviderReason)
	}
	return nil
}
