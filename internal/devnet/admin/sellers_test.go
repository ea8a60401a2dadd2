// SPDX-License-Identifier: Apache-2.0

package admin_test

import (
	"bytes"
	"crypto/tls"
	"net/http"
	"syscall"
	"testing"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/admin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
	depositv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/deposit/v1"
	resourcesv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/resources/v1beta4"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// buyer is a tenant who holds auctions.
type buyer struct {
	*steered
	wallet *wallet.Wallet
	market marketv1beta5.QueryClient
}

func (s *steered) buyer(t *testing.T) *buyer {
	t.Helper()
	account, ok := s.Account(devnet.Tenant)
	require.True(t, ok)
	w, err := wallet.New(wallet.Config{
		Conn: s.Conn(), ChainID: s.ChainID(), Mnemonic: account.Mnemonic, HDPath: account.HDPath,
	})
	require.NoError(t, err)
	return &buyer{s, w, marketv1beta5.NewQueryClient(s.Conn())}
}

// order opens an auction for half a core and 512 MiB.
func (b *buyer) order(t *testing.T, dseq uint64) {
	t.Helper()
	value := func(n int64) resourcesv1beta4.ResourceValue {
		return resourcesv1beta4.ResourceValue{Val: math.NewInt(n)}
	}
	require.NoError(t, b.wallet.Broadcast(t.Context(), &deploymentv1beta4.MsgCreateDeployment{
		ID: deploymentv1.DeploymentID{Owner: b.wallet.Address(), DSeq: dseq}, Hash: bytes.Repeat([]byte{1}, 32),
		Groups: []deploymentv1beta4.GroupSpec{{Name: "web", Resources: []deploymentv1beta4.ResourceUnit{{
			Resource: resourcesv1beta4.Resources{
				ID: 1, CPU: &resourcesv1beta4.CPU{Units: value(500)},
				Memory:    &resourcesv1beta4.Memory{Quantity: value(512 << 20)},
				Storage:   []resourcesv1beta4.Storage{{Name: "default", Quantity: value(512 << 20)}},
				GPU:       &resourcesv1beta4.GPU{Units: value(0)},
				Endpoints: []resourcesv1beta4.Endpoint{{Kind: resourcesv1beta4.Endpoint_SHARED_HTTP}},
			},
			Count: 1, Price: sdk.NewInt64DecCoin("uact", 1000),
		}}}},
		Deposit: depositv1.Deposit{
			Amount: sdk.NewInt64Coin("uact", 5_000_000), Sources: []depositv1.Source{depositv1.Source_balance},
		},
	}))
}

// bids waits for a number of bids and gives their prices by the seller's name.
func (b *buyer) bids(t *testing.T, dseq uint64, want int) map[string]marketv1beta5.Bid {
	t.Helper()
	names := map[string]string{}
	for _, p := range b.AkashProviders() {
		names[p.Address()] = p.Name()
	}
	for {
		res, err := b.market.Bids(t.Context(), &marketv1beta5.QueryBidsRequest{
			Filters: marketv1beta5.BidFilters{Owner: b.wallet.Address(), DSeq: dseq, State: "open"},
		})
		require.NoError(t, err)
		if len(res.Bids) >= want {
			out := map[string]marketv1beta5.Bid{}
			for _, bid := range res.Bids {
				out[names[bid.Bid.ID.Provider]] = bid.Bid
			}
			return out
		}
		require.NoError(t, b.WaitHeight(t.Context(), b.Height()+1))
	}
}

// seller is how the endpoint describes one Akash provider.
func (s *steered) seller(t *testing.T, name string) admin.AkashProvider {
	t.Helper()
	all, err := s.client.AkashProviders(t.Context())
	require.NoError(t, err)
	for _, p := range all {
		if p.Name == name {
			return p
		}
	}
	require.Failf(t, "not listed", "no %s in %v", name, all)
	return admin.AkashProvider{}
}

func gatewayAnswers(t *testing.T, hostURI string) error {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		TLSClientConfig:   &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS13}, // who answers is no matter
	}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, hostURI+"/version", nil)
	require.NoError(t, err)
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	return res.Body.Close()
}

// An auction as the playground has it: prices rise, the cheapest dies, comes back, and loses its lease.
func TestAuction(t *testing.T) {
	t.Parallel()
	s := start(t, akashprovider.DefaultSpecs()...)
	b, ctx := s.buyer(t), t.Context()
	b.order(t, 1)
	before := b.bids(t, 1, 3)

	require.NoError(t, s.client.SetPriceFactor(ctx, "birch", math.LegacyMustNewDecFromStr("2.5")))
	require.Equal(t, "2.500000000000000000", s.seller(t, "birch").PriceFactor)
	require.Equal(t, "birch.price=2.5", s.seller(t, "birch").Faults)
	require.NoError(t, s.client.Kill(ctx, s.seller(t, "amber").Address))
	amber := s.seller(t, "amber")
	require.False(t, amber.Alive)
	require.Equal(t, "amber.dead", amber.Faults)
	require.ErrorIs(t, gatewayAnswers(t, amber.HostURI), syscall.ECONNREFUSED)

	b.order(t, 2)
	after := b.bids(t, 2, 2)
	require.NoError(t, b.WaitHeight(ctx, b.Height()+5))
	require.Len(t, b.bids(t, 2, 2), 2, "the dead do not bid")
	require.Equal(t, before["birch"].Price.Amount.Mul(math.LegacyMustNewDecFromStr("2.5")), after["birch"].Price.Amount)
	require.Equal(t, before["cedar"].Price, after["cedar"].Price)

	require.NoError(t, s.client.Revive(ctx, "amber"))
	require.True(t, s.seller(t, "amber").Alive)
	require.NoError(t, gatewayAnswers(t, amber.HostURI), "at the same place")
	late := b.bids(t, 2, 3)["amber"]
	require.Equal(t, before["amber"].Price, late.Price, "it makes up for what it missed")

	require.NoError(t, b.wallet.Broadcast(ctx, &marketv1beta5.MsgCreateLease{BidID: late.ID}))
	for len(s.seller(t, "amber").Leases) == 0 {
		require.NoError(t, b.WaitHeight(ctx, b.Height()+1))
	}
	for _, which := range []admin.CloseLeases{{DSeq: 9}, {Owner: "akash1other"}, {AkashProvider: "cedar"}} {
		closed, err := s.client.CloseLeases(ctx, which)
		require.NoError(t, err)
		require.Empty(t, closed)
	}
	closed, err := s.client.CloseLeases(ctx, admin.CloseLeases{DSeq: 2, Reason: "decommission"})
	require.NoError(t, err)
	require.Equal(t, []string{b.wallet.Address() + "/2/1/1/" + amber.Address}, closed)
	lease, err := b.market.Lease(ctx, &marketv1beta5.QueryLeaseRequest{ID: marketv1.LeaseID(late.ID)})
	require.NoError(t, err)
	require.Equal(t, marketv1.Lease_closed, lease.Lease.State)
	require.Equal(t, marketv1.LeaseClosedReason_lease_closed_reason_decommission, lease.Lease.Reason)

	// The simulator learns of it in the next block; until then the chain refuses a second closing.
	for len(s.seller(t, "amber").Leases) > 0 {
		require.NoError(t, b.WaitHeight(ctx, b.Height()+1))
	}
	closed, err = s.client.CloseLeases(ctx, admin.CloseLeases{})
	require.NoError(t, err)
	require.Empty(t, closed)
}
