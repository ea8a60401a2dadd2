// SPDX-License-Identifier: Apache-2.0

// Package escrow holds deposits and pays leases out of them: accounts,
// payments, lazy settlement, overdraw and refunds to whoever deposited.
//
// Arithmetic is exact. Nothing happens by itself at a block: money moves only
// when a message settles an account.
// Source: protocol/lifecycle.md section 6. Used by the deployment and market
// packages beside it.
package escrow

import (
	"context"
	"time"

	"cosmossdk.io/math"
	storetypes "cosmossdk.io/store/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/x/authz"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/table"
	escrowid "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/id/v1"
	escrowtypes "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/types/v1"
)

// ModuleName names the module account that holds every deposit, and the store.
const ModuleName = "escrow"

// Bank moves coins between accounts and the escrow module account.
type Bank interface {
	SpendableCoins(ctx context.Context, addr sdk.AccAddress) sdk.Coins
	SendCoinsFromAccountToModule(ctx context.Context, from sdk.AccAddress, module string, amt sdk.Coins) error
	SendCoinsFromModuleToAccount(ctx context.Context, module string, to sdk.AccAddress, amt sdk.Coins) error
}

// Grants reads and rewrites deposit authorizations.
type Grants interface {
	IterateGrants(ctx context.Context, visit func(granter, grantee sdk.AccAddress, grant authz.Grant) bool)
	GetAuthorization(
		ctx context.Context, grantee, granter sdk.AccAddress, msgType string,
	) (authz.Authorization, *time.Time)
	SaveGrant(
		ctx context.Context, grantee, granter sdk.AccAddress, authorization authz.Authorization, expiration *time.Time,
	) error
}

// Keeper is the module's state. Make it with [NewKeeper], then set the hook.
type Keeper struct {
	bank     Bank
	grants   Grants
	accounts table.Table[escrowtypes.Account, *escrowtypes.Account]
	payments table.Table[escrowtypes.Payment, *escrowtypes.Payment]
	onClosed func(ctx sdk.Context, account escrowtypes.Account) error
	aktPrice AKTPrice
}

// NewKeeper makes a keeper on its store.
func NewKeeper(store storetypes.StoreKey, bank Bank, grants Grants) *Keeper {
	return &Keeper{
		bank:   bank,
		grants: grants,
		accounts: table.New[escrowtypes.Account](store, 1, table.Def[escrowtypes.Account]{
			Primary: func(a *escrowtypes.Account) table.Key { return accountKey(a.ID) },
			State:   func(a *escrowtypes.Account) int32 { return int32(a.State.State) },
		}),
		payments: table.New[escrowtypes.Payment](store, 2, table.Def[escrowtypes.Payment]{
			Primary: func(p *escrowtypes.Payment) table.Key { return paymentKey(p.ID) },
			State:   func(p *escrowtypes.Payment) int32 { return int32(p.State.State) },
		}),
		onClosed: func(sdk.Context, escrowtypes.Account) error { return nil },
		aktPrice: func(sdk.Context) (math.LegacyDec, bool) { return math.LegacyDec{}, false },
	}
}

// OnAccountClosed sets what runs after an account closed or was overdrawn; its
// state tells which. Call it once, before the first block.
func (k *Keeper) OnAccountClosed(hook func(ctx sdk.Context, account escrowtypes.Account) error) {
	k.onClosed = hook
}

// Account finds an account, or returns [ErrAccountNotFound].
func (k *Keeper) Account(ctx sdk.Context, id escrowid.Account) (escrowtypes.Account, error) {
	acc, ok := k.accounts.Get(ctx, accountKey(id))
	if !ok {
		return acc, ErrAccountNotFound
	}
	return acc, nil
}

// Payment finds a payment, or returns [ErrPaymentNotFound].
func (k *Keeper) Payment(ctx sdk.Context, id escrowid.Payment) (escrowtypes.Payment, error) {
	pay, ok := k.payments.Get(ctx, paymentKey(id))
	if !ok {
		return pay, ErrPaymentNotFound
	}
	return pay, nil
}

func (k *Keeper) openPayments(ctx sdk.Context, id escrowid.Account) []escrowtypes.Payment {
	var open []escrowtypes.Payment
	for _, p := range k.payments.Scan(ctx, paymentPrefix(id)) {
		if p.State.State == escrowtypes.State_open {
			open = append(open, p)
		}
	}
	return open
}

func (k *Keeper) savePayments(ctx sdk.Context, payments []escrowtypes.Payment) {
	for _, p := range payments {
		k.payments.Set(ctx, p)
	}
}
