// SPDX-License-Identifier: Apache-2.0

package deploy_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/chain/tx"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// Each test here is named for a way in which money was lost once.

// stale answers "not found" to the next look at a deployment, as an endpoint behind a load balancer may.
type stale struct {
	deploy.Chain
	lies atomic.Int32
}

func (s *stale) FindDeployment(
	ctx context.Context, id ids.DeploymentID,
) (*deploymentv1beta4.QueryDeploymentResponse, error) {
	if s.lies.Add(-1) >= 0 {
		return nil, chain.ErrDeploymentNotFound
	}
	return s.Chain.FindDeployment(ctx, id)
}

// through is a run that reads by another chain.
func (h *house) through(c deploy.Chain) run {
	r := h.start(nil)
	config := r.Config
	config.Chain = c
	r.Deployer = deploy.New(config)
	return r
}

func TestRegressStaleNotFoundAfterTheTransactionLanded(t *testing.T) {
	t.Parallel()
	h := newHouse(t, devnet.Tenant, devnet.Options{})
	request, _ := web(t, nil)
	first := h.start(&dying{Transactions: h.engine, afterInclusion: true})
	_, err := first.Open(t.Context(), request)
	require.ErrorIs(t, err, errKilled)
	first.killed(t)
	lagging := &stale{Chain: h.chain}
	lagging.lies.Store(2)
	opened, err := h.through(lagging).Open(t.Context(), request)
	require.NoError(t, err)
	require.True(t, opened.Adopted)
	require.Len(t, h.active(t), 1, "a second one was paid for")
}

func TestRegressStaleNotFoundIsNoEnd(t *testing.T) {
	t.Parallel()
	h := newHouse(t, devnet.Tenant, devnet.Options{})
	request, _ := web(t, nil)
	opened, err := h.start(nil).Open(t.Context(), request)
	require.NoError(t, err)
	lagging := &stale{Chain: h.chain}
	r := h.through(lagging)
	lagging.lies.Store(1)
	_, err = r.ReadDeployment(t.Context(), opened.ID)
	require.NoError(t, err, "the refresh would have dropped it from state")
	lagging.lies.Store(1)
	require.NoError(t, r.CloseDeployment(t.Context(), opened.ID))
	require.Empty(t, h.active(t), "destroy said it was closed and it went on costing money")
}

func TestRegressADepositWhoseAnswerWasLostIsNotRepeated(t *testing.T) {
	t.Parallel()
	h := newHouse(t, devnet.Tenant, devnet.Options{})
	request, _ := web(t, nil)
	opened, err := h.start(nil).Open(t.Context(), request)
	require.NoError(t, err)
	target := request.Deposit.AddAmount(request.Deposit.Amount)
	late := &lateLanding{Transactions: h.engine}
	first := h.start(late)
	require.ErrorIs(t, first.DepositUpTo(t.Context(), opened.ID, target), errKilled)
	first.killed(t)
	second := h.start(late)
	require.NoError(t, second.DepositUpTo(t.Context(), opened.ID, target))
	found, err := second.ReadDeployment(t.Context(), opened.ID)
	require.NoError(t, err)
	require.True(t, found.Balance.TruncateInt().Equal(target.Amount), "%s", found.Balance)
}

// A deposit that landed is remembered until Terraform has it in its state: a run on an endpoint that does not show it
// yet must not pay it again.
func TestRegressADepositThatTheStateLostIsNotRepeated(t *testing.T) {
	t.Parallel()
	h := newHouse(t, devnet.Tenant, devnet.Options{})
	request, _ := web(t, nil)
	first := h.start(nil)
	opened, err := first.Open(t.Context(), request)
	require.NoError(t, err)
	require.NoError(t, h.net.WaitHeight(t.Context(), h.net.Height()+50))
	target := request.Deposit.AddAmount(request.Deposit.Amount)
	require.NoError(t, first.DepositUpTo(t.Context(), opened.ID, target))
	first.killed(t)

	h.net.SetFaults(devnet.Faults{LagBlocks: 20})
	behind := func() run {
		fresh, err := chain.Dial(t.Context(), chain.Config{
			ChainID: h.net.ChainID(), GRPC: []string{"http://" + h.net.GRPC()},
		})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, fresh.Close()) })
		engine, err := tx.New(tx.Config{Chain: fresh, Key: h.key, BlockTime: h.net.BlockTime()})
		require.NoError(t, err)
		r := h.start(engine)
		r.Chain = fresh
		return r
	}
	second := behind()
	for range 2 {
		require.NoError(t, second.DepositUpTo(t.Context(), opened.ID, target))
	}
	second.killed(t) // it has told Terraform nothing either
	h.net.SetFaults(devnet.Faults{LagBlocks: 40})
	third := behind()
	require.NoError(t, third.DepositUpTo(t.Context(), opened.ID, target))
	target = target.AddAmount(request.Deposit.Amount)
	require.NoError(t, third.DepositUpTo(t.Context(), opened.ID, target), "raised again in the same run")
	require.NoError(t, third.journal.Close())
	h.net.SetFaults(devnet.Faults{})
	found, err := h.start(nil).ReadDeployment(t.Context(), opened.ID)
	require.NoError(t, err)
	require.Equal(t, target.Amount.String(), found.Balance.TruncateInt().String())
	require.NoError(t, h.start(nil).CloseDeployment(t.Context(), opened.ID))
	left, err := filepath.Glob(filepath.Join(h.journal, "*", "*", "*.json"))
	require.NoError(t, err)
	require.Empty(t, left, "nothing is left to remember")
}

