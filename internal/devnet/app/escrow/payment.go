// SPDX-License-Identifier: Apache-2.0

package escrow

import (
	"fmt"
	"slices"

	sdk "github.com/cosmos/cosmos-sdk/types"

	escrowid "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/id/v1"
	escrowtypes "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/types/v1"
)

// CreatePayment starts paying rate (per block) to owner out of an account from
// this block on. The account is settled first; an overdrawn one is [ErrAccountOverdrawn].
func (k *Keeper) CreatePayment(
	ctx sdk.Context, id escrowid.Payment, owner sdk.AccAddress, rate sdk.DecCoin,
) error {
	acc, err := k.Account(ctx, id.AID)
	if err != nil {
		return err
	}
	payments, overdrawn, err := k.settleAll(ctx, &acc)
	if err != nil {
		return err
	}
	if overdrawn {
		// The transaction fails, so what settling booked is dropped with it.
		return ErrAccountOverdrawn
	}
	if acc.State.State != escrowtypes.State_open {
		return ErrAccountClosed
	}
	known := slices.ContainsFunc(acc.State.Funds, func(b escrowtypes.Balance) bool { return b.Denom == rate.Denom })
	switch {
	case !known:
		return ErrDenomination
	case rate.IsZero():
		return ErrRateZero
	case k.payments.Has(ctx, paymentKey(id)):
		return ErrPaymentExists
	}
	k.savePayments(ctx, payments)
	k.accounts.Set(ctx, acc)
	k.payments.Set(ctx, newPayment(id, owner.String(), rate))
	return nil
}

// Withdraw settles the payment's account and sends its owner what has
// accumulated. When the account comes up short, it is overdrawn and closed.
func (k *Keeper) Withdraw(ctx sdk.Context, id escrowid.Payment) error {
	pay, err := k.Payment(ctx, id)
	if err != nil {
		return err
	}
	if pay.State.State != escrowtypes.State_open {
		return ErrPaymentClosed
	}
	acc, err := k.Account(ctx, id.AID)
	if err != nil {
		return err
	}
	payments, overdrawn, err := k.settleAll(ctx, &acc)
	if err != nil {
		return err
	}
	if overdrawn {
		return k.overdraw(ctx, &acc, payments)
	}
	i := slices.IndexFunc(payments, func(p escrowtypes.Payment) bool { return p.ID == id })
	if i < 0 {
		// The network panics here when an account is settled twice in one block
		// (lifecycle.md section 5); the SDK turns it into code 111222.
		panic(fmt.Sprintf("couldn't find payment %s/%s", accountKey(id.AID), id.XID))
	}
	if err := k.payOut(ctx, &payments[i]); err != nil {
		return err
	}
	k.savePayments(ctx, payments)
	k.accounts.Set(ctx, acc)
	return nil
}

// ClosePayment settles the account, pays the payment out and ends it; one that
// is not open any more is left alone. A payment opened, or an account settled, in this very
// block stays open, since a second settlement lists no payments: the network's quirk (lifecycle.md 6.5).
func (k *Keeper) ClosePayment(ctx sdk.Context, id escrowid.Payment) error {
	pay, err := k.Payment(ctx, id)
	if err != nil {
		return err
	}
	if pay.State.State != escrowtypes.State_open {
		return nil
	}
	acc, err := k.Account(ctx, id.AID)
	if err != nil {
		return err
	}
	payments, overdrawn, err := k.settleAll(ctx, &acc)
	if err != nil {
		return err
	}
	if overdrawn {
		return k.overdraw(ctx, &acc, payments)
	}
	if i := slices.IndexFunc(payments, func(p escrowtypes.Payment) bool { return p.ID == id }); i >= 0 {
		if err := k.payOut(ctx, &payments[i]); err != nil {
			return err
		}
		payments[i].State.State = escrowtypes.State_closed
	}
	k.savePayments(ctx, payments)
	k.accounts.Set(ctx, acc)
	return nil
}

// CloseAccount settles, pays and closes every payment, refunds the deposits to
// their depositors and runs the hook. Closed already: [ErrAccountClosed] or [ErrAccountOverdrawn].
func (k *Keeper) CloseAccount(ctx sdk.Context, id escrowid.Account) error {
	acc, err := k.Account(ctx, id)
	if err != nil {
		return err
	}
	switch acc.State.State {
	case escrowtypes.State_closed:
		return ErrAccountClosed
	case escrowtypes.State_overdrawn:
		return ErrAccountOverdrawn
	default:
	}
	payments, overdrawn, err := k.settleAll(ctx, &acc)
	if err != nil {
		return err
	}
	if overdrawn {
		return k.overdraw(ctx, &acc, payments)
	}
	for i := range payments {
		if err := k.payOut(ctx, &payments[i]); err != nil {
			return err
		}
		payments[i].State.State = escrowtypes.State_closed
	}
	k.savePayments(ctx, payments)
	acc.State.State = escrowtypes.State_closed
	if err := k.refund(ctx, &acc); err != nil {
		return err
	}
	k.accounts.Set(ctx, acc)
	return k.onClosed(ctx, acc)
}
