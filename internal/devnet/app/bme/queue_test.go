// SPDX-License-Identifier: Apache-2.0

package bme

import (
	"context"
	"errors"
	"testing"

	"cosmossdk.io/math"
	storetypes "cosmossdk.io/store/types"
	"github.com/cosmos/cosmos-sdk/testutil"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/oracle"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/table"
	bmev1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/bme/v1"
)

var errBroken = errors.New("broken")

// ledgerBank holds the vault's coins only; everybody else's are endless.
type ledgerBank struct {
	vault, supply sdk.Coins
	broken        bool
}

func (b *ledgerBank) GetAllBalances(context.Context, sdk.AccAddress) sdk.Coins { return b.vault }

func (b *ledgerBank) GetSupply(_ context.Context, denom string) sdk.Coin {
	return sdk.NewCoin(denom, b.supply.AmountOf(denom))
}

func (b *ledgerBank) SendCoinsFromAccountToModule(
	_ context.Context, _ sdk.AccAddress, _ string, amt sdk.Coins,
) error {
	b.vault = b.vault.Add(amt...)
	return nil
}

func (b *ledgerBank) SendCoinsFromModuleToAccount(
	_ context.Context, _ string, _ sdk.AccAddress, amt sdk.Coins,
) error {
	b.vault = b.vault.Sub(amt...)
	return nil
}

func (b *ledgerBank) MintCoins(_ context.Context, _ string, amt sdk.Coins) error {
	if b.broken {
		return errBroken
	}
	b.vault, b.supply = b.vault.Add(amt...), b.supply.Add(amt...)
	return nil
}

func (b *ledgerBank) BurnCoins(_ context.Context, _ string, amt sdk.Coins) error {
	b.vault, b.supply = b.vault.Sub(amt...), b.supply.Sub(amt...)
	return nil
}

// price is an oracle; nil is one without a price.
type price struct{ akt *math.LegacyDec }

func (p *price) Price(_ sdk.Context, denom string) (math.LegacyDec, error) {
	switch {
	case denom == "uact":
		return math.LegacyOneDec(), nil
	case p.akt == nil:
		return math.LegacyDec{}, oracle.ErrPriceStalled
	default:
		return *p.akt, nil
	}
}

type bench struct {
	k     *Keeper
	bank  *ledgerBank
	price *price
	ctx   sdk.Context
	owner string
}

func newBench(t *testing.T) *bench {
	t.Helper()
	key := storetypes.NewKVStoreKey("test")
	one := math.LegacyOneDec()
	b := &bench{
		ctx: testutil.DefaultContext(key, storetypes.NewTransientStoreKey("transient")),
		bank: &ledgerBank{
			vault:  sdk.NewCoins(sdk.NewInt64Coin("uakt", 1_000_000)),
			supply: sdk.NewCoins(sdk.NewInt64Coin("uact", 1_000_000)),
		},
		price: &price{akt: &one}, owner: sdk.AccAddress(make([]byte, 20)).String(),
	}
	b.k = NewKeeper(key, sdk.AccAddress("vault"), b.bank, b.price)
	require.NoError(t, b.k.InitGenesis(b.ctx, bmev1.Params{
		CircuitBreakerWarnThreshold: 9500, CircuitBreakerHaltThreshold: 9000, MinEpochBlocks: 3,
		MaxEndblockerRecords: 2, MaxPendingAttempts: 3, MintSpreadBps: 25,
	}))
	b.run(t, 1)
	return b
}

func (b *bench) run(t *testing.T, blocks int64) {
	t.Helper()
	for range blocks {
		b.ctx = b.ctx.WithBlockHeight(b.ctx.BlockHeight() + 1)
		require.NoError(t, b.k.EndBlock(b.ctx))
	}
}

func (b *bench) mint(t *testing.T, uakt int64) bmev1.LedgerRecordID {
	t.Helper()
	id, err := b.k.Request(b.ctx, request{b.owner, b.owner, sdk.NewInt64Coin("uakt", uakt), "uact"})
	require.NoError(t, err)
	return id
}

func (b *bench) statuses(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, entry := range b.k.ledger.Scan(b.ctx, table.Key{}) {
		out = append(out, entry.Status.String()[len("ledger_record_status_"):])
	}
	return out
}

func TestQueueIsWorkedOffInEpochsAndParts(t *testing.T) {
	t.Parallel()
	b := newBench(t) // height 1: the first minting epoch ends at 4
	for want := int64(1); want <= 3; want++ {
		require.Equal(t, want, b.mint(t, 1000).Sequence)
	}
	b.run(t, 2)
	require.Equal(t, []string{"pending", "pending", "pending"}, b.statuses(t), "height 3")
	require.EqualValues(t, 1, b.mint(t, 1000).Sequence, "each block counts anew")
	b.run(t, 1)
	require.Equal(t, []string{"executed", "executed", "pending", "pending"}, b.statuses(t), "two a block")
	b.run(t, 3)
	require.Equal(t, []string{"executed", "executed", "executed", "executed"}, b.statuses(t), "height 7")
}

func TestFailuresAreTriedThreeTimesThenRefunded(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.bank.broken = true
	b.mint(t, 1000)
	vault := b.bank.vault
	b.run(t, 3)
	require.EqualValues(t, 1, b.k.ledger.Scan(b.ctx, table.Key{})[0].GetPendingRecord().Attempts)
	b.run(t, 6)
	entry := b.k.ledger.Scan(b.ctx, table.Key{})[0]
	require.Equal(t, bmev1.LedgerCanceledRecord_max_attempts, entry.GetCanceledRecord().CancelReason)
	require.Equal(t, vault.Sub(sdk.NewInt64Coin("uakt", 1000)), b.bank.vault)
	totals, err := b.k.totals(b.ctx)
	require.NoError(t, err)
	require.Empty(t, totals.Balances, "nothing pending")
}

func TestWithoutPriceNothingIsTriedOrLost(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.mint(t, 1000)
	_, err := b.k.Request(b.ctx, request{b.owner, b.owner, sdk.NewInt64Coin("uact", 10), "uakt"})
	require.NoError(t, err)
	akt := b.price.akt
	b.price.akt = nil
	b.run(t, 9)
	require.Equal(t, []string{"pending", "pending"}, b.statuses(t))
	status, err := b.k.Status(b.ctx)
	require.NoError(t, err)
	require.Equal(t, bmev1.MintStatus_mint_status_halt_oracle, status.Status)
	require.Zero(t, b.k.ledger.Scan(b.ctx, table.Key{})[0].GetPendingRecord().Attempts)
	b.price.akt = akt
	b.run(t, 6)
	require.Equal(t, []string{"executed", "executed"}, b.statuses(t))
}

func TestTooLittleForOneUnitIsCancelled(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	tiny := math.LegacyMustNewDecFromStr("0.999")
	b.price.akt = &tiny
	b.mint(t, 1)
	b.run(t, 3)
	entry := b.k.ledger.Scan(b.ctx, table.Key{})[0]
	require.Equal(t, bmev1.LedgerCanceledRecord_epsilon, entry.GetCanceledRecord().CancelReason)
}
