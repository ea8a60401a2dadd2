// SPDX-License-Identifier: Apache-2.0

package deploy_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
)

// image is what the devnet's logs and events quote, so a variable of this value stands for a secret that is printed.
const image = "nginx:1.29.3"

// printing is a house with a deployment whose workload prints the value of a variable.
func printing(t *testing.T) (*house, run, deploy.LeaseRequest) {
	t.Helper()
	h := newHouse(t, devnet.Tenant, devnet.Options{})
	r := h.start(nil)
	request, doc := web(t, map[string]string{"SECRET": image})
	d, err := r.Open(t.Context(), request)
	require.NoError(t, err)
	return h, r, leaseOf(d.ID, doc)
}

func TestFailureShowsEventsAndWhatWasSent(t *testing.T) {
	t.Parallel()
	h, r, request := printing(t)
	for _, p := range h.net.AkashProviders() {
		p.SetFaults(akashprovider.Faults{NeverReady: true})
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	_, err := r.EnsureLease(ctx, request)
	var failure *deploy.Failure
	require.ErrorAs(t, err, &failure)
	require.Contains(t, failure.Workload, "Log of web: none, since no replica has started.")
	require.Regexp(t, `\n     Warning BackOff Pod/web-\S+: Back-off pulling image "\*\*\*"`, failure.Workload)
	require.NotContains(t, err.Error(), image)
	require.Regexp(t, `MsgCreateLease in block \d+, transaction [0-9A-F]{64}`, failure.Sent)
	require.Contains(t, failure.Sent, "MsgPauseGroup in block", "what ended the lease is told too")
	require.Contains(t, failure.Doing, request.Group.Deployment().String())
}

func TestFailureShowsTheLogOfARunningWorkload(t *testing.T) {
	t.Parallel()
	h, r, request := printing(t)
	lease, err := r.EnsureLease(t.Context(), request)
	require.NoError(t, err)
	h.net.AkashProviders()[h.seller(t, lease.ID.ProviderAddr)].SetFaults(akashprovider.Faults{RefuseManifests: -1})
	_, doc := web(t, map[string]string{"SECRET": image, "MORE": "x"})
	require.NoError(t, r.UpdateHash(t.Context(), request.Group.Deployment(), doc.Hash()))
	request.Manifest, request.Running = doc.ManifestJSON(), lease.ID
	_, err = r.EnsureLease(t.Context(), request)
	var failure *deploy.Failure
	require.ErrorAs(t, err, &failure)
	require.Equal(t, "Manifest refused", failure.Title)
	require.Regexp(t, `Log of web:\n     web-\S+: web: a devnet stands in for \*\*\*\n`, failure.Workload)
	require.NotContains(t, err.Error(), image)
	for line := range strings.SplitSeq(failure.Workload, "\n") {
		require.True(t, strings.HasPrefix(line, "   ") || strings.HasPrefix(line, "What "), line)
	}
}

// TestFailureDecodesWhyALeaseEnded has the Akash provider end every lease at once.
func TestFailureDecodesWhyALeaseEnded(t *testing.T) {
	t.Parallel()
	h, r, request := printing(t)
	for _, p := range h.net.AkashProviders() {
		p.SetFaults(akashprovider.Faults{CloseLeases: true, NeverReady: true})
	}
	_, err := r.EnsureLease(t.Context(), request)
	var failure *deploy.Failure
	require.ErrorAs(t, err, &failure)
	require.Equal(t, "Lease ended", failure.Title)
	require.Regexp(t, `in block \d+: its Akash provider .*\(lease_closed_reason_\w+\)`, failure.Cause.Error())
	require.Contains(t, failure.Workload, "keeps no log of it")
	require.Contains(t, failure.Next, "bid_policy.deny")
}

// TestCloseReasonKnowsAll has words for every reason of the network's enumeration.
func TestCloseReasonKnowsAll(t *testing.T) {
	t.Parallel()
	said := map[string]string{}
	for _, name := range marketv1.LeaseClosedReason_name {
		text := deploy.CloseReason(name)
		require.NotContains(t, text, "does not know", name)
		require.Empty(t, said[text], "%s and %s sound alike", name, said[text])
		said[text] = name
	}
	require.Contains(t, deploy.CloseReason("12345"), `"12345", which this version does not know`)
}
