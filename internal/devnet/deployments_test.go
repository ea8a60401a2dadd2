// SPDX-License-Identifier: Apache-2.0

package devnet_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	sdkmath "cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	grpctypes "github.com/cosmos/cosmos-sdk/types/grpc"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/metadata"

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

// leased are deployments with a lease each, spread over the Akash providers.
func leased(n int, over []akashprovider.Spec) []devnet.Deployment {
	out := make([]devnet.Deployment, n)
	for i := range out {
		out[i] = devnet.Deployment{
			DSeq: uint64(i) + 1, Hash: genesisHash, Groups: []deploymentv1beta4.GroupSpec{groupSpec("dcloud")},
			Leases: []devnet.Lease{{AkashProvider: over[i%len(over)].Name, Price: sdk.NewInt64DecCoin("uact", 1)}},
		}
	}
	return out
}

// Of many deployments in genesis, each is on chain with its lease and payment, its Akash provider and gateway know it
// from the start, and whoever has run dry is found out by the Akash provider that looks after its own.
func TestGenesisDeployments_many(t *testing.T) {
	t.Parallel()
	const sellers, each = 20, 15
	const deployments = sellers * each
	specs := akashprovider.GenerateSpecs(sellers, 1)
	opts := devnet.Options{AkashProviders: specs, Deployments: leased(deployments, specs)}
	dry := &opts.Deployments[deployments-1]
	dry.Deposit, dry.Leases[0].Price = sdk.NewInt64Coin("uact", 500_000), sdk.NewInt64DecCoin("uact", 100_000)
	n := start(t, opts)
	tenant, _ := n.Account(devnet.Tenant)
	market := marketv1beta5.NewQueryClient(n.Conn())
	atFirst := metadata.AppendToOutgoingContext(t.Context(), grpctypes.GRPCBlockHeightHeader, "1")
	active := func(ctx context.Context) map[string]int {
		found := map[string]int{}
		for next := page(70, nil); ; {
			res, err := market.Leases(ctx, &marketv1beta5.QueryLeasesRequest{
				Filters: marketv1.LeaseFilters{Owner: tenant.Address, State: "active"}, Pagination: next,
			})
			require.NoError(t, err)
			for _, l := range res.Leases {
				found[l.Lease.ID.Provider]++
				require.Equal(t, escrowtypes.State_open, l.EscrowPayment.State.State)
			}
			if next = page(70, res.Pagination.NextKey); len(next.Key) == 0 {
				return found
			}
		}
	}
	found := active(atFirst)
	require.Len(t, found, sellers)
	insecure := &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS13}, // who answers is no matter
	}}
	for _, p := range n.AkashProviders() {
		require.Equal(t, each, found[p.Address()], p.Name())
		require.GreaterOrEqual(t, len(p.Leases()), each-1, "%s, one may have run dry", p.Name())
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.HostURI()+"/status", http.NoBody)
		require.NoError(t, err)
		res, err := insecure.Do(req)
		require.NoError(t, err)
		var status struct{ Cluster struct{ Leases int } }
		require.NoError(t, json.NewDecoder(res.Body).Decode(&status))
		require.NoError(t, res.Body.Close())
		require.GreaterOrEqual(t, status.Cluster.Leases, each-1, "the gateway of %s", p.Name())
	}

	seller := n.AkashProviders()[sellers-1]
	id := marketv1.LeaseID{Owner: tenant.Address, DSeq: dry.DSeq, GSeq: 1, OSeq: 1, Provider: seller.Address()}
	require.Eventually(t, func() bool {
		res, err := market.Lease(t.Context(), &marketv1beta5.QueryLeaseRequest{ID: id})
		return err == nil && res.Lease.State == marketv1.Lease_insufficient_funds && len(seller.Leases()) == each-1
	}, time.Minute, 20*time.Millisecond, "nobody but its Akash provider notices that the money has run out")
	found[seller.Address()]--
	require.Equal(t, found, active(t.Context()), "the others go on")
}
