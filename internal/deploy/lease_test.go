// SPDX-License-Identifier: Apache-2.0

package deploy_test

import (
	"context"
	"testing"
	"time"

	"cosmossdk.io/math"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
)

// opened is a house with a deployment of webSDL, and a lease request for it.
func opened(t *testing.T) (*house, run, deploy.LeaseRequest) {
	t.Helper()
	h := newHouse(t, devnet.Tenant, devnet.Options{})
	r := h.start(nil)
	request, doc := web(t, nil)
	d, err := r.Open(t.Context(), request)
	require.NoError(t, err)
	return h, r, leaseOf(d.ID, doc)
}

func ceiling(uactPerBlock string) market.Ceiling {
	limit := coin.PerBlock{Denom: coin.UACT, Amount: math.LegacyMustNewDecFromStr(uactPerBlock)}
	return market.Ceiling{Limit: limit, Text: uactPerBlock + " uact per block"}
}

func TestEnsureLeaseTakesTheCheapestAndContinuesWithIt(t *testing.T) {
	t.Parallel()
	h, r, request := opened(t)
	lease, err := r.EnsureLease(t.Context(), request)
	require.NoError(t, err)
	require.Len(t, lease.Verdicts, 3)
	require.Equal(t, "accepted: cheapest", lease.Verdicts[0].Reason)
	require.Equal(t, lease.Verdicts[0].Bid.ID.Lease(), lease.ID)
	for _, v := range lease.Verdicts[1:] {
		require.True(t, v.Bid.Price.Amount.GT(lease.Price.Amount))
	}
	require.Equal(t, int64(1), lease.Status.Services["web"].Available)
	require.NotEmpty(t, lease.Status.Services["web"].URIs)
	services, ok := h.net.AkashProviders()[h.seller(t, lease.ID.ProviderAddr)].Deployed(lease.ID)
	require.True(t, ok)
	require.Len(t, services, 1)

	again, err := r.EnsureLease(t.Context(), request)
	require.NoError(t, err)
	require.True(t, again.Found)
	require.Equal(t, lease.ID, again.ID, "a re-run continues with what it finds")
}

func TestEnsureLeaseMovesOnWhenAManifestIsRefused(t *testing.T) {
	t.Parallel()
	h, r, request := opened(t)
	for _, p := range h.net.AkashProviders()[:1] {
		p.SetFaults(akashprovider.Faults{RefuseManifests: -1})
	}
	refusing := h.net.AkashProviders()[0].Address()
	lease, err := r.EnsureLease(t.Context(), request)
	require.NoError(t, err)
	require.NotEqual(t, refusing, lease.ID.ProviderAddr)
	require.Greater(t, lease.ID.OSeq, uint32(1), "the refused lease was closed, which opened a new order")
	slot, err := r.ReadSlot(t.Context(), request.Group)
	require.NoError(t, err)
	require.Equal(t, lease.ID, slot.LeaseID())
	for _, v := range lease.Verdicts {
		if v.Bid.ID.ProviderAddr == refusing {
			require.Contains(t, v.Reason, "did not take the manifest")
		}
	}
}

func TestEnsureLeasePassesOverAGatewayThatIsDown(t *testing.T) {
	t.Parallel()
	h, r, request := opened(t)
	down := h.net.AkashProviders()[0]
	down.SetFaults(akashprovider.Faults{GatewayDown: true})
	lease, err := r.EnsureLease(t.Context(), request)
	require.NoError(t, err)
	require.NotEqual(t, down.Address(), lease.ID.ProviderAddr)
	require.Equal(t, uint32(1), lease.ID.OSeq, "no lease was made that had to be closed again")
}

