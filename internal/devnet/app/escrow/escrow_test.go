// SPDX-License-Identifier: Apache-2.0

package escrow_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"cosmossdk.io/math"
	storetypes "cosmossdk.io/store/types"
	"github.com/cosmos/cosmos-sdk/testutil"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/x/authz"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/escrow"
	"github.com/akash-iac/terraform-provider-akash/internal/pb"
	depositv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/deposit/v1"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	escrowid "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/id/v1"
	escrowtypes "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/types/v1"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
)

// ledger is a bank in a map; the module's own balance is under its name.
type ledger map[string]sdk.Coins

var errShort = errors.New("ledger: not enough")

func (l ledger) SpendableCoins(_ context.Context, addr sdk.AccAddress) sdk.Coins {
	return l[addr.String()]
}

func (l ledger) move(from, to string, amt sdk.Coins) error {
	left, negative := l[from].SafeSub(amt...)
	if negative {
		return errShort
	}
	l[from], l[to] = left, l[to].Add(amt...)
	return nil
}

func (l ledger) SendCoinsFromAccountToModule(
	_ context.Context, from sdk.AccAddress, module string, amt sdk.Coins,
) error {
	return l.move(from.String(), module, amt)
}

func (l ledger) SendCoinsFromModuleToAccount(
	_ context.Context, module string, to sdk.AccAddress, amt sdk.Coins,
) error {
	return l.move(module, to.String(), amt)
}

func (l ledger) total() (sum sdk.Coins) {
	for _, coins := range l {
		sum = sum.Add(coins...)
	}
	return sum
}

type noGrants struct{}

func (noGrants) IterateGrants(context.Context, func(sdk.AccAddress, sdk.AccAddress, authz.Grant) bool) {
}

func (noGrants) GetAuthorization(
	context.Context, sdk.AccAddress, sdk.AccAddress, string,
) (authz.Authorization, *time.Time) {
	return nil, nil
}

func (noGrants) SaveGrant(
	context.Context, sdk.AccAddress, sdk.AccAddress, authz.Authorization, *time.Time,
) error {
	return nil
}

type world struct {
	ctx    sdk.Context
	bank   ledger
	keeper *escrow.Keeper
	closed []escrowtypes.State
	tenant sdk.AccAddress
	id     escrowid.Account
}

func newWorld(t testing.TB) *world {
	pb.SetBech32Prefixes()
	key := storetypes.NewKVStoreKey("escrow")
	w := &world{
		ctx:  testutil.DefaultContext(key, storetypes.NewTransientStoreKey("transient")).WithBlockHeight(100),
		bank: ledger{}, tenant: address(1),
	}
	w.bank[w.tenant.String()] = sdk.NewCoins(sdk.NewInt64Coin("uact", 1e9), sdk.NewInt64Coin("uakt", 1e9))
	w.keeper = escrow.NewKeeper(key, w.bank, noGrants{})
	w.keeper.OnAccountClosed(func(_ sdk.Context, acc escrowtypes.Account) error {
		w.closed = append(w.closed, acc.State.State)
		return nil
	})
	w.id = escrow.DeploymentAccount(deploymentv1.DeploymentID{Owner: w.tenant.String(), DSeq: 1})
	t.Helper()
	return w
}

func address(n byte) sdk.AccAddress { return append(make(sdk.AccAddress, 19), n) }

func (w *world) deposits(denom string, amount int64) ([]escrowtypes.Depositor, error) {
	return w.keeper.AuthorizeDeposits(w.ctx, w.tenant, escrowid.Scope_deployment, depositv1.Deposit{
		Amount: sdk.NewInt64Coin(denom, amount), Sources: []depositv1.Source{depositv1.Source_balance},
	})
}

func (w *world) open(t testing.TB, denom string, amount int64) {
	t.Helper()
	d, err := w.deposits(denom, amount)
	require.NoError(t, err)
	require.NoError(t, w.keeper.CreateAccount(w.ctx, w.id, w.tenant, d))
}

func (w *world) deposit(t testing.TB, denom string, amount int64) {
	t.Helper()
	d, err := w.deposits(denom, amount)
	require.NoError(t, err)
	require.NoError(t, w.keeper.Deposit(w.ctx, w.id, d))
}

