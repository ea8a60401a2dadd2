// SPDX-License-Identifier: Apache-2.0

package devnet_test

import (
	"bytes"
	"testing"
	"time"

	sdkmath "cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	escrowtypes "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/types/v1"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

var genesisHash = bytes.Repeat([]byte{7}, 32)

// What genesis holds is what transactions would have made: leases are found, orders are bid on, and money comes back.
func TestGenesisDeployments(t *testing.T) {
	t.Parallel()
	price := sdk.NewInt64DecCoin("uact", 3)
	n := start(t, devnet.Options{
		AkashProviders: akashprovider.DefaultSpecs(),
		Deployments: []devnet.Deployment{
			{
				DSeq: 1, Hash: genesisHash, Groups: []deploymentv1beta4.GroupSpec{groupSpec("one"), groupSpec("two")},
				Leases: []devnet.Lease{{AkashProvider: "birch", Price: price}},
			},
			{Owner: devnet.Tenant2, DSeq: 1, Hash: genesisHash, Groups: []deploymentv1beta4.GroupSpec{groupSpec("one")}},
		},
	})
	tenant, _ := n.Account(devnet.Tenant)
	birch, _ := n.Account("birch")
	uact := func(address string) sdkmath.Int {
		res, err := banktypes.NewQueryClient(n.Conn()).Balance(t.Context(),
			&banktypes.QueryBalanceRequest{Address: address, Denom: "uact"})
		require.NoError(t, err)
		return res.Balance.Amount
	}
	market := marketv1beta5.NewQueryClient(n.Conn())
	leases, err := market.Leases(t.Context(), &marketv1beta5.QueryLeasesRequest{})
	require.NoError(t, err)
	require.Len(t, leases.Leases, 1)
	lease := leases.Leases[0]
	require.Equal(t, marketv1.LeaseID{Owner: tenant.Address, DSeq: 1, GSeq: 1, OSeq: 1, Provider: birch.Address},
		lease.Lease.ID)
	require.Equal(t, price, lease.EscrowPayment.State.Rate)
	for _, p := range n.AkashProviders() {
		want := 0
		if p.Name() == "birch" {
			want = 1
		}
		require.Len(t, p.Leases(), want, "%s knows its leases from the start", p.Name())
	}
	require.Eventually(t, func() bool {
		bids, err := market.Bids(t.Context(), &marketv1beta5.QueryBidsRequest{
			Filters: marketv1beta5.BidFilters{State: "open"},
		})
		return err == nil && len(bids.Bids) == 6
	}, time.Minute, 20*time.Millisecond, "three bids on each open order")

	id := deploymentv1.DeploymentID{Owner: tenant.Address, DSeq: 1}
	before, sellerBefore := uact(tenant.Address), uact(birch.Address)
	require.NoError(t, walletOf(t, n, "1").Broadcast(t.Context(), &deploymentv1beta4.MsgCloseDeployment{ID: id}))
	closed, err := deploymentv1beta4.NewQueryClient(n.Conn()).Deployment(t.Context(),
		&deploymentv1beta4.QueryDeploymentRequest{ID: id})
	require.NoError(t, err)
	require.Equal(t, deploymentv1.Deployment_closed, closed.Deployment.State)
	require.Equal(t, escrowtypes.State_closed, closed.EscrowAccount.State.State)
	paid := closed.EscrowAccount.State.Transferred[0].Amount
	require.True(t, paid.IsPositive())
	got := uact(tenant.Address).Sub(before)
	require.Equal(t, sdkmath.NewInt(50_000_000).Sub(paid.Ceil().TruncateInt()), got, "the rest of the deposit")
	require.True(t, uact(birch.Address).GT(sellerBefore))
}

func TestGenesisDeployments_refused(t *testing.T) {
	t.Parallel()
	group := []deploymentv1beta4.GroupSpec{groupSpec("one")}
	with := func(leases []devnet.Lease) []devnet.Deployment {
		return []devnet.Deployment{{DSeq: 1, Hash: genesisHash, Groups: group, Leases: leases}}
	}
	lease := func(gseq uint32, seller, denom string) []devnet.Lease {
		return []devnet.Lease{{GSeq: gseq, AkashProvider: seller, Price: sdk.NewInt64DecCoin(denom, 1)}}
	}
	for message, d := range map[string][]devnet.Deployment{
		`there is no Akash provider "nobody"`: with(lease(1, "nobody", "uact")),
		"lease of group 2: there are 1":       with(lease(2, "amber", "uact")),
		"not a positive amount of uact":       with(lease(1, "amber", "uakt")),
		"two leases of group 1":               with(append(lease(1, "amber", "uact"), lease(1, "birch", "uact")...)),
		"the same owner and dseq twice": {
			{DSeq: 1, Hash: genesisHash, Groups: group}, {DSeq: 1, Hash: genesisHash, Groups: group},
		},
		"deposit 1uact: at least 500000uact": {{
			DSeq: 1, Hash: genesisHash, Groups: group, Deposit: sdk.NewInt64Coin("uact", 1),
		}},
		"empty hash": {{DSeq: 1, Groups: group}},
	} {
		_, err := devnet.Start(t.Context(), devnet.Options{Deployments: d})
		require.ErrorContains(t, err, message)
	}
}
