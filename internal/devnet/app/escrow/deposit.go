// SPDX-License-Identifier: Apache-2.0

package escrow

import (
	"slices"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/x/authz"

	depositv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/deposit/v1"
	escrowid "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/id/v1"
	escrowtypes "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/types/v1"
	escrowv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/v1"
)

// depositMsgType is the message type under which authz keeps deposit authorizations.
var depositMsgType = sdk.MsgTypeURL(&escrowv1.MsgAccountDeposit{})

// AuthorizeDeposits decides whose coins cover a deposit of signer, source by
// source in the order listed, and lowers the grants it uses. The coins
// themselves move when the entries are handed to [Keeper.CreateAccount] or [Keeper.Deposit].
// What stays uncovered is an error without a code, as on the network.
func (k *Keeper) AuthorizeDeposits(
	ctx sdk.Context, signer sdk.AccAddress, scope escrowid.Scope, deposit depositv1.Deposit,
) ([]escrowtypes.Depositor, error) {
	var entries []escrowtypes.Depositor
	remaining, denom := deposit.Amount.Amount, deposit.Amount.Denom
	add := func(owner sdk.AccAddress, source depositv1.Source, amount math.Int) {
		remaining = remaining.Sub(amount)
		entries = append(entries, escrowtypes.Depositor{
			Owner: owner.String(), Height: ctx.BlockHeight(), Source: source,
			Balance: sdk.NewDecCoin(denom, amount),
		})
	}
	for _, source := range deposit.Sources {
		if !remaining.IsPositive() {
			break
		}
		switch source {
		case depositv1.Source_balance:
			have := k.bank.SpendableCoins(ctx, signer).AmountOf(denom)
			if take := math.MinInt(have, remaining); take.IsPositive() {
				add(signer, source, take)
			}
		case depositv1.Source_grant:
			for _, g := range k.depositGrants(ctx, signer, scope) {
				take := math.MinInt(sdk.Coins(g.auth.SpendLimits).AmountOf(denom), remaining)
				if !take.IsPositive() {
					continue
				}
				g.auth.SpendLimits = sdk.Coins(g.auth.SpendLimits).Sub(sdk.NewCoin(denom, take))
				if err := k.grants.SaveGrant(ctx, signer, g.granter, g.auth, g.expiration); err != nil {
					return nil, err
				}
				add(g.granter, source, take)
			}
		default:
		}
	}
	if remaining.IsPositive() {
		return nil, errInsufficientBalance
	}
	return entries, nil
}

type depositGrant struct {
	granter    sdk.AccAddress
	auth       *escrowv1.DepositAuthorization
	expiration *time.Time
}

// depositGrants lists the usable grants to grantee in store order.
func (k *Keeper) depositGrants(ctx sdk.Context, grantee sdk.AccAddress, scope escrowid.Scope) []depositGrant {
	want := escrowv1.DepositAuthorization_deployment
	if scope == escrowid.Scope_bid {
		want = escrowv1.DepositAuthorization_bid
	}
	var out []depositGrant
	k.grants.IterateGrants(ctx, func(granter, to sdk.AccAddress, grant authz.Grant) bool {
		if !to.Equals(grantee) || (grant.Expiration != nil && grant.Expiration.Before(ctx.BlockTime())) {
			return false
		}
		authorization, err := grant.GetAuthorization()
		if err != nil {
			return false
		}
		if auth, ok := authorization.(*escrowv1.DepositAuthorization); ok && slices.Contains(auth.Scopes, want) {
			out = append(out, depositGrant{granter: slices.Clone(granter), auth: auth, expiration: grant.Expiration})
		}
		return false
	})
	return out
}

// CreateAccount opens an account with the coins of deposits, or returns [ErrAccountExists].
func (k *Keeper) CreateAccount(
	ctx sdk.Context, id escrowid.Account, owner sdk.AccAddress, deposits []escrowtypes.Depositor,
) error {
	if k.accounts.Has(ctx, accountKey(id)) {
		return ErrAccountExists
	}
	acc := escrowtypes.Account{ID: id, State: escrowtypes.AccountState{
		Owner: owner.String(), State: escrowtypes.State_open, SettledAt: ctx.BlockHeight(),
	}}
	if err := k.take(ctx, &acc, deposits); err != nil {
		return err
	}
	k.accounts.Set(ctx, acc)
	return nil
}

