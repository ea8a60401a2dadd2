// SPDX-License-Identifier: Apache-2.0

package lease_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
)

// leaseID is the text of a lease's id on chain.
func leaseID(l marketv1.Lease) string {
	return ids.LeaseID{
		Owner: l.ID.Owner, DSeq: l.ID.DSeq, GSeq: l.ID.GSeq, OSeq: l.ID.OSeq, ProviderAddr: l.ID.Provider,
	}.String()
}

// closed lists how the closed leases of a deployment ended.
func closed(t *testing.T, net *acctest.Network, deploymentID string) []string {
	t.Helper()
	var reasons []string
	for _, l := range net.Leases(t, deploymentID) {
		if l.State.String() == "closed" {
			reasons = append(reasons, l.Reason.String())
		}
	}
	return reasons
}

// groupState is the state of a deployment's only group.
func groupState(t *testing.T, net *acctest.Network, deploymentID string) string {
	t.Helper()
	groups := net.Deployment(t, deploymentID).Groups
	require.Len(t, groups, 1)
	return groups[0].State.String()
}

func dseqText(dseq uint64) string { return strconv.FormatUint(dseq, 10) }
