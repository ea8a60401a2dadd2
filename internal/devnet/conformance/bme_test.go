// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"strconv"
	"testing"
	"time"

	"cosmossdk.io/math"
	abci "github.com/cometbft/cometbft/abci/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/gogoproto/proto"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
	bmev1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/bme/v1"
	oraclev2 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/oracle/v2"
)

func (a *actor) mint(uakt int64) *bmev1.MsgMintACT {
	return &bmev1.MsgMintACT{Owner: a.addr, To: a.addr, CoinsToBurn: sdk.NewInt64Coin(coin.UAKT, uakt)}
}

func (a *actor) burn(uact int64) *bmev1.MsgBurnACT {
	return &bmev1.MsgBurnACT{Owner: a.addr, To: a.addr, CoinsToBurn: sdk.NewInt64Coin(coin.UACT, uact)}
}

// ledger lists the actor's exchanges in one status.
func (a *actor) ledger(t *testing.T, status string) []bmev1.QueryLedgerRecordEntry {
	t.Helper()
	res, err := bmev1.NewQueryClient(a.conn).LedgerRecords(t.Context(), &bmev1.QueryLedgerRecordsRequest{
		Filters: bmev1.LedgerRecordFilters{Source: a.addr, Status: status},
	})
	require.NoError(t, err)
	return res.Records
}

func (w *world) bmeParams(t *testing.T) bmev1.Params {
	t.Helper()
	res, err := bmev1.NewQueryClient(w.conn).Params(t.Context(), &bmev1.QueryParamsRequest{})
	require.NoError(t, err)
	return res.Params
}

// price is the oracle's average for AKT.
func (w *world) price(t *testing.T) math.LegacyDec {
	t.Helper()
	res, err := oraclev2.NewQueryClient(w.conn).AggregatedPrice(t.Context(),
		&oraclev2.QueryAggregatedPriceRequest{Denom: "akt"})
	require.NoError(t, err)
	return res.AggregatedPrice.Twap
}

// emitted tells whether a block from one height on, and up to now, ended with an event of an actor's.
func (a *actor) emitted(t *testing.T, from int64, eventType string) abci.Event {
	t.Helper()
	for height := from; ; height++ {
		got, err := a.comet.BlockResults(t.Context(), &height)
		if err != nil { // not executed yet
			break
		}
		for _, e := range got.FinalizeBlockEvents {
			if e.Type == eventType && containsAddress(attribute(e, "id"), a.addr) {
				return e
			}
		}
	}
	t.Fatalf("no block from %d on has %s of %s", from, eventType, a.addr)
	return abci.Event{}
}

func TestExchangeQueries(t *testing.T) {
	t.Parallel()
	w := chain(t)
	check(t, "messages.md 9", "params, small numbers plain, large ones as text", func(t *testing.T) {
		got := at(t, w.getOK(t, "/akash/bme/v1/params"), "params")
		for _, name := range []string{
			"circuit_breaker_warn_threshold", "circuit_breaker_halt_threshold", "mint_spread_bps", "settle_spread_bps",
			"max_endblocker_records", "max_pending_attempts", "epoch_blocks_backoff_percent",
		} {
			require.IsType(t, 0.0, at(t, got, name), name)
		}
		require.Regexp(t, `^[1-9]\d*$`, at(t, got, "min_epoch_blocks"))
		require.Equal(t, "uact", at(t, got, "min_mint", 0, "denom"))
	})
	check(t, "conformance node/queries bme_status", "status, thresholds as decimals of 18 digits", func(t *testing.T) {
		got := w.getOK(t, "/akash/bme/v1/status")
		require.Regexp(t, `^mint_status_(healthy|warning|halt_cr|halt_oracle)$`, at(t, got, "status"))
		for _, name := range []string{"collateral_ratio", "warn_threshold", "halt_threshold"} {
			require.Regexp(t, `^\d+\.\d{18}$`, at(t, got, name), name)
		}
		require.IsType(t, true, at(t, got, "mints_allowed"))
		require.IsType(t, true, at(t, got, "refunds_allowed"))
	})
	check(t, "messages.md 9", "the vault's lists of coins", func(t *testing.T) {
		got := at(t, w.getOK(t, "/akash/bme/v1/vault"), "vault_state")
		for _, name := range []string{"balances", "total_burned", "total_minted", "remint_credits"} {
			require.IsType(t, []any{}, at(t, got, name), name)
		}
	})
}

