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
)

// stuck holds every transaction up until its context ends, and tells when one has come.
type stuck struct {
	deploy.Transactions
	came chan struct{}
}

func (s stuck) Submit(ctx context.Context, _ tx.Request) (tx.Result, error) {
	s.came <- struct{}{}
	<-ctx.Done()
	return tx.Result{}, ctx.Err()
}

// Whoever waits for another deposit's minting stops when the user does.
func TestMint_interruptedWhileWaiting(t *testing.T) {
	t.Parallel()
	h := newPoorHouse(t, 100, devnet.Economy{})
	request, _ := web(t, nil)
	held := stuck{Transactions: h.engine, came: make(chan struct{}, 2)}
	r := h.minting(held)
	first, stopFirst := context.WithCancel(t.Context())
	ended := make(chan error, 2)
	open := func(ctx context.Context) {
		_, err := r.Open(ctx, request)
		ended <- err
	}
	go open(first)
	<-held.came
	second, stopSecond := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer stopSecond()
	go open(second)
	err := <-ended
	require.NoError(t, first.Err(), "the first is still at it")
	require.ErrorIs(t, err, context.DeadlineExceeded)
	var failure *deploy.Failure
	require.ErrorAs(t, err, &failure)
	require.Contains(t, failure.Doing, "Waiting for another deposit's ACT")
	stopFirst()
	require.ErrorIs(t, <-ended, context.Canceled)
}

// granting is a chain on which the owner granted something.
type granting struct {
	deploy.Chain
	grants []chain.Authorization
}

func (g granting) ListAuthorizations(context.Context, string, string) ([]chain.Authorization, error) {
	return g.grants, nil
}

// A plan says that minting will need a grant, and what became of one that ended.
func TestMint_grantOfADeputy(t *testing.T) {
	t.Parallel()
	h := newPoorHouse(t, 100, devnet.Economy{})
	request, _ := web(t, nil)
	ended := time.Now().Add(-time.Hour)
	mint := chain.Authorization{MessageType: deploy.MintNeeds().Now[0]}
	old := mint
	old.ExpiresAt = ended
	for name, test := range map[string]struct {
		grants []chain.Authorization
		says   []string
	}{
		"none":  {says: []string{"does not allow", "MsgMintACT"}},
		"ended": {grants: []chain.Authorization{old}, says: []string{"ended at " + ended.UTC().Format(time.RFC3339)}},
		"there": {grants: []chain.Authorization{mint}},
	} {
		config := h.minting(nil).Config
		config.Chain, config.Grantee = granting{h.chain, test.grants}, h.net.Accounts()[0].Address
		note, err := deploy.New(config).CheckFunds(t.Context(), deploy.Need{
			New: &request, Planned: request.Deposit.Amount, Deposits: 1, Refunds: math.LegacyZeroDec(),
		})
		if test.says == nil {
			require.NoError(t, err, name)
			require.Contains(t, note, "Apply burns", name)
			continue
		}
		var failure *deploy.Failure
		require.ErrorAs(t, err, &failure, name)
		require.Equal(t, "Missing grant", failure.Title, name)
		require.Contains(t, failure.Doing, "Minting 5 ACT for deposits", name)
		require.Contains(t, failure.Next, "akash tx authz grant "+config.Grantee+" generic --msg-type=/akash.bme", name)
		for _, text := range test.says {
			require.ErrorContains(t, failure.Cause, text, name)
		}
	}
}
