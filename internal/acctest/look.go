// SPDX-License-Identifier: Apache-2.0

package acctest

import (
	"slices"
	"strings"
	"testing"

	"cosmossdk.io/math"
	"cosmossdk.io/x/feegrant"
	"github.com/cosmos/cosmos-sdk/types/query"
	"github.com/cosmos/cosmos-sdk/x/authz"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
	providerv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1beta4"
)

// Balance is what an address has of a denom, as the chain says.
func (n *Network) Balance(t *testing.T, address, denom string) math.Int {
	t.Helper()
	answer, err := banktypes.NewQueryClient(n.conn).Balance(t.Context(),
		&banktypes.QueryBalanceRequest{Address: address, Denom: denom})
	require.NoError(t, err)
	return answer.Balance.Amount
}

// Deployments lists an owner's deployments in a state; "" lists all. What [Tenant] had before the test is left out.
func (n *Network) Deployments(t *testing.T, owner, state string) []deploymentv1beta4.QueryDeploymentResponse {
	t.Helper()
	var all []deploymentv1beta4.QueryDeploymentResponse
	page := &query.PageRequest{}
	for {
		answer, err := deploymentv1beta4.NewQueryClient(n.conn).Deployments(t.Context(),
			&deploymentv1beta4.QueryDeploymentsRequest{
				Filters: deploymentv1beta4.DeploymentFilters{Owner: owner, State: state}, Pagination: page,
			})
		require.NoError(t, err)
		all = append(all, answer.Deployments...)
		if len(answer.Pagination.GetNextKey()) == 0 {
			return slices.DeleteFunc(all, func(d deploymentv1beta4.QueryDeploymentResponse) bool {
				return owner == n.accounts[Tenant].Address && n.prior[d.Deployment.ID.DSeq]
			})
		}
		page = &query.PageRequest{Key: answer.Pagination.NextKey}
	}
}

// Deployment reads one deployment by its id's text.
func (n *Network) Deployment(t *testing.T, id string) *deploymentv1beta4.QueryDeploymentResponse {
	t.Helper()
	parsed, err := ids.ParseDeploymentID(id)
	require.NoError(t, err)
	answer, err := deploymentv1beta4.NewQueryClient(n.conn).Deployment(t.Context(),
		&deploymentv1beta4.QueryDeploymentRequest{ID: deploymentv1.DeploymentID{Owner: parsed.Owner, DSeq: parsed.DSeq}})
	require.NoError(t, err)
	return answer
}

// Leases lists the leases of a deployment, by order.
func (n *Network) Leases(t *testing.T, deployment string) []marketv1.Lease {
	t.Helper()
	parsed, err := ids.ParseDeploymentID(deployment)
	require.NoError(t, err)
	answer, err := marketv1beta5.NewQueryClient(n.conn).Leases(t.Context(),
		&marketv1beta5.QueryLeasesRequest{Filters: marketv1.LeaseFilters{Owner: parsed.Owner, DSeq: parsed.DSeq}})
	require.NoError(t, err)
	var leases []marketv1.Lease
	for _, l := range answer.Leases {
		leases = append(leases, l.Lease)
	}
	return leases
}

// HostURI is where an Akash provider's gateway is, as the chain says.
func (n *Network) HostURI(t *testing.T, address string) string {
	t.Helper()
	answer, err := providerv1beta4.NewQueryClient(n.conn).Provider(t.Context(),
		&providerv1beta4.QueryProviderRequest{Owner: address})
	require.NoError(t, err)
	return answer.Provider.HostURI
}

// Indent puts text into a heredoc.
func Indent(text string) string { return "<<-EOT\n" + strings.TrimRight(text, "\n") + "\nEOT\n" }

// FeeGrant is what granter pays of grantee's fees, as the chain says; nil when it pays nothing.
func (n *Network) FeeGrant(t *testing.T, granter, grantee string) *feegrant.Grant {
	t.Helper()
	answer, err := feegrant.NewQueryClient(n.conn).AllowancesByGranter(t.Context(),
		&feegrant.QueryAllowancesByGranterRequest{Granter: granter})
	require.NoError(t, err)
	for _, a := range answer.Allowances {
		if a.Grantee == grantee {
			return a
		}
	}
	return nil
}

// Grants lists what granter lets grantee send, as the chain says.
func (n *Network) Grants(t *testing.T, granter, grantee string) []*authz.Grant {
	t.Helper()
	answer, err := authz.NewQueryClient(n.conn).Grants(t.Context(),
		&authz.QueryGrantsRequest{Granter: granter, Grantee: grantee})
	require.NoError(t, err)
	return answer.Grants
}

// Bids lists the bids on a deployment's orders, in all states.
func (n *Network) Bids(t *testing.T, deployment string) []marketv1beta5.Bid {
	t.Helper()
	parsed, err := ids.ParseDeploymentID(deployment)
	require.NoError(t, err)
	answer, err := marketv1beta5.NewQueryClient(n.conn).Bids(t.Context(),
		&marketv1beta5.QueryBidsRequest{Filters: marketv1beta5.BidFilters{Owner: parsed.Owner, DSeq: parsed.DSeq}})
	require.NoError(t, err)
	var bids []marketv1beta5.Bid
	for _, b := range answer.Bids {
		bids = append(bids, b.Bid)
	}
	return bids
}
