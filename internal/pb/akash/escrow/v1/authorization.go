// SPDX-License-Identifier: Apache-2.0

package v1

import (
	"context"

	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
	"github.com/cosmos/cosmos-sdk/x/authz"
)

var _ authz.Authorization = (*DepositAuthorization)(nil)

// MsgTypeURL is the message a DepositAuthorization is stored under, whatever its scopes. Source: AEP-75.
func (*DepositAuthorization) MsgTypeURL() string { return sdk.MsgTypeURL(&MsgAccountDeposit{}) }

// Accept lets a MsgAccountDeposit inside a MsgExec spend from the limits, and nothing else.
func (a *DepositAuthorization) Accept(_ context.Context, msg sdk.Msg) (authz.AcceptResponse, error) {
	deposit, ok := msg.(*MsgAccountDeposit)
	if !ok {
		return authz.AcceptResponse{}, sdkerrors.ErrInvalidType.Wrap("type mismatch")
	}
	amount := deposit.Deposit.Amount
	left, negative := sdk.Coins(a.SpendLimits).SafeSub(amount)
	if negative {
		return authz.AcceptResponse{}, sdkerrors.ErrInsufficientFunds.Wrap("requested amount is more than spend limit")
	}
	return authz.AcceptResponse{
		Accept: true,
		Updated: &DepositAuthorization{
			SpendLimit: a.SpendLimit, Scopes: a.Scopes, SpendLimits: left,
		},
	}, nil
}

// ValidateBasic refuses limits that are no coins and unknown or missing scopes.
func (a *DepositAuthorization) ValidateBasic() error {
	if err := sdk.Coins(a.SpendLimits).Validate(); err != nil {
		return sdkerrors.ErrInvalidCoins.Wrap(err.Error())
	}
	if len(a.Scopes) == 0 {
		return sdkerrors.ErrInvalidRequest.Wrap("scopes cannot be empty")
	}
	for _, s := range a.Scopes {
		if _, known := DepositAuthorization_Scope_name[int32(s)]; !known || s == DepositAuthorization_invalid {
			return sdkerrors.ErrInvalidRequest.Wrapf("invalid scope %d", s)
		}
	}
	return nil
}