// A CLI that was killed leaves its plugin behind for some seconds, with the deposit's intent in its hands.
func TestRegressADepositWaitsForARunThatIsEnding(t *testing.T) {
	t.Parallel()
	h := newHouse(t, devnet.Tenant, devnet.Options{})
	request, _ := web(t, nil)
	first := h.start(nil)
	opened, err := first.Open(t.Context(), request)
	require.NoError(t, err)
	target := request.Deposit.AddAmount(request.Deposit.Amount)
	require.NoError(t, first.DepositUpTo(t.Context(), opened.ID, target))
	second := h.start(nil)
	result := make(chan error, 1)
	go func() { result <- second.DepositUpTo(t.Context(), opened.ID, target) }()
	require.NoError(t, h.net.WaitHeight(t.Context(), h.net.Height()+3))
	select {
	case err := <-result:
		require.Failf(t, "it did not wait", "%v", err)
	default:
	}
	require.NoError(t, first.journal.Close())
	require.NoError(t, <-result)
	found, err := second.ReadDeployment(t.Context(), opened.ID)
	require.NoError(t, err)
	require.Equal(t, target.Amount.String(), found.Balance.TruncateInt().String())
}

// lateLanding loses the answer to a transaction, which lands only when somebody asks what became of it.
type lateLanding struct {
	deploy.Transactions
	held *tx.Request
}

func (l *lateLanding) Submit(ctx context.Context, request tx.Request) (tx.Result, error) {
	if l.held != nil {
		return l.Transactions.Submit(ctx, request)
	}
	l.held = &request
	prepared := tx.Prepared{Hash: "AA", TimeoutAt: time.Now().Add(time.Minute), Unordered: true}
	if err := request.BeforeBroadcast(prepared); err != nil {
		return tx.Result{}, err
	}
	return tx.Result{}, &tx.UnknownOutcomeError{Prepared: prepared, Cause: errKilled}
}

func (l *lateLanding) Resolve(ctx context.Context, _ tx.Prepared) (tx.Result, error) {
	return l.Transactions.Submit(ctx, tx.Request{Msgs: l.held.Msgs})
}

func TestRegressAFoundLeaseOutlivesItsGatewayBeingDown(t *testing.T) {
	t.Parallel()
	h, r, request := opened(t)
	lease, err := r.EnsureLease(t.Context(), request)
	require.NoError(t, err)
	down := h.net.AkashProviders()[h.seller(t, lease.ID.ProviderAddr)]
	down.SetFaults(akashprovider.Faults{GatewayDown: true})
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	_, err = h.start(nil).EnsureLease(ctx, request) // as after a lost state
	require.Error(t, err)
	slot, err := r.ReadSlot(t.Context(), request.Group)
	require.NoError(t, err)
	require.True(t, slot.Active(), "a serving lease was closed because its gateway did not answer")
	require.Equal(t, lease.ID, slot.LeaseID())
}

func TestRegressALeaseWonByALostTransactionIsUsed(t *testing.T) {
	t.Parallel()
	h, _, request := opened(t)
	r := h.start(&twice{Transactions: h.engine})
	lease, err := r.EnsureLease(t.Context(), request)
	require.NoError(t, err)
	require.Equal(t, uint32(1), lease.ID.OSeq, "the lease was closed and bought again")
	found, err := h.chain.ListLeases(t.Context(), chain.LeaseFilter{
		Owner: request.Group.Owner, DSeq: request.Group.DSeq,
	})
	require.NoError(t, err)
	require.Len(t, found, 1)
}

// twice sends every lease a moment before it is asked to, as a transaction of an earlier run may land.
type twice struct{ deploy.Transactions }

func (d *twice) Submit(ctx context.Context, request tx.Request) (tx.Result, error) {
	if _, ok := request.Msgs[0].(*marketv1beta5.MsgCreateLease); ok {
		if _, err := d.Transactions.Submit(ctx, request); err != nil {
			return tx.Result{}, err
		}
	}
	return d.Transactions.Submit(ctx, request)
}