// pay opens the payment of group gseq to seller n at a rate in uact per block.
func (w *world) pay(gseq uint32, n byte, rate string) (escrowid.Payment, error) {
	id := escrow.LeasePayment(marketv1.LeaseID{
		Owner: w.tenant.String(), DSeq: 1, GSeq: gseq, OSeq: 1, Provider: address(n).String(),
	})
	return id, w.keeper.CreatePayment(w.ctx, id, address(n),
		sdk.NewDecCoinFromDec("uact", math.LegacyMustNewDecFromStr(rate)))
}

func (w *world) mustPay(t testing.TB, gseq uint32, n byte, rate string) escrowid.Payment {
	t.Helper()
	id, err := w.pay(gseq, n, rate)
	require.NoError(t, err)
	return id
}

func (w *world) blocks(n int64) { w.ctx = w.ctx.WithBlockHeight(w.ctx.BlockHeight() + n) }

func (w *world) account(t testing.TB) escrowtypes.AccountState {
	t.Helper()
	acc, err := w.keeper.Account(w.ctx, w.id)
	require.NoError(t, err)
	return acc.State
}

func (w *world) payment(t testing.TB, id escrowid.Payment) escrowtypes.PaymentState {
	t.Helper()
	p, err := w.keeper.Payment(w.ctx, id)
	require.NoError(t, err)
	return p.State
}

func (w *world) has(n byte) int64 { return w.bank[address(n).String()].AmountOf("uact").Int64() }

func TestFractionsAreCutAtEachSettlement(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.open(t, "uact", 1_000_000)
	id := w.mustPay(t, 1, 7, "0.6")
	for range 3 { // three settlements of one block each are worth nothing
		w.blocks(1)
		require.NoError(t, w.keeper.Withdraw(w.ctx, id))
	}
	require.Zero(t, w.has(7))
	w.blocks(3) // 1.8
	require.NoError(t, w.keeper.Withdraw(w.ctx, id))
	require.EqualValues(t, 1, w.has(7))
	require.Equal(t, "999999.000000000000000000", w.account(t).Funds[0].Amount.String())
}

func TestOverdrawServesPaymentsInKeyOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.open(t, "uact", 1000)
	w.deposit(t, "uakt", 50)
	second := w.mustPay(t, 2, 7, "60")
	first := w.mustPay(t, 1, 8, "50")
	w.blocks(12) // 600 and 720 are due, 1000 are there
	require.NoError(t, w.keeper.Withdraw(w.ctx, second))

	require.EqualValues(t, 600, w.has(8))
	require.EqualValues(t, 400, w.has(7))
	require.True(t, w.payment(t, first).Unsettled.IsZero())
	require.Equal(t, "320.000000000000000000uact", w.payment(t, second).Unsettled.String())
	acc := w.account(t)
	require.Equal(t, escrowtypes.State_overdrawn, acc.State)
	require.Equal(t, "-320.000000000000000000", acc.Funds[0].Amount.String())
	require.Equal(t, "0.000000000000000000", acc.Funds[1].Amount.String(), "the uakt went back")
	require.EqualValues(t, 1_000_000_000, w.bank[w.tenant.String()].AmountOf("uakt").Int64())
	require.Equal(t, []escrowtypes.State{escrowtypes.State_overdrawn}, w.closed)

	// A deposit pays debts as far as it goes; the account never opens again.
	w.deposit(t, "uact", 100)
	require.EqualValues(t, 500, w.has(7))
	require.Equal(t, escrowtypes.State_overdrawn, w.account(t).State)
	w.deposit(t, "uact", 300)
	require.EqualValues(t, 720, w.has(7))
	acc = w.account(t)
	require.Equal(t, escrowtypes.State_closed, acc.State)
	require.True(t, acc.Funds[0].Amount.IsZero())
	require.EqualValues(t, 1_000_000_000-1000-320, w.bank[w.tenant.String()].AmountOf("uact").Int64())
	d, err := w.deposits("uact", 1)
	require.NoError(t, err)
	require.ErrorIs(t, w.keeper.Deposit(w.ctx, w.id, d), escrow.ErrAccountClosed)
}

