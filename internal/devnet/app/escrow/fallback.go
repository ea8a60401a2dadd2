// SPDX-License-Identifier: Apache-2.0

package escrow

import (
	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	escrowtypes "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/types/v1"
)

// AKTPrice tells what an AKT is worth in USD while debts may be paid in it, and
// false while they may not.
type AKTPrice func(ctx sdk.Context) (usdPerAKT math.LegacyDec, ok bool)

// PayDebtsInAKT sets when an account that runs out of uact may be settled out of
// its uakt. Call it once, before the first block.
func (k *Keeper) PayDebtsInAKT(price AKTPrice) { k.aktPrice = price }

// settleAll settles, and where a payment comes up short tries to cover it in
// AKT: wholly, or the account is overdrawn. Source: protocol/lifecycle.md section 6.4.
func (k *Keeper) settleAll(
	ctx sdk.Context, acc *escrowtypes.Account,
) (payments []escrowtypes.Payment, overdrawn bool, err error) {
	payments, overdrawn = k.settle(ctx, acc)
	if !overdrawn || len(payments) == 0 {
		return payments, overdrawn, nil
	}
	price, ok := k.aktPrice(ctx)
	if !ok || !price.IsPositive() || owedIn(payments, price).GT(deposited(acc, coin.UAKT)) {
		return payments, true, nil
	}
	for i := range payments {
		pay := &payments[i]
		if pay.State.State != escrowtypes.State_overdrawn {
			continue
		}
		debt := pay.State.Unsettled.Amount
		inAKT := escrowtypes.Payment{State: escrowtypes.PaymentState{
			Owner: pay.State.Owner, Rate: sdk.NewInt64DecCoin(coin.UAKT, 0), Balance: sdk.NewInt64DecCoin(coin.UAKT, 0),
			Withdrawn: sdk.NewInt64Coin(coin.UAKT, 0),
		}}
		transfer(acc, &inAKT, worth(debt, price))
		if err := k.payOut(ctx, &inAKT); err != nil {
			return nil, false, err
		}
		// The debt was taken off the funds when it arose.
		funds := fundsOf(acc, pay.State.Rate.Denom)
		funds.Amount = funds.Amount.Add(debt)
		pay.State.Unsettled.Amount, pay.State.State = math.LegacyZeroDec(), escrowtypes.State_open
	}
	return payments, false, nil
}

// worth is a debt in uact as whole uakt.
func worth(debt, usdPerAKT math.LegacyDec) math.LegacyDec { return debt.Quo(usdPerAKT).TruncateDec() }

func owedIn(payments []escrowtypes.Payment, usdPerAKT math.LegacyDec) math.LegacyDec {
	sum := math.LegacyZeroDec()
	for _, p := range payments {
		sum = sum.Add(worth(p.State.Unsettled.Amount, usdPerAKT))
	}
	return sum
}

func deposited(acc *escrowtypes.Account, denom string) math.LegacyDec {
	sum := math.LegacyZeroDec()
	for _, d := range acc.State.Deposits {
		if d.Balance.Denom == denom {
			sum = sum.Add(d.Balance.Amount)
		}
	}
	return sum
}
