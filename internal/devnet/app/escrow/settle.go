// SPDX-License-Identifier: Apache-2.0

package escrow

import (
	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"

	escrowtypes "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/types/v1"
)

// settle books what the account owes its open payments since it was settled
// last, at most once a block, and returns those payments. In a second settlement
// of one block nothing moves and no payments are returned. Overdrawn means that a
// payment came up short, now or before.
//
// Each payment is served in full before the next one, in key order. The amount
// is whole units of rate times blocks, so settling often pays a fractional rate a little less.
func (k *Keeper) settle(ctx sdk.Context, acc *escrowtypes.Account) (payments []escrowtypes.Payment, overdrawn bool) {
	if acc.State.State == escrowtypes.State_overdrawn ||
		(len(acc.State.Funds) > 0 && acc.State.Funds[0].Amount.IsNegative()) {
		return nil, true
	}
	blocks := ctx.BlockHeight() - acc.State.SettledAt
	acc.State.SettledAt = ctx.BlockHeight()
	if blocks <= 0 {
		return nil, false
	}
	payments = k.openPayments(ctx, acc.ID)
	for i := range payments {
		due := payments[i].State.Rate.Amount.MulInt64(blocks).TruncateDec()
		if short := transfer(acc, &payments[i], due); short.IsPositive() {
			overdrawn = true
			payments[i].State.State = escrowtypes.State_overdrawn
			payments[i].State.Unsettled.Amount = payments[i].State.Unsettled.Amount.Add(short)
		}
	}
	return payments, overdrawn
}

// transfer books due from the account's deposits, oldest first, to the payment,
// and returns what was missing. Funds go down by the whole of due, so they turn
// negative by the missing part.
func transfer(acc *escrowtypes.Account, pay *escrowtypes.Payment, due math.LegacyDec) math.LegacyDec {
	denom := pay.State.Rate.Denom
	missing := due
	kept := acc.State.Deposits[:0]
	for _, d := range acc.State.Deposits {
		if d.Balance.Denom == denom {
			take := math.LegacyMinDec(d.Balance.Amount, missing)
			d.Balance.Amount = d.Balance.Amount.Sub(take)
			missing = missing.Sub(take)
		}
		if d.Balance.Amount.IsPositive() {
			kept = append(kept, d)
		}
	}
	acc.State.Deposits = kept
	paid := due.Sub(missing)
	funds := fundsOf(acc, denom)
	funds.Amount = funds.Amount.Sub(due)
	credit(acc, pay, paid)
	return missing
}

func credit(acc *escrowtypes.Account, pay *escrowtypes.Payment, paid math.LegacyDec) {
	pay.State.Balance.Amount = pay.State.Balance.Amount.Add(paid)
	for i := range acc.State.Transferred {
		if acc.State.Transferred[i].Denom == pay.State.Rate.Denom {
			acc.State.Transferred[i].Amount = acc.State.Transferred[i].Amount.Add(paid)
		}
	}
}

// payOut sends the whole units of a payment's balance to its owner.
func (k *Keeper) payOut(ctx sdk.Context, pay *escrowtypes.Payment) error {
	coin, rest := pay.State.Balance.TruncateDecimal()
	if !coin.IsPositive() {
		return nil
	}
	to, err := sdk.AccAddressFromBech32(pay.State.Owner)
	if err != nil {
		return err
	}
	if err := k.bank.SendCoinsFromModuleToAccount(ctx, ModuleName, to, sdk.NewCoins(coin)); err != nil {
		return err
	}
	pay.State.Balance = rest
	pay.State.Withdrawn = pay.State.Withdrawn.Add(coin)
	return nil
}

// overdraw ends an account that could not pay: its payments are overdrawn and
// paid what they have, what is left in other denoms goes back, and the hook
// closes whatever the account paid for.
func (k *Keeper) overdraw(ctx sdk.Context, acc *escrowtypes.Account, payments []escrowtypes.Payment) error {
	acc.State.State = escrowtypes.State_overdrawn
	for i := range payments {
		payments[i].State.State = escrowtypes.State_overdrawn
		if err := k.payOut(ctx, &payments[i]); err != nil {
			return err
		}
	}
	if err := k.refund(ctx, acc); err != nil {
		return err
	}
	k.savePayments(ctx, payments)
	k.accounts.Set(ctx, *acc)
	return k.onClosed(ctx, *acc)
}

// settleDebts pays the unsettled part of each overdrawn payment out of new
// deposits. With every debt paid, payments and account close and the rest is refunded.
func (k *Keeper) settleDebts(ctx sdk.Context, acc *escrowtypes.Account) error {
	payments := k.payments.Scan(ctx, paymentPrefix(acc.ID))
	cleared := true
	for i := range payments {
		pay := &payments[i]
		if pay.State.State != escrowtypes.State_overdrawn {
			continue
		}
		debt := pay.State.Unsettled.Amount
		// The debt was taken off the funds when it arose; transfer takes it off again.
		funds := fundsOf(acc, pay.State.Rate.Denom)
		funds.Amount = funds.Amount.Add(debt)
		missing := transfer(acc, pay, debt)
		pay.State.Unsettled.Amount = missing
		if missing.IsPositive() {
			cleared = false
		} else {
			pay.State.State = escrowtypes.State_closed
		}
		if err := k.payOut(ctx, pay); err != nil {
			return err
		}
	}
	k.savePayments(ctx, payments)
	if !cleared {
		return nil
	}
	acc.State.State = escrowtypes.State_closed
	return k.refund(ctx, acc)
}
