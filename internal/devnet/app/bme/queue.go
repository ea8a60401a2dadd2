// SPDX-License-Identifier: Apache-2.0

package bme

import (
	"errors"

	errorsmod "cosmossdk.io/errors"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/oracle"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/table"
	bmev1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/bme/v1"
)

const pending = bmev1.LedgerRecordStatus_ledger_record_status_pending

// request is who burns what for which denom. Owner and receiver are bech32.
type request struct {
	owner, to string
	burn      sdk.Coin
	toDenom   string
}

// Request takes the coins to burn into the vault and queues the exchange for the
// next epoch. It needs a route between uakt and uact, a price, and a circuit
// breaker that allows the direction.
func (k *Keeper) Request(ctx sdk.Context, r request) (bmev1.LedgerRecordID, error) {
	var id bmev1.LedgerRecordID
	minting := r.burn.Denom == coin.UAKT && r.toDenom == coin.UACT
	if !minting && (r.burn.Denom != coin.UACT || r.toDenom != coin.UAKT) {
		return id, errorsmod.Wrapf(ErrInvalidDenom, "invalid swap route %s -> %s", r.burn.Denom, r.toDenom)
	}
	if _, err := k.oracle.Price(ctx, coin.UAKT); err != nil {
		return id, err
	}
	status, err := k.Status(ctx)
	if err != nil {
		return id, err
	}
	if !burnsAllowed(status.Status) || (minting && !mintsAllowed(status.Status)) {
		return id, ErrCircuitBreaker
	}
	from, err := sdk.AccAddressFromBech32(r.owner)
	if err != nil {
		return id, err
	}
	if err := k.bank.SendCoinsFromAccountToModule(ctx, from, ModuleName, sdk.NewCoins(r.burn)); err != nil {
		return id, err
	}
	id = bmev1.LedgerRecordID{
		Denom: r.burn.Denom, ToDenom: r.toDenom, Source: r.owner, Height: ctx.BlockHeight(), Sequence: k.nextSequence(ctx),
	}
	k.ledger.Set(ctx, pendingEntry(id, bmev1.LedgerPendingRecord{
		Owner: r.owner, To: r.to, CoinsToBurn: r.burn, DenomToMint: r.toDenom,
	}))
	return id, k.change(ctx, func(s *bmev1.State) { s.Balances = add(s.Balances, r.burn) })
}

// nextSequence numbers the requests of one block from 1.
func (k *Keeper) nextSequence(ctx sdk.Context) int64 {
	n := k.number(ctx, sequenceKey) + 1
	k.setNumber(ctx, sequenceKey, n)
	return n
}

// EndBlock works off the queues whose epoch ends at this height, and looks at
// the circuit breaker.
func (k *Keeper) EndBlock(ctx sdk.Context) error {
	params, err := k.Params(ctx)
	if err != nil {
		return err
	}
	k.setNumber(ctx, sequenceKey, 0)
	height := ctx.BlockHeight()
	if next := k.number(ctx, burnEpochKey); next == 0 || next == height {
		k.setNumber(ctx, burnEpochKey, height+params.MinEpochBlocks)
		if err := k.workOff(ctx, params, coin.UACT, coin.UAKT); err != nil {
			return err
		}
	}
	status, changed, err := k.updateStatus(ctx, params)
	if err != nil || !mintsAllowed(status.Status) {
		return err
	}
	switch {
	case changed && !mintsAllowed(status.PreviousStatus):
		// Just allowed again: the first epoch begins here.
		k.setNumber(ctx, mintEpochKey, height+status.EpochHeightDiff)
	case k.number(ctx, mintEpochKey) == height:
		k.setNumber(ctx, mintEpochKey, height+status.EpochHeightDiff)
		if err := k.workOff(ctx, params, coin.UAKT, coin.UACT); err != nil {
			return err
		}
		_, _, err = k.updateStatus(ctx, params)
	}
	return err
}

// workOff executes a route's pending requests in key order, up to the number a
// block may do. One that fails for good is cancelled and refunded; for anything else
// it is tried again in the next epoch, up to the attempts allowed. Without a price nothing is tried.
func (k *Keeper) workOff(ctx sdk.Context, params bmev1.Params, denom, toDenom string) error {
	waiting, _ := k.ledger.Fill(ctx, table.Span[bmev1.QueryLedgerRecordEntry]{
		Path: table.StateByState, State: byte(pending), Prefix: routeKey(denom, toDenom),
	}, &table.Room{Limit: uint64(params.MaxEndblockerRecords)})
	for _, entry := range waiting {
		record := *entry.GetPendingRecord()
		branch, commit := ctx.CacheContext()
		err := k.execute(branch, params, entry.ID, record)
		if err == nil {
			commit()
			continue
		}
		if errors.Is(err, oracle.ErrPriceStalled) {
			return nil
		}
		ctx.Logger().Error("exchange failed", "owner", record.Owner, "height", entry.ID.Height, "err", err)
		reason, last := cancelReason(err)
		if record.Attempts++; !last && record.Attempts < params.MaxPendingAttempts {
			k.ledger.Set(ctx, pendingEntry(entry.ID, record))
			continue
		}
		if !last {
			reason = bmev1.LedgerCanceledRecord_max_attempts
		}
		if err := k.cancel(ctx, entry.ID, record, reason); err != nil {
			return err
		}
	}
	return nil
}

// cancel gives the coins back and keeps the reason.
func (k *Keeper) cancel(
	ctx sdk.Context, id bmev1.LedgerRecordID, r bmev1.LedgerPendingRecord,
	reason bmev1.LedgerCanceledRecord_BMCancelReason,
) error {
	owner, err := sdk.AccAddressFromBech32(r.Owner)
	if err != nil {
		return err
	}
	coins := sdk.NewCoins(r.CoinsToBurn)
	if err := k.bank.SendCoinsFromModuleToAccount(ctx, ModuleName, owner, coins); err != nil {
		return err
	}
	k.ledger.Set(ctx, bmev1.QueryLedgerRecordEntry{
		ID: id, Status: bmev1.LedgerRecordStatus_ledger_record_status_canceled,
		Record: &bmev1.QueryLedgerRecordEntry_CanceledRecord{CanceledRecord: &bmev1.LedgerCanceledRecord{
			Owner: r.Owner, To: r.To, CancelReason: reason, CoinsToBurn: r.CoinsToBurn, DenomToMint: r.DenomToMint,
		}},
	})
	if err := k.change(ctx, func(s *bmev1.State) { s.Balances = sub(s.Balances, r.CoinsToBurn) }); err != nil {
		return err
	}
	return ctx.EventManager().EmitTypedEvent(&bmev1.EventLedgerRecordCanceled{
		ID: id, CancelReason: reason, Owner: r.Owner, To: r.To, CoinsToBurn: r.CoinsToBurn, DenomToMint: r.DenomToMint,
	})
}

func pendingEntry(id bmev1.LedgerRecordID, record bmev1.LedgerPendingRecord) bmev1.QueryLedgerRecordEntry {
	return bmev1.QueryLedgerRecordEntry{
		ID: id, Status: pending,
		Record: &bmev1.QueryLedgerRecordEntry_PendingRecord{PendingRecord: &record},
	}
}
