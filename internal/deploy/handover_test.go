// SPDX-License-Identifier: Apache-2.0

package deploy_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/chain/tx"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
)

// behind is a run that knows of the chain only what an endpoint tells it that is behind.
func (h *house) behind(t *testing.T, blocks int64) run {
	t.Helper()
	h.net.SetFaults(devnet.Faults{LagBlocks: blocks})
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

// A deposit is raised, the run ends as it should, and the next run raises it again before its endpoint shows the first.
func TestDepositUpTo_anotherRunOnAnEndpointThatIsBehind(t *testing.T) {
	t.Parallel()
	h := newHouse(t, devnet.Tenant, devnet.Options{AkashProviders: noSellers})
	request, _ := web(t, nil)
	first := h.start(nil)
	opened, err := first.Open(t.Context(), request)
	require.NoError(t, err)
	opened.HandedOver()
	const lag = 40
	require.NoError(t, h.net.Advance(t.Context(), lag))
	target := request.Deposit.AddAmount(request.Deposit.Amount)
	require.NoError(t, first.DepositUpTo(t.Context(), opened.ID, target))
	require.NoError(t, first.journal.Close())

	second := h.behind(t, lag)
	target = target.AddAmount(request.Deposit.Amount)
	require.NoError(t, second.DepositUpTo(t.Context(), opened.ID, target))
	require.NoError(t, second.journal.Close())
	h.net.SetFaults(devnet.Faults{})
	found, err := h.start(nil).ReadDeployment(t.Context(), opened.ID)
	require.NoError(t, err)
	require.Equal(t, target.Amount.String(), found.Balance.TruncateInt().String())
}

// A run is killed between handing a deployment over and its end: nobody knows whether a state holds it. What certainly
// is in none comes first, and who takes it over says so.
func TestOpen_whatMayBeInAState(t *testing.T) {
	t.Parallel()
	h := newHouse(t, devnet.Tenant, devnet.Options{AkashProviders: noSellers})
	request, _ := web(t, nil)
	first := h.start(nil)
	handed, err := first.Open(t.Context(), request)
	require.NoError(t, err)
	handed.HandedOver()
	lost, err := first.Open(t.Context(), request)
	require.NoError(t, err)
	first.killed(t)

	second := h.start(nil)
	opened, err := second.Open(t.Context(), request)
	require.NoError(t, err)
	require.Equal(t, lost.ID, opened.ID)
	require.True(t, opened.Adopted)
	require.False(t, opened.Shared)
	opened.HandedOver()
	opened, err = second.Open(t.Context(), request)
	require.NoError(t, err)
	require.Equal(t, handed.ID, opened.ID, "the state may be lost, and then nobody else knows of it")
	require.True(t, opened.Shared)
	opened.HandedOver()
	require.NoError(t, second.journal.Close())
	require.Len(t, h.active(t), 2)
}