// The quirks of a second settlement in one block (protocol/lifecycle.md 5, 6.2, 6.5).
func TestSecondSettlementInABlock(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.open(t, "uact", 1000)
	id := w.mustPay(t, 1, 7, "10")
	require.NoError(t, w.keeper.ClosePayment(w.ctx, id))
	require.Equal(t, escrowtypes.State_open, w.payment(t, id).State, "closed in its first block, it stays open")
	require.Panics(t, func() { _ = w.keeper.Withdraw(w.ctx, id) })
	w.blocks(1)
	require.NoError(t, w.keeper.ClosePayment(w.ctx, id))
	require.Equal(t, escrowtypes.State_closed, w.payment(t, id).State)
	require.EqualValues(t, 10, w.has(7))
	require.ErrorIs(t, w.keeper.Withdraw(w.ctx, id), escrow.ErrPaymentClosed)
}

func TestPaymentRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.pay(1, 7, "10")
	require.ErrorIs(t, err, escrow.ErrAccountNotFound)
	w.open(t, "uakt", 1000)
	_, err = w.pay(1, 7, "10")
	require.ErrorIs(t, err, escrow.ErrDenomination)
	w.deposit(t, "uact", 100)
	_, err = w.pay(1, 7, "0")
	require.ErrorIs(t, err, escrow.ErrRateZero)
	w.mustPay(t, 1, 7, "10")
	_, err = w.pay(1, 7, "10")
	require.ErrorIs(t, err, escrow.ErrPaymentExists)
	d, err := w.deposits("uact", 1)
	require.NoError(t, err)
	require.ErrorIs(t, w.keeper.CreateAccount(w.ctx, w.id, w.tenant, d), escrow.ErrAccountExists)
	w.blocks(20)
	_, err = w.pay(2, 7, "10")
	require.ErrorIs(t, err, escrow.ErrAccountOverdrawn)
}

// Whatever happens in whatever order: no coin appears or disappears, escrow holds
// what it owes, and a closed account owes nothing.
func TestCoinsAreConserved(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t)
		total := w.bank.total()
		w.open(t, "uact", rapid.Int64Range(1, 5000).Draw(rt, "deposit"))
		var payments []escrowid.Payment
		for range rapid.IntRange(1, 30).Draw(rt, "steps") {
			w.blocks(rapid.Int64Range(1, 9).Draw(rt, "blocks"))
			switch rapid.IntRange(0, 4).Draw(rt, "step") {
			case 0:
				rate := fmt.Sprintf("%d.%d", rapid.IntRange(0, 99).Draw(rt, "rate"), rapid.IntRange(1, 9).Draw(rt, "tenths"))
				id, err := w.pay(uint32(len(payments)+1), byte(10+len(payments)), rate)
				if err == nil {
					payments = append(payments, id)
				}
			case 1, 2:
				if len(payments) > 0 {
					_ = w.keeper.Withdraw(w.ctx, rapid.SampledFrom(payments).Draw(rt, "which"))
				}
			case 3:
				if d, err := w.deposits("uact", rapid.Int64Range(1, 2000).Draw(rt, "more")); err == nil {
					_ = w.keeper.Deposit(w.ctx, w.id, d)
				}
			case 4:
				if len(payments) > 0 {
					_ = w.keeper.ClosePayment(w.ctx, rapid.SampledFrom(payments).Draw(rt, "which"))
				}
			}
			require.Equal(rt, total, w.bank.total())
			w.checkBooks(rt, payments)
		}
		if w.account(t).State == escrowtypes.State_open {
			w.blocks(1)
			require.NoError(rt, w.keeper.CloseAccount(w.ctx, w.id))
		}
		if w.account(t).State == escrowtypes.State_closed {
			require.True(rt, w.bank[escrow.ModuleName].AmountOf("uact").IsZero())
		}
	})
}

// checkBooks compares what the account says it holds with the coins in the module.
func (w *world) checkBooks(t require.TestingT, payments []escrowid.Payment) {
	acc, err := w.keeper.Account(w.ctx, w.id)
	require.NoError(t, err)
	held := math.LegacyZeroDec()
	for _, d := range acc.State.Deposits {
		held = held.Add(d.Balance.Amount)
	}
	for _, id := range payments {
		p, err := w.keeper.Payment(w.ctx, id)
		require.NoError(t, err)
		held = held.Add(p.State.Balance.Amount)
	}
	require.Equal(t, held.TruncateInt().String(), w.bank[escrow.ModuleName].AmountOf("uact").String())
}
