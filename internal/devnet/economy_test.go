// SPDX-License-Identifier: Apache-2.0

package devnet_test

import (
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
			"bme", 9, "invalid swap route uakt -> uakt: invalid denomination",
		},
		{
			"more than there is", &bmev1.MsgMintACT{
				Owner: s.tenant, To: s.tenant, CoinsToBurn: sdk.NewInt64Coin("uakt", 900_000_000_000_000),
			},
			"sdk", 5, "spendable balance * is smaller than 900000000000000uakt: insufficient funds",
		},
	})
}
