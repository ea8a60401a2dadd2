// SPDX-License-Identifier: Apache-2.0

// Package bme turns AKT into ACT and back: requests wait in a queue that is
// worked off at the end of every epoch, at the oracle's price, behind a circuit
// breaker that watches how well the vault covers the ACT outstanding.
//
// The vault's AKT is a genesis balance; messages of governance are out of reach.
// Source: protocol/lifecycle.md section 7. Used by the application above it.
package bme

import (
	"context"
	"encoding/binary"

	"cosmossdk.io/math"
	storetypes "cosmossdk.io/store/types"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/table"
	bmev1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/bme/v1"
)

// ModuleName names the module, its store, and the account that is the vault.
const ModuleName = "bme"

// Bank moves, makes and ends coins.
type Bank interface {
	GetAllBalances(ctx context.Context, addr sdk.AccAddress) sdk.Coins
	GetSupply(ctx context.Context, denom string) sdk.Coin
	SendCoinsFromAccountToModule(ctx context.Context, from sdk.AccAddress, module string, amt sdk.Coins) error
	SendCoinsFromModuleToAccount(ctx context.Context, module string, to sdk.AccAddress, amt sdk.Coins) error
	MintCoins(ctx context.Context, module string, amt sdk.Coins) error
	BurnCoins(ctx context.Context, module string, amt sdk.Coins) error
}

// Oracle knows a coin's price in USD.
type Oracle interface {
	Price(ctx sdk.Context, denom string) (math.LegacyDec, error)
}

var (
	paramsKey    = []byte{0}
	statusKey    = []byte{1}
	totalsKey    = []byte{2}
	sequenceKey  = []byte{3}
	mintEpochKey = []byte{4}
	burnEpochKey = []byte{5}
)

const ledgerPrefix = 6

// Keeper is the module's state.
type Keeper struct {
	store  storetypes.StoreKey
	vault  sdk.AccAddress
	bank   Bank
	oracle Oracle
	ledger table.Table[bmev1.QueryLedgerRecordEntry, *bmev1.QueryLedgerRecordEntry]
}

// NewKeeper makes a keeper on its store; vault is the module's account.
func NewKeeper(store storetypes.StoreKey, vault sdk.AccAddress, bank Bank, oracle Oracle) *Keeper {
	return &Keeper{
		store: store, vault: vault, bank: bank, oracle: oracle,
		ledger: table.New[bmev1.QueryLedgerRecordEntry](store, ledgerPrefix, table.Def[bmev1.QueryLedgerRecordEntry]{
			Primary: func(e *bmev1.QueryLedgerRecordEntry) table.Key { return ledgerKey(e.ID) },
			State:   func(e *bmev1.QueryLedgerRecordEntry) int32 { return int32(e.Status) },
			Pages:   table.Pages{MarkReverse: true},
		}),
	}
}

func routeKey(denom, toDenom string) table.Key { return table.Key{}.Text(denom).Text(toDenom) }

func ledgerKey(id bmev1.LedgerRecordID) table.Key {
	//nolint:gosec // heights and sequences are positive
	return routeKey(id.Denom, id.ToDenom).Text(id.Source).Uint64(uint64(id.Height)).Uint64(uint64(id.Sequence))
}

// InitGenesis stores the parameters. Minting is halted until the first block has
// looked at vault and price.
func (k *Keeper) InitGenesis(ctx sdk.Context, params bmev1.Params) error {
	if err := k.save(ctx, paramsKey, &params); err != nil {
		return err
	}
	return k.save(ctx, statusKey, &bmev1.Status{
		Status: bmev1.MintStatus_mint_status_halt_cr, PreviousStatus: bmev1.MintStatus_mint_status_halt_cr,
	})
}

// Params returns the module's parameters, as genesis set them.
func (k *Keeper) Params(ctx sdk.Context) (bmev1.Params, error) {
	var params bmev1.Params
	err := params.Unmarshal(ctx.KVStore(k.store).Get(paramsKey))
	return params, err
}

// Status is the circuit breaker's state as the last block left it.
func (k *Keeper) Status(ctx sdk.Context) (bmev1.Status, error) {
	var status bmev1.Status
	err := status.Unmarshal(ctx.KVStore(k.store).Get(statusKey))
	return status, err
}

// totals are the sums the module keeps. Where the message has the vault's
// balances, this one has the coins of pending requests.
func (k *Keeper) totals(ctx sdk.Context) (bmev1.State, error) {
	var state bmev1.State
	err := state.Unmarshal(ctx.KVStore(k.store).Get(totalsKey))
	return state, err
}

// VaultState is what the vault holds and what was ever made and ended. Its uact
// is what is outstanding, not what the account has.
func (k *Keeper) VaultState(ctx sdk.Context) (bmev1.State, error) {
	state, err := k.totals(ctx)
	balances := k.bank.GetAllBalances(ctx, k.vault)
	supply := k.bank.GetSupply(ctx, coin.UACT)
	outside := supply.SubAmount(balances.AmountOf(coin.UACT))
	state.Balances = balances.Add(outside)
	return state, err
}

// change rewrites one sum of the totals.
func (k *Keeper) change(ctx sdk.Context, edit func(state *bmev1.State)) error {
	state, err := k.totals(ctx)
	if err != nil {
		return err
	}
	edit(&state)
	return k.save(ctx, totalsKey, &state)
}

func add(coins []sdk.Coin, c sdk.Coin) []sdk.Coin { return sdk.Coins(coins).Add(c) }
func sub(coins []sdk.Coin, c sdk.Coin) []sdk.Coin { return sdk.Coins(coins).Sub(c) }

func (k *Keeper) save(ctx sdk.Context, key []byte, value interface{ Marshal() ([]byte, error) }) error {
	bz, err := value.Marshal()
	if err != nil {
		return err
	}
	ctx.KVStore(k.store).Set(key, bz)
	return nil
}

// number reads a stored number; 0 when there is none.
func (k *Keeper) number(ctx sdk.Context, key []byte) int64 {
	bz := ctx.KVStore(k.store).Get(key)
	if len(bz) != binary.Size(int64(0)) {
		return 0
	}
	return int64(binary.BigEndian.Uint64(bz)) //nolint:gosec // setNumber wrote it
}

func (k *Keeper) setNumber(ctx sdk.Context, key []byte, n int64) {
	ctx.KVStore(k.store).Set(key, binary.BigEndian.AppendUint64(nil, uint64(n))) //nolint:gosec // never negative
}