// Deposit adds coins to an account. It does not settle an open one. An overdrawn
// one is settled as far as the coins go and, once its debts are paid, closed and
// refunded; it never opens again. A closed one is [ErrAccountClosed].
func (k *Keeper) Deposit(ctx sdk.Context, id escrowid.Account, deposits []escrowtypes.Depositor) error {
	acc, err := k.Account(ctx, id)
	if err != nil {
		return err
	}
	if acc.State.State == escrowtypes.State_closed {
		return ErrAccountClosed
	}
	if err := k.take(ctx, &acc, deposits); err != nil {
		return err
	}
	if acc.State.State == escrowtypes.State_overdrawn {
		if err := k.settleDebts(ctx, &acc); err != nil {
			return err
		}
	}
	k.accounts.Set(ctx, acc)
	return nil
}

// take moves the coins of deposits into the module account and books them.
func (k *Keeper) take(ctx sdk.Context, acc *escrowtypes.Account, deposits []escrowtypes.Depositor) error {
	for _, d := range deposits {
		from, err := sdk.AccAddressFromBech32(d.Owner)
		if err != nil {
			return err
		}
		coin, _ := d.Balance.TruncateDecimal()
		if err := k.bank.SendCoinsFromAccountToModule(ctx, from, ModuleName, sdk.NewCoins(coin)); err != nil {
			return err
		}
		acc.State.Deposits = append(acc.State.Deposits, d)
		funds := fundsOf(acc, d.Balance.Denom)
		funds.Amount = funds.Amount.Add(d.Balance.Amount)
	}
	return nil
}

// fundsOf points at the account's running balance of a denom, made when missing
// together with its transferred total.
func fundsOf(acc *escrowtypes.Account, denom string) *escrowtypes.Balance {
	for i := range acc.State.Funds {
		if acc.State.Funds[i].Denom == denom {
			return &acc.State.Funds[i]
		}
	}
	acc.State.Funds = append(acc.State.Funds, escrowtypes.Balance{Denom: denom, Amount: math.LegacyZeroDec()})
	acc.State.Transferred = append(acc.State.Transferred, sdk.NewDecCoin(denom, math.ZeroInt()))
	return &acc.State.Funds[len(acc.State.Funds)-1]
}

// refund pays every remaining deposit back to whoever made it, whole units
// only, and gives a granter's coins back to the grant as well when it still exists.
func (k *Keeper) refund(ctx sdk.Context, acc *escrowtypes.Account) error {
	owner, err := sdk.AccAddressFromBech32(acc.State.Owner)
	if err != nil {
		return err
	}
	for _, d := range acc.State.Deposits {
		to, err := sdk.AccAddressFromBech32(d.Owner)
		if err != nil {
			return err
		}
		coin, _ := d.Balance.TruncateDecimal()
		if !coin.IsPositive() {
			continue
		}
		if err := k.bank.SendCoinsFromModuleToAccount(ctx, ModuleName, to, sdk.NewCoins(coin)); err != nil {
			return err
		}
		funds := fundsOf(acc, coin.Denom)
		funds.Amount = funds.Amount.Sub(d.Balance.Amount)
		if d.Source == depositv1.Source_grant {
			if err := k.restoreGrant(ctx, owner, to, coin); err != nil {
				return err
			}
		}
	}
	acc.State.Deposits = nil
	return nil
}

func (k *Keeper) restoreGrant(ctx sdk.Context, grantee, granter sdk.AccAddress, coin sdk.Coin) error {
	authorization, expiration := k.grants.GetAuthorization(ctx, grantee, granter, depositMsgType)
	auth, ok := authorization.(*escrowv1.DepositAuthorization)
	if !ok || (expiration != nil && expiration.Before(ctx.BlockTime())) {
		return nil
	}
	auth.SpendLimits = sdk.Coins(auth.SpendLimits).Add(coin)
	return k.grants.SaveGrant(ctx, grantee, granter, auth, expiration)
}
