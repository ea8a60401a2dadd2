// SPDX-License-Identifier: Apache-2.0

package bme

import (
	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	bmev1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/bme/v1"
)

// quote is what an exchange yields.
type quote struct {
	burned, gross bmev1.CoinPrice
	// spread stays in the vault; the receiver gets gross less spread.
	spread sdk.Coin
}

// quote prices an exchange. Amounts are cut to whole units.
func (k *Keeper) quote(ctx sdk.Context, params bmev1.Params, burn sdk.Coin, toDenom string) (quote, error) {
	from, err := k.oracle.Price(ctx, burn.Denom)
	if err != nil {
		return quote{}, err
	}
	to, err := k.oracle.Price(ctx, toDenom)
	if err != nil {
		return quote{}, err
	}
	if from.IsZero() || to.IsZero() {
		return quote{}, ErrZeroPrice
	}
	if supply := k.bank.GetSupply(ctx, burn.Denom); burn.Denom == coin.UACT && supply.IsLT(burn) {
		return quote{}, errorsmod.Wrapf(ErrInsufficientVault, "%s of %s", burn, supply)
	}
	gross := burn.Amount.ToLegacyDec().Mul(from.Quo(to)).TruncateInt()
	if !gross.IsPositive() {
		return quote{}, ErrEpsilon
	}
	if least := sdk.Coins(params.MinMint).AmountOf(toDenom); gross.LT(least) {
		return quote{}, errorsmod.Wrapf(ErrMinimumMint, "mint output %s%s is below minimum %s%s",
			gross, toDenom, least, toDenom)
	}
	bps := params.MintSpreadBps
	if burn.Denom == coin.UACT {
		bps = params.SettleSpreadBps
	}
	return quote{
		burned: bmev1.CoinPrice{Coin: burn, Price: from},
		gross:  bmev1.CoinPrice{Coin: sdk.NewCoin(toDenom, gross), Price: to},
		spread: sdk.NewCoin(toDenom, gross.MulRaw(int64(bps)).QuoRaw(bpsWhole)),
	}, nil
}

// execute makes one exchange and its ledger record.
//
// AKT is not ended when ACT is minted for it: it stays in the vault as a credit.
// ACT burned is paid out of that credit first, and only what is missing is minted.
func (k *Keeper) execute(
	ctx sdk.Context, params bmev1.Params, id bmev1.LedgerRecordID, r bmev1.LedgerPendingRecord,
) error {
	q, err := k.quote(ctx, params, r.CoinsToBurn, r.DenomToMint)
	if err != nil {
		return err
	}
	record := bmev1.LedgerRecord{
		BurnedFrom: r.Owner, MintedTo: r.To, Burner: ModuleName, Minter: ModuleName, Spread: q.spread,
	}
	if q.burned.Coin.Denom == coin.UAKT {
		record.Minted, record.RemintCreditAccrued = &q.gross, &q.burned
	} else {
		record.Burned = &q.burned
		record.RemintCreditIssued, record.Minted, err = k.useCredit(ctx, q.gross)
		if err != nil {
			return err
		}
		if err := k.bank.BurnCoins(ctx, ModuleName, sdk.NewCoins(q.burned.Coin)); err != nil {
			return errorsmod.Wrap(ErrBurnFailed, err.Error())
		}
	}
	if record.Minted != nil {
		if err := k.bank.MintCoins(ctx, ModuleName, sdk.NewCoins(record.Minted.Coin)); err != nil {
			return errorsmod.Wrap(ErrMintFailed, err.Error())
		}
	}
	to, err := sdk.AccAddressFromBech32(r.To)
	if err != nil {
		return err
	}
	net := sdk.NewCoins(q.gross.Coin.Sub(q.spread))
	if err := k.bank.SendCoinsFromModuleToAccount(ctx, ModuleName, to, net); err != nil {
		return err
	}
	return k.keep(ctx, id, r, record)
}

// useCredit splits an amount of AKT into what the credit covers and what has to
// be minted; a part that is zero is nil.
func (k *Keeper) useCredit(ctx sdk.Context, want bmev1.CoinPrice) (issued, minted *bmev1.CoinPrice, err error) {
	totals, err := k.totals(ctx)
	if err != nil {
		return nil, nil, err
	}
	covered := math.MinInt(sdk.Coins(totals.RemintCredits).AmountOf(want.Coin.Denom), want.Coin.Amount)
	part := func(amount math.Int) *bmev1.CoinPrice {
		if !amount.IsPositive() {
			return nil
		}
		return &bmev1.CoinPrice{Coin: sdk.NewCoin(want.Coin.Denom, amount), Price: want.Price}
	}
	return part(covered), part(want.Coin.Amount.Sub(covered)), nil
}

// keep writes the sums and the ledger record, and tells it.
func (k *Keeper) keep(
	ctx sdk.Context, id bmev1.LedgerRecordID, r bmev1.LedgerPendingRecord, record bmev1.LedgerRecord,
) error {
	err := k.change(ctx, func(s *bmev1.State) {
		s.Balances = sub(s.Balances, r.CoinsToBurn)
		if record.Minted != nil {
			s.TotalMinted = add(s.TotalMinted, record.Minted.Coin)
		}
		if record.Burned != nil {
			s.TotalBurned = add(s.TotalBurned, record.Burned.Coin)
		}
		if record.RemintCreditAccrued != nil {
			s.RemintCredits = add(s.RemintCredits, record.RemintCreditAccrued.Coin)
		}
		if record.RemintCreditIssued != nil {
			s.RemintCredits = sub(s.RemintCredits, record.RemintCreditIssued.Coin)
		}
	})
	if err != nil {
		return err
	}
	k.ledger.Set(ctx, bmev1.QueryLedgerRecordEntry{
		ID: id, Status: bmev1.LedgerRecordStatus_ledger_record_status_executed,
		Record: &bmev1.QueryLedgerRecordEntry_ExecutedRecord{ExecutedRecord: &record},
	})
	return ctx.EventManager().EmitTypedEvent(&bmev1.EventLedgerRecordExecuted{
		ID: id, BurnedFrom: record.BurnedFrom, MintedTo: record.MintedTo, Burner: record.Burner, Minter: record.Minter,
		Burned: record.Burned, Minted: record.Minted, Spread: record.Spread,
		RemintCreditIssued: record.RemintCreditIssued, RemintCreditAccrued: record.RemintCreditAccrued,
	})
}