func TestExchangeRefusals(t *testing.T) {
	t.Parallel()
	a, other := newActor(t), newActor(t)
	exchange := func(what string, msg sdk.Msg) {
		check(t, "lifecycle.md 7", "refused: "+what, func(t *testing.T) {
			res := a.try(t, wallet.Options{Gas: 300_000}, msg)
			require.Equal(t, "bme", res.Codespace, res.RawLog)
			require.NotZero(t, res.Code)
		})
	}
	elsewhere, same := a.mint(20_000_000), a.mint(5)
	elsewhere.To, same.CoinsToBurn.Denom = other.addr, coin.UACT
	exchange("minting for somebody else", elsewhere)
	exchange("burning uact for uact", same)
	exchange("uakt for uakt", &bmev1.MsgBurnMint{
		Owner: a.addr, To: a.addr, CoinsToBurn: sdk.NewInt64Coin(coin.UAKT, 5), DenomToMint: coin.UAKT,
	})
}

func TestExchange(t *testing.T) {
	t.Parallel()
	a := newActor(t)
	status, err := bmev1.NewQueryClient(a.conn).Status(t.Context(), &bmev1.QueryStatusRequest{})
	require.NoError(t, err)
	if !status.MintsAllowed {
		notOnForeignChain(t, "minting is halted: "+status.Status.String())
	}
	params, price := a.bmeParams(t), a.price(t)
	least := sdk.NewCoins(params.MinMint...).AmountOf(coin.UACT)
	// Twice what the least output needs.
	amount := math.LegacyNewDecFromInt(least).MulInt64(2).Quo(price).Ceil().TruncateInt64()
	richer := richActor(t)
	richer.do(t, sendUAKT(richer.addr, a.addr, amount+1_000_000))

	had, ownAKT := a.balance(t, a.addr, coin.UACT), a.balance(t, a.addr, coin.UAKT)
	res := a.do(t, a.mint(amount))
	check(t, "observed.md 3, 5", "minting moves coins, and answers with the ledger's id alone", func(t *testing.T) {
		require.Equal(t, "transfer", story(res))
		data, err := sdkData(res)
		require.NoError(t, err)
		require.Len(t, data.MsgResponses, 1)
		var answer bmev1.MsgMintACTResponse
		require.NoError(t, proto.Unmarshal(data.MsgResponses[0].Value, &answer))
		require.Equal(t, bmev1.LedgerRecordID{
			Denom: "uakt", ToDenom: "uact", Source: a.addr, Height: res.Height, Sequence: answer.ID.Sequence,
		}, answer.ID)
		require.Zero(t, answer.Status)
		require.Equal(t, ownAKT.Sub(fee(t, res)).SubRaw(amount), a.balance(t, a.addr, coin.UAKT))
	})
	eventually(t, "the mint", func() bool { return len(a.ledger(t, "ledger_record_status_executed")) == 1 })
	check(t, "observed.md 6, lifecycle.md 7", "the epoch mints price times amount, less the spread", func(t *testing.T) {
		record := a.ledger(t, "ledger_record_status_executed")[0].GetExecutedRecord()
		require.NotNil(t, record)
		got := a.balance(t, a.addr, coin.UACT).Sub(had)
		if !price.Equal(a.price(t)) { // the oracle moved meanwhile
			require.True(t, got.GT(least))
			return
		}
		gross := price.MulInt64(amount).TruncateInt()
		spread := gross.MulRaw(int64(params.MintSpreadBps)).QuoRaw(10_000)
		require.Equal(t, spread, record.Spread.Amount)
		require.Equal(t, gross.Sub(spread), got)
	})
	check(t, "observed.md 5", "the block's end tells of it", func(t *testing.T) {
		e := a.emitted(t, res.Height, "akash.bme.v1.EventLedgerRecordExecuted")
		require.Equal(t, "EndBlock", attribute(e, "mode"))
	})
	check(t, "lifecycle.md 7", "the ledger is filtered by source and status over REST", func(t *testing.T) {
		path := "/akash/bme/v1/ledger?filters.source=" + a.addr + "&filters.status="
		got := a.getOK(t, path+"ledger_record_status_executed")
		require.Len(t, at(t, got, "records"), 1)
		require.Equal(t, strconv.FormatInt(res.Height, 10), at(t, got, "records", 0, "id", "height"))
		require.Empty(t, at(t, a.getOK(t, path+"ledger_record_status_canceled"), "records"))
	})
	check(t, "observed.md 6", "below the minimum: accepted, then cancelled and given back", func(t *testing.T) {
		before := a.balance(t, a.addr, coin.UAKT)
		small := a.do(t, a.mint(amount/4))
		eventually(t, "the cancellation", func() bool { return len(a.ledger(t, "ledger_record_status_canceled")) == 1 })
		record := a.ledger(t, "ledger_record_status_canceled")[0].GetCanceledRecord()
		require.Equal(t, "minimum_mint", record.CancelReason.String())
		require.Equal(t, before.Sub(fee(t, small)), a.balance(t, a.addr, coin.UAKT))
		e := a.emitted(t, small.Height, "akash.bme.v1.EventLedgerRecordCanceled")
		require.Equal(t, `"minimum_mint"`, attribute(e, "cancel_reason"))
		require.Equal(t, "EndBlock", attribute(e, "mode"))
	})
	check(t, "observed.md 6", "burning gives AKT at the price, without a spread", func(t *testing.T) {
		price := a.price(t)
		before := a.balance(t, a.addr, coin.UAKT)
		const burned = 5_000_000
		res := a.do(t, a.burn(burned))
		eventually(t, "the burn", func() bool { return len(a.ledger(t, "ledger_record_status_executed")) == 2 })
		got := a.balance(t, a.addr, coin.UAKT).Sub(before).Add(fee(t, res))
		if params.SettleSpreadBps == 0 && price.Equal(a.price(t)) {
			exact := math.LegacyNewDec(burned).Quo(price).TruncateInt64()
			require.InDelta(t, exact, got.Int64(), 1)
		}
		require.True(t, got.IsPositive())
	})
}

