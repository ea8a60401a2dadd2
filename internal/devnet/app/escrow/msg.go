// SPDX-License-Identifier: Apache-2.0

package escrow

import (
	"context"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/stateless"
	escrowv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/v1"
)

// MsgServer executes the module's messages.
type MsgServer struct{ k *Keeper }

var _ escrowv1.MsgServer = MsgServer{}

// NewMsgServer makes the message server.
func NewMsgServer(k *Keeper) MsgServer { return MsgServer{k: k} }

// ValidateBasic checks a message of this module without state; messages of other
// modules pass.
func ValidateBasic(msg sdk.Msg) error {
	m, ok := msg.(*escrowv1.MsgAccountDeposit)
	if !ok {
		return nil
	}
	if _, err := stateless.Address(m.Signer); err != nil {
		return err
	}
	if err := validateID(m.ID); err != nil {
		return err
	}
	if m.Deposit.Amount.IsZero() {
		return ErrInvalidDeposit
	}
	return stateless.DepositSources(m.Deposit.Sources)
}

// AccountDeposit adds the signer's or a granter's coins to any open account.
func (s MsgServer) AccountDeposit(
	goCtx context.Context, m *escrowv1.MsgAccountDeposit,
) (*escrowv1.MsgAccountDepositResponse, error) {
	if err := ValidateBasic(m); err != nil {
		return nil, err
	}
	ctx := sdk.UnwrapSDKContext(goCtx)
	signer, err := stateless.Address(m.Signer)
	if err != nil {
		return nil, err
	}
	deposits, err := s.k.AuthorizeDeposits(ctx, signer, m.ID.Scope, m.Deposit)
	if err != nil {
		return nil, err
	}
	if err := s.k.Deposit(ctx, m.ID, deposits); err != nil {
		return nil, err
	}
	return &escrowv1.MsgAccountDepositResponse{}, nil
}
