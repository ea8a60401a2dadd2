// SPDX-License-Identifier: Apache-2.0

package chain

import (
	"context"
	"fmt"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	bmev1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/bme/v1"
	oraclev2 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/oracle/v2"
)

// MintStatus is what minting uact from uakt takes now.
type MintStatus struct {
	// Allowed is false while the network has halted minting; Status says why, in the network's word.
	Allowed bool
	Status  string
	// USDPerAKT is the average that the network mints at.
	USDPerAKT math.LegacyDec
	// SpreadBPS is what the network keeps, in hundredths of a percent.
	SpreadBPS int64
	// LeastUACT is the smallest amount that is minted, before the spread.
	LeastUACT math.Int
	// EpochBlocks is how often minting happens.
	EpochBlocks int64
}

// bpsWhole is a hundred percent.
const bpsWhole = 10_000

// oracleAKT is what the oracle calls AKT.
const oracleAKT = "akt"

// MintStatus asks the network's exchange and its oracle. While minting is halted there may be no price.
func (c *Client) MintStatus(ctx context.Context) (MintStatus, error) {
	exchange := bmev1.NewQueryClient(c.pool)
	status, err := exchange.Status(ctx, &bmev1.QueryStatusRequest{})
	if err != nil {
		return MintStatus{}, fmt.Errorf("status of minting: %w", err)
	}
	params, err := exchange.Params(ctx, &bmev1.QueryParamsRequest{})
	if err != nil {
		return MintStatus{}, fmt.Errorf("parameters of minting: %w", err)
	}
	found := MintStatus{
		Allowed: status.MintsAllowed, Status: status.Status.String(), SpreadBPS: int64(params.Params.MintSpreadBps),
		LeastUACT: sdk.Coins(params.Params.MinMint).AmountOf(coin.UACT), EpochBlocks: params.Params.MinEpochBlocks,
		USDPerAKT: math.LegacyZeroDec(),
	}
	if !found.Allowed {
		return found, nil
	}
	price, err := oraclev2.NewQueryClient(c.pool).AggregatedPrice(ctx,
		&oraclev2.QueryAggregatedPriceRequest{Denom: oracleAKT})
	if err != nil {
		return MintStatus{}, fmt.Errorf("price of AKT: %w", err)
	}
	if found.USDPerAKT = price.AggregatedPrice.Twap; found.USDPerAKT.IsNil() || !found.USDPerAKT.IsPositive() {
		return MintStatus{}, fmt.Errorf("price of AKT: %w", ErrNoPrice)
	}
	return found, nil
}

// Burn is how much uakt to burn to receive at least net uact, when the price falls by no more than a part of slackBPS
// until the epoch. It is never less than the network's minimum takes.
func (s MintStatus) Burn(net math.Int, slackBPS int64) math.Int {
	gross := net.MulRaw(bpsWhole).ToLegacyDec().QuoInt64(bpsWhole - s.SpreadBPS).Ceil()
	gross = math.LegacyMaxDec(gross, s.LeastUACT.ToLegacyDec())
	return gross.MulInt64(bpsWhole + slackBPS).QuoInt64(bpsWhole).QuoRoundUp(s.USDPerAKT).Ceil().TruncateInt()
}

// Yield is how much uact burning uakt gives at the price of now.
func (s MintStatus) Yield(uakt math.Int) math.Int {
	gross := s.USDPerAKT.MulInt(uakt).TruncateInt()
	return gross.Sub(gross.MulRaw(s.SpreadBPS).QuoRaw(bpsWhole))
}

// MintRecord is a request to mint uact, in the network's ledger.
type MintRecord struct {
	// Height and Sequence are of the request.
	Height, Sequence int64
	Burned           sdk.Coin
	// Pending until an epoch executed or canceled it; Canceled says why, and Burned was given back.
	Pending  bool
	Canceled string
}

// MintRecords lists what an account asked to be minted, newest first: all that is pending, and the newest of the rest.
func (c *Client) MintRecords(ctx context.Context, owner string) ([]MintRecord, error) {
	var all []MintRecord
	for _, status := range []bmev1.LedgerRecordStatus{
		bmev1.LedgerRecordStatus_ledger_record_status_pending, bmev1.LedgerRecordStatus_ledger_record_status_canceled,
	} {
		const newest = 100
		reply, err := bmev1.NewQueryClient(c.pool).LedgerRecords(ctx, &bmev1.QueryLedgerRecordsRequest{
			Filters:    bmev1.LedgerRecordFilters{Source: owner, ToDenom: coin.UACT, Status: status.String()},
			Pagination: &query.PageRequest{Reverse: true, Limit: newest},
		})
		if err != nil {
			return nil, fmt.Errorf("minting of %s: %w", owner, err)
		}
		for _, entry := range reply.Records {
			record := MintRecord{Height: entry.ID.Height, Sequence: entry.ID.Sequence}
			if pending := entry.GetPendingRecord(); pending != nil {
				record.Pending, record.Burned = true, pending.CoinsToBurn
			}
			if canceled := entry.GetCanceledRecord(); canceled != nil {
				record.Canceled, record.Burned = canceled.CancelReason.String(), canceled.CoinsToBurn
			}
			all = append(all, record)
		}
	}
	return all, nil
}