func TestOracle(t *testing.T) {
	t.Parallel()
	w := chain(t)
	a := newActor(t)
	check(t, "lifecycle.md 8", "params name the sources", func(t *testing.T) {
		got := at(t, w.getOK(t, "/akash/oracle/v2/params"), "params")
		require.IsType(t, []any{}, at(t, got, "sources"))
		require.IsType(t, 0.0, at(t, got, "min_price_sources"))
		require.Regexp(t, `^\d+(\.\d+)?s$`, at(t, got, "twap_window"))
	})
	check(t, "lifecycle.md 8", "ACT is worth one, always", func(t *testing.T) {
		for _, denom := range []string{"act", "uact"} {
			got := w.getOK(t, "/akash/oracle/v2/aggregated_price/"+denom)
			require.Equal(t, "1.000000000000000000", at(t, got, "aggregated_price", "twap"), denom)
		}
	})
	a.refuses(t, fails("observed.md 7a", "a price from nobody's source", &oraclev2.MsgAddPriceEntry{
		Signer: a.addr, ID: oraclev2.DataID{Denom: "akt", BaseDenom: "usd"}, Price: dec("1.25"), Timestamp: time.Now().UTC(),
	}, "sdk", 4, "source "+a.addr+" is not authorized oracle provider: unauthorized"))
	check(t, "messages.md 10, observed.md 5", "a price, and the event of every block's end", func(t *testing.T) {
		prices := w.getOK(t, "/akash/oracle/v2/prices?filters.asset_denom=akt&pagination.limit=1")
		if list, _ := at(t, prices, "prices").([]any); len(list) == 0 {
			notOnForeignChain(t, "the oracle has no price")
		}
		require.Equal(t, "akt", at(t, prices, "prices", 0, "id", "denom"))
		require.Equal(t, "usd", at(t, prices, "prices", 0, "id", "base_denom"))
		require.Regexp(t, `^\d+\.\d{18}$`, at(t, prices, "prices", 0, "state", "price"))
		got := w.getOK(t, "/akash/oracle/v2/aggregated_price/akt")
		if healthy, _ := at(t, got, "price_health", "is_healthy").(bool); !healthy {
			notOnForeignChain(t, "the oracle is not healthy")
		}
		require.Regexp(t, `^\d+\.\d{18}$`, at(t, got, "aggregated_price", "twap"))
		height := w.height(t) - 1 // the last one may still be at work
		block, err := w.comet.BlockResults(t.Context(), &height)
		require.NoError(t, err)
		var seen bool
		for _, e := range block.FinalizeBlockEvents {
			seen = seen || e.Type == "akash.oracle.v2.EventAggregatedPrice"
		}
		require.True(t, seen, "block %d", height)
	})
}
