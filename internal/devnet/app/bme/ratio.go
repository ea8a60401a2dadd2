// SPDX-License-Identifier: Apache-2.0

package bme

import (
	"math"

	sdkmath "cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	bmev1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/bme/v1"
)

const (
	bpsWhole = 10_000
	// maxEpochBlocks is about a day of six-second blocks.
	maxEpochBlocks = 14_400
	// Each so many basis points under the warning threshold stretch the epoch once more.
	bpsPerStep = 10
	percent    = 100
)

// CollateralRatio is the vault's AKT, without what is pending, in USD over all
// ACT there is. 0 and an error without a price.
func (k *Keeper) CollateralRatio(ctx sdk.Context) (sdkmath.LegacyDec, error) {
	ratio := sdkmath.LegacyZeroDec()
	price, err := k.oracle.Price(ctx, coin.UAKT)
	if err != nil {
		return ratio, err
	}
	if price.IsZero() {
		return ratio, ErrZeroPrice
	}
	totals, err := k.totals(ctx)
	if err != nil {
		return ratio, err
	}
	free := k.bank.GetAllBalances(ctx, k.vault).AmountOf(coin.UAKT).Sub(sdk.Coins(totals.Balances).AmountOf(coin.UAKT))
	ratio = free.ToLegacyDec().Mul(price)
	if supply := k.bank.GetSupply(ctx, coin.UACT).Amount; supply.IsPositive() {
		ratio = ratio.Quo(supply.ToLegacyDec())
	}
	return ratio, nil
}

// HaltedPrice is the price of AKT in USD while minting is halted, and false when
// it is not or there is no price: then and only then escrow may pay debts in AKT.
func (k *Keeper) HaltedPrice(ctx sdk.Context) (sdkmath.LegacyDec, bool) {
	status, err := k.Status(ctx)
	if err != nil || mintsAllowed(status.Status) {
		return sdkmath.LegacyDec{}, false
	}
	price, err := k.oracle.Price(ctx, coin.UAKT)
	return price, err == nil
}

// updateStatus looks at the ratio, keeps and tells a change.
func (k *Keeper) updateStatus(ctx sdk.Context, params bmev1.Params) (now bmev1.Status, changed bool, err error) {
	before, err := k.Status(ctx)
	if err != nil {
		return before, false, err
	}
	now = before
	ratio, err := k.CollateralRatio(ctx)
	if err != nil {
		// Without a price, one that was halted for its ratio stays so.
		if now.Status != bmev1.MintStatus_mint_status_halt_cr {
			now.Status = bmev1.MintStatus_mint_status_halt_oracle
		}
	} else {
		bps := inBPS(ratio)
		switch {
		case bps > int64(params.CircuitBreakerWarnThreshold):
			now.Status = bmev1.MintStatus_mint_status_healthy
		case bps > int64(params.CircuitBreakerHaltThreshold):
			now.Status = bmev1.MintStatus_mint_status_warning
		default:
			now.Status = bmev1.MintStatus_mint_status_halt_cr
		}
		if mintsAllowed(now.Status) {
			now.EpochHeightDiff = epochBlocks(params, bps)
		}
	}
	if now == before {
		return now, false, nil
	}
	now.PreviousStatus = before.Status
	if err := k.save(ctx, statusKey, &now); err != nil {
		return now, true, err
	}
	return now, true, ctx.EventManager().EmitTypedEvent(&bmev1.EventMintStatusChange{
		PreviousStatus: now.PreviousStatus, NewStatus: now.Status, CollateralRatio: ratio,
	})
}

// inBPS cuts a ratio to basis points, at most what the network's 32 bits hold.
func inBPS(ratio sdkmath.LegacyDec) int64 {
	bps := ratio.MulInt64(bpsWhole).TruncateInt()
	if !bps.IsInt64() || bps.Int64() > math.MaxUint32 {
		return math.MaxUint32
	}
	return bps.Int64()
}

func mintsAllowed(status bmev1.MintStatus) bool { return status < bmev1.MintStatus_mint_status_halt_cr }

func burnsAllowed(status bmev1.MintStatus) bool {
	return status < bmev1.MintStatus_mint_status_halt_oracle
}

// epochBlocks is how far apart two minting epochs are: the shortest above the
// warning threshold, growing by a share with every step under it.
func epochBlocks(params bmev1.Params, bps int64) int64 {
	under := int64(params.CircuitBreakerWarnThreshold) - bps
	if under < bpsPerStep || params.EpochBlocksBackoffPercent == 0 {
		return params.MinEpochBlocks
	}
	growth := sdkmath.LegacyNewDec(percent + int64(params.EpochBlocksBackoffPercent)).QuoInt64(percent)
	blocks := sdkmath.LegacyNewDec(params.MinEpochBlocks)
	for range under / bpsPerStep {
		if blocks = blocks.Mul(growth); blocks.GT(sdkmath.LegacyNewDec(maxEpochBlocks)) {
			return max(maxEpochBlocks, params.MinEpochBlocks)
		}
	}
	return blocks.TruncateInt64()
}
