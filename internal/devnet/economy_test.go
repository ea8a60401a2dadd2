// SPDX-License-Identifier: Apache-2.0

package devnet_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"cosmossdk.io/math"
	abci "github.com/cometbft/cometbft/abci/types"
	rpchttp "github.com/cometbft/cometbft/rpc/client/http"
	sdk "github.com/cosmos/cosmos-sdk/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
	bmev1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/bme/v1"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
	oraclev2 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/oracle/v2"
)

// quickEconomy works queues off every block and follows a price within a moment.
func quickEconomy(o *devnet.Options) {
	o.Economy.EpochBlocks, o.Economy.TWAPWindow = 1, time.Millisecond
}

func (s *stage) coins(t *testing.T, address string) sdk.Coins {
	t.Helper()
	res, err := banktypes.NewQueryClient(s.net.Conn()).AllBalances(t.Context(),
		&banktypes.QueryAllBalancesRequest{Address: address})
	require.NoError(t, err)
	return res.Balances
}

func (s *stage) bmeStatus(t *testing.T) *bmev1.QueryStatusResponse {
	t.Helper()
	res, err := bmev1.NewQueryClient(s.net.Conn()).Status(t.Context(), &bmev1.QueryStatusRequest{})
	require.NoError(t, err)
	return res
}

// until waits for a condition, looking once a block.
func (s *stage) until(t *testing.T, what string, met func() bool) {
	t.Helper()
	for !met() {
		require.NoError(t, s.net.WaitHeight(t.Context(), s.net.Height()+1), what)
	}
}

// ledger lists a source's exchanges in one status, or all.
func (s *stage) ledger(t *testing.T, source, status string) []bmev1.QueryLedgerRecordEntry {
	t.Helper()
	res, err := bmev1.NewQueryClient(s.net.Conn()).LedgerRecords(t.Context(), &bmev1.QueryLedgerRecordsRequest{
		Filters: bmev1.LedgerRecordFilters{Source: source, Status: status},
	})
	require.NoError(t, err)
	return res.Records
}

func usd(text string) math.LegacyDec { return math.LegacyMustNewDecFromStr(text) }

func TestReplayEconomy(t *testing.T) {
	t.Parallel()
	s := newStage(t, quickEconomy)
	s.replay("oracle_feed", false)
	s.replay("seed_oracle", false)
	s.replay("f_oracle_denom", false)
	s.replay("f_oracle_unauth", false)
	s.replay("mint_act", false)
}

// The recorded answers, in the recorded situation: 8,000,000.1 ACT outstanding.
func TestReplayEconomyQueries(t *testing.T) {
	t.Parallel()
	const outstanding, already = 8_000_000_100_000, 3*100_000_000_000 + 3*1_000_000_000
	s := newStage(t, quickEconomy, func(o *devnet.Options) {
		// An address that only holds what is missing.
		o.Accounts = append(o.Accounts, devnet.FundedAccount{
			Address: sdk.AccAddress(make([]byte, 20)).String(),
			Coins:   sdk.NewCoins(sdk.NewInt64Coin("uact", outstanding-already)),
		})
	})
	s.until(t, "healthy", func() bool { return s.bmeStatus(t).MintsAllowed })
	for _, name := range []string{"bme_status", "oracle_prices", "params_bme"} {
		t.Run(name, func(t *testing.T) {
			q := loadQuery(t, name)
			code, _, body := callREST(t, q.Request.Method, s.net.REST()+q.Request.Path, nil)
			require.Equal(t, 200, code)
			// The price has another time.
			require.JSONEq(t, anyTime(settle(t, q.Body)), anyTime(settle(t, body)))
		})
	}
}

func anyTime(body string) string {
	return timestamps.ReplaceAllString(body, `"timestamp":"*"`)
}

var timestamps = regexp.MustCompile(`"timestamp":"[^"]+"`)

