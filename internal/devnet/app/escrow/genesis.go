// SPDX-License-Identifier: Apache-2.0

package escrow

import (
	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"

	depositv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/deposit/v1"
	escrowid "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/id/v1"
	escrowtypes "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/types/v1"
)

// ModuleAddress is the account that holds all deposits.
func ModuleAddress() sdk.AccAddress { return authtypes.NewModuleAddress(ModuleName) }

// LoadAccount stores an account with one deposit from its owner's balance, for genesis: the coins have to be on
// [ModuleAddress] by other means.
func (k *Keeper) LoadAccount(ctx sdk.Context, id escrowid.Account, owner string, deposit sdk.Coin, height int64) {
	amount := sdk.NewDecCoinFromCoin(deposit)
	k.accounts.Set(ctx, escrowtypes.Account{ID: id, State: escrowtypes.AccountState{
		Owner: owner, State: escrowtypes.State_open, SettledAt: height,
		Funds:       []escrowtypes.Balance{{Denom: deposit.Denom, Amount: amount.Amount}},
		Transferred: []sdk.DecCoin{sdk.NewDecCoin(deposit.Denom, math.ZeroInt())},
		Deposits: []escrowtypes.Depositor{
			{Owner: owner, Height: height, Source: depositv1.Source_balance, Balance: amount},
		},
	}})
}

// LoadPayment stores an open payment to owner, likewise.
func (k *Keeper) LoadPayment(ctx sdk.Context, id escrowid.Payment, owner string, rate sdk.DecCoin) {
	k.payments.Set(ctx, newPayment(id, owner, rate))
}

func newPayment(id escrowid.Payment, owner string, rate sdk.DecCoin) escrowtypes.Payment {
	zero := sdk.NewInt64DecCoin(rate.Denom, 0)
	return escrowtypes.Payment{ID: id, State: escrowtypes.PaymentState{
		Owner: owner, State: escrowtypes.State_open, Rate: rate,
		Balance: zero, Unsettled: zero, Withdrawn: sdk.NewInt64Coin(rate.Denom, 0),
	}}
}
