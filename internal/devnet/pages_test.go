// SPDX-License-Identifier: Apache-2.0

package devnet_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// A page key alone continues the filtered list it came from.
func TestPagesContinueByKeyAlone(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	other := walletOf(t, s.net, "2").Address()
	for _, owner := range []string{s.tenant, other} {
		for dseq := uint64(1); dseq <= 5; dseq++ {
			s.do(createDeployment(owner, dseq))
		}
	}
	s.do(&deploymentv1beta4.MsgCloseDeployment{ID: deploymentv1.DeploymentID{Owner: s.tenant, DSeq: 3}})
	client := deploymentv1beta4.NewQueryClient(s.net.Conn())
	for _, tc := range []struct {
		name    string
		filters deploymentv1beta4.DeploymentFilters
		want    []uint64
	}{
		{"owner", deploymentv1beta4.DeploymentFilters{Owner: s.tenant}, []uint64{1, 2, 3, 4, 5}},
		{"owner and state", deploymentv1beta4.DeploymentFilters{Owner: s.tenant, State: "active"}, []uint64{1, 2, 4, 5}},
		{"state", deploymentv1beta4.DeploymentFilters{State: "active"}, []uint64{1, 2, 4, 5, 1, 2, 3, 4, 5}},
		{"all, by state", deploymentv1beta4.DeploymentFilters{}, []uint64{1, 2, 4, 5, 1, 2, 3, 4, 5, 3}},
	} {
		for _, limit := range []uint64{1, 2, 3, 100} {
			req := &deploymentv1beta4.QueryDeploymentsRequest{Filters: tc.filters, Pagination: page(limit, nil)}
			var got []uint64
			for {
				res, err := client.Deployments(context.WithoutCancel(t.Context()), req)
				require.NoError(t, err, tc.name)
				require.EqualValues(t, len(res.Deployments), res.Pagination.Total, "total counts the page")
				for _, d := range res.Deployments {
					got = append(got, d.Deployment.ID.DSeq)
				}
				if len(res.Pagination.NextKey) == 0 {
					break
				}
				req = &deploymentv1beta4.QueryDeploymentsRequest{Pagination: page(limit, res.Pagination.NextKey)}
			}
			require.Equal(t, tc.want, got, "%s by %d", tc.name, limit)
		}
	}
}