// Facts: protocol/observed.md section 6, lifecycle.md section 7.
func TestMintAndBurn(t *testing.T) {
	t.Parallel()
	s := newStage(t, quickEconomy)
	before := s.coins(t, s.tenant)
	mint := func(uakt int64) *sdk.TxResponse {
		res, err := s.wallets[s.tenant].Send(t.Context(), wallet.Options{}, &bmev1.MsgMintACT{
			Owner: s.tenant, To: s.tenant, CoinsToBurn: sdk.NewInt64Coin("uakt", uakt),
		})
		require.NoError(t, err)
		require.Zero(t, res.Code, res.RawLog)
		return res
	}
	height := mint(100_000_000).Height
	s.until(t, "minted", func() bool { return len(s.ledger(t, s.tenant, "ledger_record_status_executed")) == 1 })
	require.Equal(t, before.AmountOf("uact").AddRaw(124_687_500), s.coins(t, s.tenant).AmountOf("uact"))
	done := s.ledger(t, s.tenant, "")[0]
	require.Equal(t, bmev1.LedgerRecordID{
		Denom: "uakt", ToDenom: "uact", Source: s.tenant, Height: height, Sequence: 1,
	}, done.ID)
	record := done.GetExecutedRecord()
	require.Equal(t, "125000000uact", record.Minted.Coin.String())
	require.Equal(t, "312500uact", record.Spread.String())
	require.Equal(t, "100000000uakt", record.RemintCreditAccrued.Coin.String())
	require.Nil(t, record.Burned, "AKT stays in the vault")
	require.Contains(t, eventTypes(s.blockEvents(t, height)), "akash.bme.v1.EventLedgerRecordExecuted mode=EndBlock")

	// Below the minimum: accepted, then cancelled and given back.
	had := s.coins(t, s.tenant).AmountOf("uakt")
	res := mint(7_900_000)
	s.until(t, "cancelled", func() bool { return len(s.ledger(t, s.tenant, "ledger_record_status_canceled")) == 1 })
	fee := feeOf(t, res)
	require.Equal(t, had.Sub(fee), s.coins(t, s.tenant).AmountOf("uakt"))
	cancelled := s.ledger(t, s.tenant, "ledger_record_status_canceled")[0].GetCanceledRecord()
	require.Equal(t, "minimum_mint", cancelled.CancelReason.String())
	require.Contains(t, eventTypes(s.blockEvents(t, res.Height)), "akash.bme.v1.EventLedgerRecordCanceled mode=EndBlock")

	// 20 ACT are 16 AKT, without a spread, out of the credit.
	had = s.coins(t, s.tenant).AmountOf("uakt")
	res, err := s.wallets[s.tenant].Send(t.Context(), wallet.Options{}, &bmev1.MsgBurnACT{
		Owner: s.tenant, To: s.tenant, CoinsToBurn: sdk.NewInt64Coin("uact", 20_000_000),
	})
	require.NoError(t, err)
	require.Zero(t, res.Code, res.RawLog)
	s.until(t, "burned", func() bool { return len(s.ledger(t, s.tenant, "ledger_record_status_executed")) == 2 })
	require.Equal(t, had.Sub(feeOf(t, res)).AddRaw(16_000_000), s.coins(t, s.tenant).AmountOf("uakt"))
	vault, err := bmev1.NewQueryClient(s.net.Conn()).VaultState(t.Context(), &bmev1.QueryVaultStateRequest{})
	require.NoError(t, err)
	require.Equal(t, "20000000uact", sdk.Coins(vault.VaultState.TotalBurned).String())
	require.Equal(t, "125000000uact", sdk.Coins(vault.VaultState.TotalMinted).String())
	require.Equal(t, "84000000uakt", sdk.Coins(vault.VaultState.RemintCredits).String())
}

func feeOf(t *testing.T, res *sdk.TxResponse) math.Int {
	t.Helper()
	for _, e := range res.Events {
		for _, a := range e.Attributes {
			if e.Type == "tx" && a.Key == "fee" {
				fee, ok := math.NewIntFromString(strings.TrimSuffix(a.Value, "uakt"))
				require.True(t, ok, a.Value)
				return fee
			}
		}
	}
	t.Fatal("no fee")
	return math.Int{}
}

func (s *stage) blockEvents(t *testing.T, height int64) []abci.Event {
	t.Helper()
	rpc, err := rpchttp.New(s.net.RPC(), "/websocket")
	require.NoError(t, err)
	res, err := rpc.BlockResults(t.Context(), &height)
	require.NoError(t, err)
	return res.FinalizeBlockEvents
}

// eventTypes lists events by type and, where there is one, mode.
func eventTypes(events []abci.Event) []string {
	var out []string
	for _, e := range events {
		text := e.Type
		for _, a := range e.Attributes {
			if a.Key == "mode" {
				text += " mode=" + a.Value
			}
		}
		out = append(out, text)
	}
	return out
}

func TestMintRefusals(t *testing.T) {
	t.Parallel()
	s := newStage(t, quickEconomy)
	one := sdk.NewInt64Coin("uakt", 1_000_000)
	s.refuse(t, []refusal{
		{
			"for somebody else", &bmev1.MsgMintACT{Owner: s.tenant, To: s.seller1, CoinsToBurn: one},
			"bme", 3, "owner and to addresses must match: unauthorized",
		},
		{
			"nothing", &bmev1.MsgMintACT{Owner: s.tenant, To: s.tenant, CoinsToBurn: sdk.NewInt64Coin("uakt", 0)},
			"bme", 8, "amount must not be 0: invalid amount",
		},
		{
			"act for act", &bmev1.MsgMintACT{Owner: s.tenant, To: s.tenant, CoinsToBurn: sdk.NewInt64Coin("uact", 5)},
			"bme", 9, "invalid swap route uact -> uact: invalid denomination",
		},
		{
			"akt for akt", &bmev1.MsgBurnMint{Owner: s.tenant, To: s.tenant, CoinsToBurn: one, DenomToMint: "uakt"},
			"bme", 9, "invalid swap route uakt -> uakt",
		},
		{
			"more than there is", &bmev1.MsgMintACT{
				Owner: s.tenant, To: s.tenant, CoinsToBurn: sdk.NewInt64Coin("uakt", 900_000_000_000_000),
			},
			"sdk", 5, "insufficient funds",
		},
	})
}

