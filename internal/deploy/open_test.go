// SPDX-License-Identifier: Apache-2.0

package deploy_test

import (
	"context"
	"testing"
	"time"

	"cosmossdk.io/math"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/chain/tx"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/journal"
)

func TestOpenCreatesOnceAndRetires(t *testing.T) {
	t.Parallel()
	h := newHouse(t, devnet.Tenant, devnet.Options{})
	request, _ := web(t, nil)
	r := h.start(nil)
	opened, err := r.Open(t.Context(), request)
	require.NoError(t, err)
	require.False(t, opened.Adopted)
	found, err := r.ReadDeployment(t.Context(), opened.ID)
	require.NoError(t, err)
	require.Equal(t, request.Hash, found.Hash)
	require.Equal(t, "5000000.000000000000000000", found.Balance.String())

	left, err := h.start(nil).journal.Unclaimed(journal.KindDeployment, h.net.ChainID(), h.key.Address())
	require.NoError(t, err)
	require.Empty(t, left, "the live process holds its intent")
	opened.HandedOver()
	require.NoError(t, r.journal.Close())
	left, err = h.start(nil).journal.Unclaimed(journal.KindDeployment, h.net.ChainID(), h.key.Address())
	require.NoError(t, err)
	require.Empty(t, left, "a normal end forgets what was handed over")
}

func TestOpenAdoptsWhatAKilledRunPaidFor(t *testing.T) {
	t.Parallel()
	h := newHouse(t, devnet.Tenant, devnet.Options{})
	request, _ := web(t, nil)
	first := h.start(&dying{Transactions: h.engine, afterInclusion: true})
	_, err := first.Open(t.Context(), request)
	require.ErrorIs(t, err, errKilled)
	first.killed(t)
	paid := h.active(t)
	require.Len(t, paid, 1)

	changed, _ := web(t, map[string]string{"GREETING": "changed meanwhile"})
	changed.Deposit = changed.Deposit.AddAmount(math.NewInt(1_000_000))
	second := h.start(nil)
	opened, err := second.Open(t.Context(), changed)
	require.NoError(t, err)
	require.True(t, opened.Adopted)
	require.Equal(t, paid[0], opened.ID)
	require.Len(t, h.active(t), 1, "nothing was paid twice")
	found, err := second.ReadDeployment(t.Context(), opened.ID)
	require.NoError(t, err)
	require.Equal(t, changed.Hash, found.Hash, "an adopted deployment gets the manifest of now")
	require.Equal(t, changed.Deposit.Amount, found.Balance.TruncateInt(), "and the deposit of now")
}

func TestOpenForgetsAnIntentWhoseTransactionCanNeverLand(t *testing.T) {
	t.Parallel()
	h := newHouse(t, devnet.Tenant, devnet.Options{})
	request, _ := web(t, nil)
	first := h.start(&dying{Transactions: h.engine, beforeBroadcast: true, timeout: time.Now().Add(-time.Minute)})
	_, err := first.Open(t.Context(), request)
	require.ErrorIs(t, err, errKilled)
	first.killed(t)

	opened, err := h.start(nil).Open(t.Context(), request)
	require.NoError(t, err)
	require.False(t, opened.Adopted)
	require.Len(t, h.active(t), 1)
}

func TestOpenDoesNotCreateWhileAnEarlierTransactionMayLand(t *testing.T) {
	t.Parallel()
	h := newHouse(t, devnet.Tenant, devnet.Options{})
	request, _ := web(t, nil)
	first := h.start(&dying{Transactions: h.engine, beforeBroadcast: true, timeout: time.Now().Add(time.Hour)})
	_, err := first.Open(t.Context(), request)
	require.ErrorIs(t, err, errKilled)
	first.killed(t)

	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	_, err = h.start(nil).Open(ctx, request)
	var failure *deploy.Failure
	require.ErrorAs(t, err, &failure)
	require.Contains(t, failure.Exists, "not known yet")
	require.Empty(t, h.active(t), "two creates could both land")
}

func TestOpenIgnoresAnIntentThatWasClosedSince(t *testing.T) {
	t.Parallel()
	h := newHouse(t, devnet.Tenant, devnet.Options{})
	request, _ := web(t, nil)
	first := h.start(&dying{Transactions: h.engine, afterInclusion: true})
	_, err := first.Open(t.Context(), request)
	require.ErrorIs(t, err, errKilled)
	first.killed(t)
	old := h.active(t)
	require.Len(t, old, 1)
	closer := deploy.New(h.start(nil).Config)
	closer.Journal = nil // closed by somebody else: nobody retires the intent
	require.NoError(t, closer.CloseDeployment(t.Context(), old[0]))

	opened, err := h.start(nil).Open(t.Context(), request)
	require.NoError(t, err)
	require.False(t, opened.Adopted)
	require.NotEqual(t, old[0], opened.ID)
}