func TestEnsureLeaseOnFailure(t *testing.T) {
	t.Parallel()
	for _, policy := range []deploy.OnFailure{deploy.CloseOnFailure, deploy.KeepOnFailure} {
		t.Run(string(policy), func(t *testing.T) {
			t.Parallel()
			h, r, request := opened(t)
			for _, p := range h.net.AkashProviders() {
				p.SetFaults(akashprovider.Faults{NeverReady: true})
			}
			request.OnFailure = policy
			ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
			defer cancel()
			_, err := r.EnsureLease(ctx, request)
			var failure *deploy.Failure
			require.ErrorAs(t, err, &failure)
			require.Equal(t, "Services not ready", failure.Title)
			require.ErrorContains(t, err, "web 0/1")

			slot, err := r.ReadSlot(t.Context(), request.Group)
			require.NoError(t, err)
			if policy == deploy.CloseOnFailure {
				require.Equal(t, deploymentv1beta4.Group_paused, slot.Group.State)
				require.False(t, slot.Active())
				require.Contains(t, failure.Exists, "nothing is spent for it")
			} else {
				require.True(t, slot.Active())
				require.Contains(t, failure.Exists, "costs")
				require.Contains(t, failure.Exists, slot.LeaseID().String())
			}
			for _, p := range h.net.AkashProviders() {
				p.SetFaults(akashprovider.Faults{})
			}
			lease, err := r.EnsureLease(t.Context(), request)
			require.NoError(t, err, "the next run continues from either")
			require.Equal(t, policy == deploy.KeepOnFailure, lease.Found)
		})
	}
}

func TestEnsureLeaseKeepsARunningLeaseWhateverHappens(t *testing.T) {
	t.Parallel()
	h, r, request := opened(t)
	lease, err := r.EnsureLease(t.Context(), request)
	require.NoError(t, err)
	h.net.AkashProviders()[h.seller(t, lease.ID.ProviderAddr)].SetFaults(akashprovider.Faults{RefuseManifests: -1})
	_, doc := web(t, map[string]string{"GREETING": "new"})
	require.NoError(t, r.UpdateHash(t.Context(), request.Group.Deployment(), doc.Hash()))
	request.Manifest, request.Running = doc.ManifestJSON(), lease.ID
	_, err = r.EnsureLease(t.Context(), request)
	var failure *deploy.Failure
	require.ErrorAs(t, err, &failure)
	require.Equal(t, "Manifest refused", failure.Title)
	slot, err := r.ReadSlot(t.Context(), request.Group)
	require.NoError(t, err)
	require.True(t, slot.Active(), "a workload that ran is not killed by a refused update")
	require.Equal(t, lease.ID, slot.LeaseID())
}

func TestEnsureLeaseUnderEveryBidTellsAllAndKeepsTheOrder(t *testing.T) {
	t.Parallel()
	_, r, request := opened(t)
	request.Policy.Ceiling = ceiling("0.000001")
	request.BidWindow = time.Minute // ten blocks
	_, err := r.EnsureLease(t.Context(), request)
	var failure *deploy.Failure
	require.ErrorAs(t, err, &failure)
	require.Equal(t, "No acceptable bid", failure.Title)
	for _, want := range []string{"over the ceiling of 0.000001 uact per block", "USD/month"} {
		require.ErrorContains(t, err, want)
	}
	require.Contains(t, failure.Exists, "stays open for bids")

	request.Policy.Ceiling = market.Ceiling{}
	lease, err := r.EnsureLease(t.Context(), request)
	require.NoError(t, err)
	require.Equal(t, uint32(1), lease.ID.OSeq, "the bids of the first auction still stand")
}

func TestEnsureLeaseReopensAnOrderNobodyAnswersAnyMore(t *testing.T) {
	t.Parallel()
	h := newHouse(t, devnet.Tenant, devnet.Options{})
	for _, p := range h.net.AkashProviders() {
		p.SetFaults(akashprovider.Faults{NeverBid: true})
	}
	r := h.start(nil)
	open, doc := web(t, nil)
	deployment, err := r.Open(t.Context(), open)
	require.NoError(t, err)
	request := leaseOf(deployment.ID, doc)
	slot, err := r.ReadSlot(t.Context(), request.Group)
	require.NoError(t, err)
	request.BidWindow = 18 * time.Second // three blocks
	require.NoError(t, h.net.WaitHeight(t.Context(), slot.Order.CreatedAt+6))
	_, err = r.EnsureLease(t.Context(), request)
	require.ErrorContains(t, err, "no bid came in")
	slot, err = r.ReadSlot(t.Context(), request.Group)
	require.NoError(t, err)
	require.Equal(t, uint32(2), slot.Order.ID.OSeq, "bidders that skipped the first order were asked again, once")
}