func TestCircuitBreakerFollowsThePrice(t *testing.T) {
	t.Parallel()
	s := newStage(t, quickEconomy, func(o *devnet.Options) { o.Economy.NoPrice = true })
	mint := &bmev1.MsgMintACT{Owner: s.tenant, To: s.tenant, CoinsToBurn: sdk.NewInt64Coin("uakt", 1_000_000_000)}
	burn := &bmev1.MsgBurnACT{Owner: s.tenant, To: s.tenant, CoinsToBurn: sdk.NewInt64Coin("uact", 1_000_000)}
	require.Equal(t, "mint_status_halt_cr", s.bmeStatus(t).Status.String(), "as at genesis")
	s.refuse(t, []refusal{{"no price", mint, "oracle.v2", 4, "price stalled"}})

	require.NoError(t, s.net.SetPrice(t.Context(), usd("1.25")))
	s.until(t, "healthy", func() bool { return s.bmeStatus(t).Status == bmev1.MintStatus_mint_status_healthy })
	s.do(mint)

	// A thousandth of the price: the vault no longer covers what is outstanding.
	require.NoError(t, s.net.SetPrice(t.Context(), usd("0.001")))
	s.until(t, "halted", func() bool { return s.bmeStatus(t).Status == bmev1.MintStatus_mint_status_halt_cr })
	status := s.bmeStatus(t)
	require.False(t, status.MintsAllowed)
	require.True(t, status.RefundsAllowed)
	s.refuse(t, []refusal{{"halted", mint, "bme", 6, "circuit breaker is active"}})
	s.do(burn)
	s.until(t, "burned all the same", func() bool {
		return len(s.ledger(t, s.tenant, "ledger_record_status_executed")) == 2
	})
	res, err := oraclev2.NewQueryClient(s.net.Conn()).AggregatedPrice(t.Context(),
		&oraclev2.QueryAggregatedPriceRequest{Denom: "akt"})
	require.NoError(t, err)
	require.True(t, res.PriceHealth.IsHealthy)
	require.Equal(t, usd("0.001"), res.AggregatedPrice.Twap)
}

func TestPriceGoesStale(t *testing.T) {
	t.Parallel()
	s := newStage(t, quickEconomy, func(o *devnet.Options) { o.Economy.PriceStaleness = 500 * time.Millisecond })
	s.until(t, "halted", func() bool { return s.bmeStatus(t).Status == bmev1.MintStatus_mint_status_halt_oracle })
	require.False(t, s.bmeStatus(t).RefundsAllowed)
	require.NoError(t, s.net.SetPrice(t.Context(), usd("2")))
	s.until(t, "healthy again", func() bool { return s.bmeStatus(t).MintsAllowed })
}

// Out of uact while minting is halted, a lease is paid in the account's uakt, as
// far as that goes. Source: protocol/lifecycle.md section 6.4.
func TestHaltedMintingPaysDebtsInAKT(t *testing.T) {
	t.Parallel()
	s := newStage(t, quickEconomy)
	s.replay("seed_prov1", false)
	s.replay("od_create", false)
	const price, each = 100_000, 2_000_000_000
	s.do(accountDeposit(s.tenant, 200, "uakt", each))
	require.NoError(t, s.net.SetPrice(t.Context(), usd("0.001")))
	s.until(t, "halted", func() bool { return !s.bmeStatus(t).MintsAllowed })
	id := s.lease(200, 1, "100000")
	begun := s.getLease(t, id).Lease.CreatedAt

	// 500000 uact last five blocks.
	require.NoError(t, s.net.WaitHeight(t.Context(), begun+6))
	before := s.coins(t, s.seller1)
	res, err := s.wallets[s.seller1].Send(t.Context(), wallet.Options{},
		&marketv1beta5.MsgWithdrawLease{ID: marketv1.LeaseID(id)})
	require.NoError(t, err)
	require.Zero(t, res.Code, res.RawLog)
	owed := (res.Height-begun)*price - 500_000
	after := s.coins(t, s.seller1)
	require.Equal(t, before.AmountOf("uact").AddRaw(500_000), after.AmountOf("uact"))
	require.Equal(t, before.AmountOf("uakt").Sub(feeOf(t, res)).AddRaw(owed*1000), after.AmountOf("uakt"))
	account := s.deployment(200).EscrowAccount.State
	require.Equal(t, "open", account.State.String())
	require.True(t, account.Funds[0].Amount.IsZero(), account.Funds[0].Amount)
	require.Equal(t, math.LegacyNewDec(each-owed*1000), account.Funds[1].Amount)
	require.Equal(t, "active", s.getLease(t, id).Lease.State.String())

	// What is left does not cover the next debt: overdrawn, and given back.
	require.NoError(t, s.net.Advance(t.Context(), 25))
	s.do(&marketv1beta5.MsgWithdrawLease{ID: marketv1.LeaseID(id)})
	require.Equal(t, "overdrawn", s.deployment(200).EscrowAccount.State.State.String())
	require.Equal(t, "insufficient_funds", s.getLease(t, id).Lease.State.String())
}
