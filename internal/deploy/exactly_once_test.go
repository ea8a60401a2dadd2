// SPDX-License-Identifier: Apache-2.0

package deploy_test

import (
	"context"
	"sync"
	"testing"
	"time"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/chain/tx"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

// Whatever the endpoints do, what is asked for comes to be once: what a run cannot finish, the next one does.
func TestExactlyOnce(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		faults  string
		ordered bool
	}{
		"broadcasts are lost":           {faults: "lose-broadcast=1/3"},
		"answers are lost":              {faults: "fail-answer=1/2"},
		"answers are lost, in order":    {faults: "fail-answer=1/2", ordered: true},
		"answers come as errors, late":  {faults: "fail-after-block=1/2"},
		"the mempool is full":           {faults: "mempool-full=1/2"},
		"somebody else uses sequences":  {faults: "sequence-mismatch=1/2", ordered: true},
		"the endpoint is behind":        {faults: "lag-blocks=3"},
		"simulations tell too little":   {faults: "gas-percent=75"},
		"connections break":             {faults: "reset=1/15"},
		"everything at once":            {faults: "lose-broadcast=1/6,fail-answer=1/6,mempool-full=1/6,reset=1/25"},
		"everything at once, in order":  {faults: "lose-broadcast=1/6,fail-answer=1/6,sequence-mismatch=1/6", ordered: true},
		"a slow endpoint loses answers": {faults: "slow=60ms,fail-answer=1/3,lose-broadcast=1/6"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plan, err := devnet.ParseFaults(c.faults + ",seed=1")
			require.NoError(t, err)
			h := newHouse(t, devnet.Tenant, devnet.Options{AkashProviders: noSellers})
			h.hurry(t)
			require.NoError(t, h.net.ApplyFaults(t.Context(), plan))
			const n = 6
			opened := h.openUnder(t, n, c.ordered)
			require.NoError(t, h.net.ApplyFaults(t.Context(), devnet.FaultPlan{}))
			t.Logf("%d of %d got through at once", len(opened), n)

			// The next run of the same configuration mends what is left.
			next := h.start(nil)
			for len(opened) < n {
				request, _ := web(t, nil)
				o, err := next.Open(t.Context(), request)
				require.NoError(t, err)
				o.HandedOver()
				opened = append(opened, o.ID)
			}
			require.ElementsMatch(t, opened, h.active(t), "paid for and forgotten, or twice")
			for _, id := range opened {
				require.NoError(t, next.DepositUpTo(t.Context(), id, doubled(t)))
				found, err := next.ReadDeployment(t.Context(), id)
				require.NoError(t, err)
				require.Equal(t, doubled(t).Amount.String(), found.Balance.TruncateInt().String(), "deposited twice")
				require.NoError(t, next.CloseDeployment(t.Context(), id))
			}
			require.NoError(t, next.journal.Close())
			left, err := next.journal.Unclaimed("deployment", h.net.ChainID(), h.key.Address())
			require.NoError(t, err)
			require.Empty(t, left)
		})
	}
}

// doubled is the deposit that every deployment gets in the end.
func doubled(t *testing.T) sdk.Coin {
	t.Helper()
	request, _ := web(t, nil)
	return request.Deposit.AddAmount(request.Deposit.Amount)
}

// hurry makes the chain's clock run 25 times as fast, so that what is lost is soon known to be.
func (h *house) hurry(t *testing.T) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() {
		tick := time.NewTicker(200 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				if err := h.net.AdvanceClock(ctx, 5*time.Second); err != nil {
					return // the test has ended
				}
			case <-ctx.Done():
				return
			}
		}
	})
	t.Cleanup(func() {
		stop()
		running.Wait()
	})
}

// openUnder opens n deployments at once and raises their deposits in a run that may fail in part, and gives those it
// opened.
func (h *house) openUnder(t *testing.T, n int, ordered bool) []ids.DeploymentID {
	t.Helper()
	client, err := chain.Dial(t.Context(), chain.Config{
		ChainID: h.net.ChainID(), GRPC: []string{"http://" + h.net.GRPC()}, RPC: []string{h.net.RPC()},
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, client.Close()) })
	engine, err := tx.New(tx.Config{
		Chain: client, Key: h.key, BlockTime: h.net.BlockTime(), Ordered: ordered,
		BatchWindow: -1, // more transactions to lose
	})
	require.NoError(t, err)
	r := h.start(engine)
	r.Chain = client
	var mu sync.Mutex
	var opened []ids.DeploymentID
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			request, _ := web(t, nil)
			o, err := r.Open(t.Context(), request)
			if err != nil {
				t.Logf("not opened: %v", err)
				return
			}
			o.HandedOver()
			mu.Lock()
			opened = append(opened, o.ID)
			mu.Unlock()
			if err := r.DepositUpTo(t.Context(), o.ID, doubled(t)); err != nil {
				t.Logf("not raised: %v", err)
			}
		})
	}
	all.Wait()
	require.NoError(t, r.journal.Close())
	return opened
}