func TestEnsureLeaseClosesWhatThePolicyNoLongerAllows(t *testing.T) {
	t.Parallel()
	_, r, request := opened(t)
	first, err := r.EnsureLease(t.Context(), request)
	require.NoError(t, err)
	request.Policy.Deny = []string{first.ID.ProviderAddr}
	second, err := r.EnsureLease(t.Context(), request)
	require.NoError(t, err)
	require.False(t, second.Found)
	require.NotEqual(t, first.ID.ProviderAddr, second.ID.ProviderAddr)
	require.Equal(t, first.ID.Group(), second.ID.Group(), "same slot, same escrow")
}

func TestEnsureLeaseRepairsAPausedGroup(t *testing.T) {
	t.Parallel()
	h, r, request := opened(t)
	first, err := r.EnsureLease(t.Context(), request)
	require.NoError(t, err)
	killer := h.net.AkashProviders()[h.seller(t, first.ID.ProviderAddr)]
	require.NoError(t, killer.CloseLease(t.Context(), first.ID, marketv1.LeaseClosedReason_lease_closed_reason_unstable))
	slot, err := r.ReadSlot(t.Context(), request.Group)
	require.NoError(t, err)
	require.False(t, slot.Active())
	require.Equal(t, deploymentv1beta4.Group_paused, slot.Group.State)

	second, err := r.EnsureLease(t.Context(), request)
	require.NoError(t, err)
	require.Equal(t, uint32(2), second.ID.OSeq)
	require.Equal(t, first.ID.Deployment(), second.ID.Deployment())
}

func TestEnsureLeaseInterruptedLeavesTheLeaseForTheNextRun(t *testing.T) {
	t.Parallel()
	h, r, request := opened(t)
	for _, p := range h.net.AkashProviders() {
		p.SetFaults(akashprovider.Faults{NeverReady: true})
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() { // Ctrl-C once the lease is there
		defer cancel()
		for t.Context().Err() == nil {
			if slot, err := r.ReadSlot(t.Context(), request.Group); err == nil && slot.Active() {
				return
			}
		}
	}()
	_, err := r.EnsureLease(ctx, request)
	var failure *deploy.Failure
	require.ErrorAs(t, err, &failure)
	require.Contains(t, failure.Exists, "costs")
	require.Contains(t, failure.Next, "terraform apply again")
	slot, err := r.ReadSlot(t.Context(), request.Group)
	require.NoError(t, err)
	require.True(t, slot.Active(), "an interrupt closes nothing")
}

func TestEndLeaseKeepsTheDeploymentAndRepeats(t *testing.T) {
	t.Parallel()
	_, r, request := opened(t)
	_, err := r.EnsureLease(t.Context(), request)
	require.NoError(t, err)
	for range 2 {
		require.NoError(t, r.EndLease(t.Context(), request.Group))
	}
	slot, err := r.ReadSlot(t.Context(), request.Group)
	require.NoError(t, err)
	require.False(t, slot.Active())
	require.Nil(t, slot.Order, "no order was left open for bids")
	require.NoError(t, r.CloseDeployment(t.Context(), request.Group.Deployment()))
	require.NoError(t, r.EndLease(t.Context(), request.Group), "after the deployment is closed too")
	_, err = r.EnsureLease(t.Context(), request)
	require.ErrorIs(t, err, deploy.ErrGone)
}

func TestRecoverManifestRendersTheSameSDL(t *testing.T) {
	t.Parallel()
	_, r, request := opened(t)
	deployment, err := r.ReadDeployment(t.Context(), request.Group.Deployment())
	require.NoError(t, err)
	_, err = r.RecoverManifest(t.Context(), deployment)
	require.ErrorContains(t, err, "has no active lease")
	_, err = r.EnsureLease(t.Context(), request)
	require.NoError(t, err)
	recovered, err := r.RecoverManifest(t.Context(), deployment)
	require.NoError(t, err)
	require.JSONEq(t, string(request.Manifest), string(recovered.Manifest))
}