func TestOpenRefusesWhatTheAccountCannotPay(t *testing.T) {
	t.Parallel()
	h := newHouse(t, devnet.Poor, devnet.Options{})
	request, _ := web(t, nil)
	r := h.start(nil)
	_, err := r.Open(t.Context(), request)
	require.ErrorIs(t, err, chain.ErrInsufficientFunds)
	var failure *deploy.Failure
	require.ErrorAs(t, err, &failure)
	require.Equal(t, "Insufficient funds", failure.Title)
	require.Contains(t, failure.Next, "uact")
	require.Contains(t, failure.Next, h.key.Address())
	left, err := r.journal.Unclaimed(journal.KindDeployment, h.net.ChainID(), h.key.Address())
	require.NoError(t, err)
	require.Empty(t, left, "nothing was created, so nothing is remembered")

	need := deploy.Need{New: &request, Planned: request.Deposit.Amount, Deposits: 1, Refunds: math.LegacyZeroDec()}
	_, err = r.CheckFunds(t.Context(), need)
	require.ErrorAs(t, err, &failure)
	require.ErrorContains(t, err, "the deposit of 5 ACT needs 5 ACT more")
	need.Planned, need.Deposits = request.Deposit.Amount.MulRaw(2000), 2000
	_, err = r.CheckFunds(t.Context(), need)
	require.ErrorContains(t, err, "the 2000 deposits of this plan, 10000 ACT in all, need 10000 ACT more than the account")
	require.ErrorContains(t, err, "the deposits alone need about 1.008 AKT and the account has 1 AKT")

	// A plan counts with the price that apply pays.
	dear, err := tx.New(tx.Config{Chain: h.chain, Key: h.key, GasPrices: "0.025uakt"})
	require.NoError(t, err)
	_, err = h.start(dear).CheckFunds(t.Context(), need)
	require.ErrorContains(t, err, "the deposits alone need about 10.064 AKT and the account has 1 AKT")
}

func TestOpenSurvivesALostAnswer(t *testing.T) {
	t.Parallel()
	failed := false
	h := newHouse(t, devnet.Tenant, devnet.Options{Faults: devnet.Faults{FailAnswer: func([]byte) error {
		if failed {
			return nil
		}
		failed = true
		return errKilled
	}}})
	request, _ := web(t, nil)
	opened, err := h.start(nil).Open(t.Context(), request)
	require.NoError(t, err)
	require.True(t, failed)
	require.Equal(t, []string{opened.ID.String()}, texts(h.active(t)))
}

func TestDepositUpToPaysOnlyWhatIsMissing(t *testing.T) {
	t.Parallel()
	h := newHouse(t, devnet.Tenant, devnet.Options{})
	request, _ := web(t, nil)
	r := h.start(nil)
	opened, err := r.Open(t.Context(), request)
	require.NoError(t, err)
	target := request.Deposit.AddAmount(request.Deposit.Amount)
	for range 2 { // as a run that was interrupted after paying would
		require.NoError(t, r.DepositUpTo(t.Context(), opened.ID, target))
	}
	found, err := r.ReadDeployment(t.Context(), opened.ID)
	require.NoError(t, err)
	require.True(t, found.Balance.TruncateInt().Equal(target.Amount), found.Balance)
}

func TestCloseRefundsAndRepeats(t *testing.T) {
	t.Parallel()
	h := newHouse(t, devnet.Tenant, devnet.Options{})
	before, err := h.chain.SpendableBalances(t.Context(), h.key.Address())
	require.NoError(t, err)
	request, _ := web(t, nil)
	r := h.start(nil)
	opened, err := r.Open(t.Context(), request)
	require.NoError(t, err)
	for range 2 {
		require.NoError(t, r.CloseDeployment(t.Context(), opened.ID))
	}
	_, err = r.ReadDeployment(t.Context(), opened.ID)
	require.ErrorIs(t, err, deploy.ErrGone)
	after, err := h.chain.SpendableBalances(t.Context(), h.key.Address())
	require.NoError(t, err)
	require.Equal(t, before.AmountOf("uact"), after.AmountOf("uact"), "the whole deposit came back")
	require.True(t, after.AmountOf("uakt").LT(before.AmountOf("uakt")), "fees were paid")
}

func TestReadsSayUnreachableNotGone(t *testing.T) {
	t.Parallel()
	h := newHouse(t, devnet.Tenant, devnet.Options{})
	request, _ := web(t, nil)
	r := h.start(nil)
	opened, err := r.Open(t.Context(), request)
	require.NoError(t, err)
	require.NoError(t, h.net.Stop())
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	_, err = r.ReadDeployment(ctx, opened.ID)
	require.Error(t, err)
	require.NotErrorIs(t, err, deploy.ErrGone)
	_, err = r.ReadSlot(ctx, opened.ID.Group(1))
	require.Error(t, err)
	require.NotErrorIs(t, err, deploy.ErrGone)
}

func texts[T interface{ String() string }](list []T) []string {
	var found []string
	for _, e := range list {
		found = append(found, e.String())
	}
	return found
}