func TestRegressAReadThatFailsAfterTheLeaseAppliesOnFailure(t *testing.T) {
	t.Parallel()
	h, _, request := opened(t)
	for _, p := range h.net.AkashProviders() {
		p.SetFaults(akashprovider.Faults{SlowReadyBlocks: 5})
	}
	flaky := &flakyOnce{Chain: h.chain}
	_, err := h.through(flaky).EnsureLease(t.Context(), request)
	var failure *deploy.Failure
	require.ErrorAs(t, err, &failure)
	require.NotContains(t, failure.Exists, "Nothing was changed")
	require.Contains(t, failure.Next, "on_failure")
	slot, err := h.start(nil).ReadSlot(t.Context(), request.Group)
	require.NoError(t, err)
	require.False(t, slot.Active(), "on_failure = close was not applied")
}

// flakyOnce fails one look at leases, the first after there is one.
type flakyOnce struct {
	deploy.Chain
	done bool
}

func (f *flakyOnce) ListLeases(
	ctx context.Context, filter chain.LeaseFilter,
) ([]marketv1beta5.QueryLeaseResponse, error) {
	found, err := f.Chain.ListLeases(ctx, filter)
	if len(found) > 0 && !f.done {
		f.done = true
		return nil, chain.ErrUnreachable
	}
	return found, err
}

func TestRegressTheLeaseInThePlanIsGone(t *testing.T) {
	t.Parallel()
	h, r, request := opened(t)
	lease, err := r.EnsureLease(t.Context(), request)
	require.NoError(t, err)
	require.NoError(t, r.EndLease(t.Context(), request.Group))
	before, err := h.chain.SpendableBalances(t.Context(), h.key.Address())
	require.NoError(t, err)
	request.Running = lease.ID
	_, err = r.EnsureLease(t.Context(), request)
	require.ErrorContains(t, err, "Lease changed since the plan")
	after, err := h.chain.SpendableBalances(t.Context(), h.key.Address())
	require.NoError(t, err)
	require.Equal(t, before.AmountOf("uakt"), after.AmountOf("uakt"), "an auction nobody planned was paid for")
}

func TestRegressASecretInARefusalIsMasked(t *testing.T) {
	t.Parallel()
	_, doc := web(t, map[string]string{"PASSWORD": "hunter2 and more"})
	err := deploy.WithoutSecrets(chain.Reject("x", 1, `bad env "PASSWORD=hunter2 and more"`, "", 0), doc.ManifestJSON())
	require.NotContains(t, err.Error(), "hunter2")
	require.Contains(t, err.Error(), "PASSWORD=***")
	_, doc = web(t, map[string]string{"KEY": "BEGIN\nline one\nEND"})
	lines := deploy.WithoutSecrets(errors.New(`KEY=BEGIN line one END, or "BEGIN\nline one\nEND"`), doc.ManifestJSON())
	require.NotContains(t, lines.Error(), "line one", "in whatever form a gateway quotes it")
	var rejected *chain.RejectedError
	require.ErrorAs(t, err, &rejected, "what can be acted on stays")
}

func TestRegressANewProcessOnAnEndpointThatIsBehind(t *testing.T) {
	t.Parallel()
	h := newHouse(t, devnet.Tenant, devnet.Options{})
	require.NoError(t, h.net.WaitHeight(t.Context(), 12))
	request, _ := web(t, nil)
	opened, err := h.start(nil).Open(t.Context(), request)
	require.NoError(t, err)
	h.net.SetFaults(devnet.Faults{LagBlocks: 10})
	fresh, err := chain.Dial(t.Context(), chain.Config{
		ChainID: h.net.ChainID(), GRPC: []string{"http://" + h.net.GRPC()},
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, fresh.Close()) })
	r := h.through(fresh)
	_, err = r.ReadDeployment(t.Context(), opened.ID)
	require.ErrorIs(t, err, chain.ErrLagging)
	require.NotErrorIs(t, err, deploy.ErrGone, "the refresh would have dropped it from state")
	require.ErrorIs(t, r.CloseDeployment(t.Context(), opened.ID), chain.ErrLagging)
}

func TestRegressARunningLeaseOutlivesAPolicyThePlanDidNotKnow(t *testing.T) {
	t.Parallel()
	_, r, request := opened(t)
	lease, err := r.EnsureLease(t.Context(), request)
	require.NoError(t, err)
	request.Running, request.Policy.Ceiling = lease.ID, ceiling("0.000001")
	again, err := r.EnsureLease(t.Context(), request)
	require.NoError(t, err)
	require.Equal(t, lease.ID, again.ID)
}
