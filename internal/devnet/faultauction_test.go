// SPDX-License-Identifier: Apache-2.0

package devnet_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// auction is a tenant on a network of the three plain Akash providers.
type auction struct {
	*devnet.Network
	tenant *wallet.Wallet
	market marketv1beta5.QueryClient
}

func newAuction(t *testing.T) *auction {
	t.Helper()
	n := start(t, devnet.Options{AkashProviders: akashprovider.DefaultSpecs()})
	return &auction{n, walletOf(t, n, "1"), marketv1beta5.NewQueryClient(n.Conn())}
}

// bid is the seller's bid on a deployment's order; nil when there is none.
func (a *auction) bid(t *testing.T, dseq uint64, seller string) *marketv1beta5.Bid {
	t.Helper()
	p, err := a.AkashProvider(seller)
	require.NoError(t, err)
	res, err := a.market.Bids(t.Context(), &marketv1beta5.QueryBidsRequest{
		Filters: marketv1beta5.BidFilters{Owner: a.tenant.Address(), DSeq: dseq, Provider: p.Address()},
	})
	require.NoError(t, err)
	if len(res.Bids) == 0 {
		return nil
	}
	return &res.Bids[0].Bid
}

// until lets blocks pass until something is so.
func (a *auction) until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for begun := a.Height(); !ok(); {
		require.Less(t, a.Height(), begun+200, "still waiting for %s", what)
		require.NoError(t, a.WaitHeight(t.Context(), a.Height()+1))
	}
}

func TestApplyFaults_auction(t *testing.T) {
	t.Parallel()
	a := newAuction(t)
	apply(t, a.Network, "amber.bid-late=12,birch.never-bid,cedar.withdraw-bids")
	require.NoError(t, a.tenant.Broadcast(t.Context(), createDeployment(a.tenant.Address(), 1)))
	a.until(t, "cedar's withdrawal", func() bool {
		bid := a.bid(t, 1, "cedar")
		return bid != nil && bid.State == marketv1beta5.Bid_closed
	})
	cedar := a.bid(t, 1, "cedar")
	res, err := a.tenant.Send(t.Context(), wallet.Options{}, &marketv1beta5.MsgCreateLease{BidID: cedar.ID})
	require.NoError(t, err)
	require.Equal(t, "market", res.Codespace, "no lease any more: %s", res.RawLog)

	a.until(t, "amber's bid", func() bool { return a.bid(t, 1, "amber") != nil })
	order, err := a.market.Order(t.Context(), &marketv1beta5.QueryOrderRequest{ID: marketv1.OrderID{
		Owner: a.tenant.Address(), DSeq: 1, GSeq: 1, OSeq: 1,
	}})
	require.NoError(t, err)
	amber := a.bid(t, 1, "amber")
	require.Greater(t, amber.CreatedAt, order.Order.CreatedAt+12)
	require.Less(t, cedar.CreatedAt, order.Order.CreatedAt+12)
	require.Nil(t, a.bid(t, 1, "birch"), "never")

	apply(t, a.Network, "*.close-leases")
	require.NoError(t, a.tenant.Broadcast(t.Context(), &marketv1beta5.MsgCreateLease{BidID: amber.ID}))
	lease := func() marketv1.Lease {
		res, err := a.market.Lease(t.Context(), &marketv1beta5.QueryLeaseRequest{ID: marketv1.LeaseID(amber.ID)})
		require.NoError(t, err)
		return res.Lease
	}
	a.until(t, "the end of the lease", func() bool { return lease().State == marketv1.Lease_closed })
	require.Equal(t, marketv1.LeaseClosedReason_lease_closed_reason_unstable, lease().Reason)
}

// Prices rise between two auctions.
func TestApplyFaults_price(t *testing.T) {
	t.Parallel()
	a := newAuction(t)
	for dseq, plan := range []string{"", "*.price=1.5,amber.price=100000"} {
		apply(t, a.Network, plan)
		require.NoError(t, a.tenant.Broadcast(t.Context(), createDeployment(a.tenant.Address(), uint64(dseq+1))))
		a.until(t, "bids", func() bool {
			return a.bid(t, uint64(dseq+1), "birch") != nil && a.bid(t, uint64(dseq+1), "cedar") != nil &&
				(dseq == 1 || a.bid(t, 1, "amber") != nil)
		})
	}
	for _, seller := range []string{"birch", "cedar"} {
		before, after := a.bid(t, 1, seller).Price, a.bid(t, 2, seller).Price
		require.Equal(t, before.Amount.Mul(usd("1.5")), after.Amount)
	}
	require.Nil(t, a.bid(t, 2, "amber"), "more than the order pays")
}
