// SPDX-License-Identifier: Apache-2.0

package devnet_test

import (
	"testing"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
	bmev1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/bme/v1"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
	oraclev2 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/oracle/v2"
)

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
	s := newStage(t, quickEconomy, func(o *devnet.Options) { o.Economy.PriceStaleness = 5 * time.Second })
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
	s.replay("seed_prov1")
	s.replay("od_create")
	const price, each = 100_000, 50_000_000_000
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
	require.NoError(t, s.net.Advance(t.Context(), 600))
	s.do(&marketv1beta5.MsgWithdrawLease{ID: marketv1.LeaseID(id)})
	require.Equal(t, "overdrawn", s.deployment(200).EscrowAccount.State.State.String())
	require.Equal(t, "insufficient_funds", s.getLease(t, id).Lease.State.String())
}
