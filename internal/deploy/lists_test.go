// SPDX-License-Identifier: Apache-2.0

package deploy_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/journal"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	escrowtypes "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/types/v1"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// funded gives the newest deployment of the ledger money: deposited in all, of which so much was spent by a height.
func (l *ledger) funded(balance, spent, settledAt int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.deployments[len(l.deployments)-1].EscrowAccount.State = escrowtypes.AccountState{
		State: escrowtypes.State_open, SettledAt: settledAt,
		Deposits: []escrowtypes.Depositor{
			{Balance: sdk.NewInt64DecCoin(coin.UACT, balance)}, {Balance: sdk.NewInt64DecCoin(coin.UAKT, 999)},
		},
		Transferred: []sdk.DecCoin{sdk.NewInt64DecCoin(coin.UACT, spent), sdk.NewInt64DecCoin(coin.UAKT, 999)},
	}
}

func listed(t *testing.T, d *deploy.Deployer, filter deploy.DeploymentFilter) []deploy.ListedDeployment {
	t.Helper()
	filter.Owner = ledgerOwner
	list, err := d.ListDeployments(t.Context(), filter)
	require.NoError(t, err)
	require.False(t, list.Partial)
	return list.Items
}

// All pages are read, of deployments and of leases, and what each spends is its own.
func TestListDeployments_pages(t *testing.T) {
	t.Parallel()
	l := &ledger{}
	const n = 2500
	for i := range n { // the newest first: the list is sorted all the same
		l.opened(uint64(n-i), []marketv1.Lease_State{marketv1.Lease_active, marketv1.Lease_reclaiming}[i%2])
	}
	client := l.dial(t)
	for dseq := uint64(1); dseq <= 10; dseq++ {
		l.closeDeployment(dseq)
	}
	d := deployerOn(client, deploy.SystemClock{})
	l.forget()
	all := listed(t, d, deploy.DeploymentFilter{})
	require.Len(t, all, n)
	for i, item := range all {
		require.EqualValues(t, i+1, item.ID.DSeq)
		if i < 10 {
			require.Equal(t, "closed", item.State)
			require.Nil(t, item.Runway)
			continue
		}
		require.Equal(t, "active", item.State)
		require.Equal(t, 1, item.Running, item.ID)
		require.Equal(t, "1uact", item.Runway.Price.String(), item.ID)
	}
	require.LessOrEqual(t, l.total(), 1+3+2*2, "%v", l.calls) // block, pages of deployments and of leases in two states

	require.Len(t, listed(t, d, deploy.DeploymentFilter{State: "closed"}), 10)
	require.Len(t, listed(t, d, deploy.DeploymentFilter{State: "active"}), n-10)
	one := listed(t, d, deploy.DeploymentFilter{DSeq: 77})
	require.Len(t, one, 1)
	require.EqualValues(t, 77, one[0].ID.DSeq)
	require.Equal(t, 1, one[0].Running)
	require.Len(t, listed(t, d, deploy.DeploymentFilter{DSeq: 5, State: "closed"}), 1)
	require.Empty(t, listed(t, d, deploy.DeploymentFilter{DSeq: 5, State: "active"}), "a look-up does not heed the state")
	require.Empty(t, listed(t, d, deploy.DeploymentFilter{DSeq: 99999}), "what was never there is no error")
}

// Money is counted from the last settlement on, whatever the leases before cost, and in uact alone.
func TestListDeployments_money(t *testing.T) {
	t.Parallel()
	l := &ledger{}
	id := l.opened(1, marketv1.Lease_active)
	l.leased(id, 2, marketv1.Lease_active) // the first one ends
	l.funded(100, 40, 5)
	l.opened(2, marketv1.Lease_invalid)
	l.funded(70, 0, 5)
	client := l.dial(t)
	l.mu.Lock()
	l.leases[1].Price.Amount = math.LegacyMustNewDecFromStr("2.5")
	l.height = 14 // the next block is 15
	l.mu.Unlock()
	all := listed(t, deployerOn(client, deploy.SystemClock{}), deploy.DeploymentFilter{})
	require.Len(t, all, 2)
	require.Equal(t, "open", all[0].EscrowState)
	require.Equal(t, "140 65 2.5uact", coin.Trim(all[0].Runway.Deposited)+" "+coin.Trim(all[0].Runway.Used)+" "+
		all[0].Runway.Price.String())
	left, spends := all[0].Runway.Left(coin.DefaultBlockTime)
	require.True(t, spends)
	require.Equal(t, 30*coin.DefaultBlockTime, left) // (140 - 65) / 2.5
	require.Equal(t, ledgerTime, all[0].Runway.At)

	require.Zero(t, all[1].Running)
	require.Equal(t, "70 0", coin.Trim(all[1].Runway.Deposited)+" "+coin.Trim(all[1].Runway.Used))
	_, spends = all[1].Runway.Left(coin.DefaultBlockTime)
	require.False(t, spends)
}

// What the journal knows of is told, of active deployments alone.
func TestListDeployments_unfinished(t *testing.T) {
	t.Parallel()
	l := &ledger{}
	for dseq := uint64(1); dseq <= 4; dseq++ {
		l.opened(dseq, marketv1.Lease_active)
	}
	client := l.dial(t)
	l.closeDeployment(4)
	dir := t.TempDir()
	left := journal.Open(dir, "scope", time.Now)
	for dseq, kind := range map[uint64]journal.Kind{
		1: journal.KindDeployment, 2: journal.KindProbe, 4: journal.KindDeployment,
	} {
		_, err := left.Begin(journal.Intent{
			Kind: kind, ChainID: "ledger-1", Owner: ledgerOwner, DSeq: dseq, GroupDigest: "x",
		})
		require.NoError(t, err)
	}
	kinds := func() (all []journal.Kind) {
		d := deployerOn(client, deploy.SystemClock{})
		d.Journal = journal.Open(dir, "scope", time.Now)
		for _, item := range listed(t, d, deploy.DeploymentFilter{}) {
			all = append(all, item.Unfinished)
		}
		return all
	}
	require.Equal(t, []journal.Kind{"", "", "", ""}, kinds(), "a live process is still at it")
	require.NoError(t, left.Close())
	require.Equal(t, []journal.Kind{journal.KindDeployment, journal.KindProbe, "", ""}, kinds())
}

// endless is a node whose lists go on for ever.
type endless struct {
	deploy.Chain
	// leasesOnly has lists of deployments that end.
	leasesOnly bool
}

func (e endless) DeploymentsPage(
	ctx context.Context, owner, state string, key []byte,
) ([]deploymentv1beta4.QueryDeploymentResponse, []byte, error) {
	page, next, err := e.Chain.DeploymentsPage(ctx, owner, state, key)
	if !e.leasesOnly {
		next = []byte("more")
	}
	return page, next, err
}

func (e endless) LeasesPage(
	context.Context, chain.LeaseFilter, []byte,
) ([]marketv1beta5.QueryLeaseResponse, []byte, error) {
	return make([]marketv1beta5.QueryLeaseResponse, 2), []byte("more"), nil
}

func (e endless) BidsPage(
	context.Context, chain.BidFilter, []byte,
) ([]marketv1beta5.QueryBidResponse, []byte, error) {
	return make([]marketv1beta5.QueryBidResponse, 3), []byte("more"), nil
}

// Reading ends somewhere, and says so. How long money lasts is not told when a lease may have been overlooked.
func TestLists_bounded(t *testing.T) {
	t.Parallel()
	l := &ledger{}
	l.opened(1, marketv1.Lease_active)
	client := l.dial(t)
	d := deployerOn(endless{Chain: client, leasesOnly: true}, deploy.SystemClock{})

	found, err := d.ListDeployments(t.Context(), deploy.DeploymentFilter{Owner: ledgerOwner})
	require.NoError(t, err)
	require.True(t, found.Partial)
	require.Len(t, found.Items, 1)
	require.Nil(t, found.Items[0].Runway)

	leases, err := d.ListLeases(t.Context(), chain.LeaseFilter{Owner: ledgerOwner})
	require.NoError(t, err)
	require.True(t, leases.Partial)
	require.Len(t, leases.Items, 40)

	bids, err := d.ListBids(t.Context(), chain.BidFilter{Owner: ledgerOwner})
	require.NoError(t, err)
	require.True(t, bids.Partial)
	require.Len(t, bids.Items, 60)

	found, err = deployerOn(endless{Chain: client}, deploy.SystemClock{}).
		ListDeployments(t.Context(), deploy.DeploymentFilter{Owner: ledgerOwner, State: "closed"})
	require.NoError(t, err)
	require.True(t, found.Partial)
}

func TestLists_unreadable(t *testing.T) {
	t.Parallel()
	l := &ledger{}
	l.opened(1, marketv1.Lease_active)
	d := deployerOn(listless{l.dial(t)}, deploy.SystemClock{})
	_, err := d.ListDeployments(t.Context(), deploy.DeploymentFilter{Owner: ledgerOwner})
	require.ErrorIs(t, err, errNoList)
	_, err = d.ListDeployments(t.Context(), deploy.DeploymentFilter{Owner: ledgerOwner, DSeq: 1})
	require.ErrorIs(t, err, errNoList, "its leases cannot be read")
	_, err = d.ListLeases(t.Context(), chain.LeaseFilter{Owner: ledgerOwner})
	require.ErrorIs(t, err, errNoList)
}

// heedless answers every list of leases and bids with the same, whatever was asked for.
type heedless struct{ deploy.Chain }

var heedlessIDs = []ids.BidID{
	{Owner: ledgerOwner, DSeq: 10, GSeq: 1, OSeq: 1, ProviderAddr: "b"},
	{Owner: ledgerOwner, DSeq: 9, GSeq: 1, OSeq: 10, ProviderAddr: "b"},
	{Owner: ledgerOwner, DSeq: 9, GSeq: 2, OSeq: 1, ProviderAddr: "a"},
	{Owner: ledgerOwner, DSeq: 9, GSeq: 1, OSeq: 9, ProviderAddr: "b"},
	{Owner: ledgerOwner, DSeq: 9, GSeq: 1, OSeq: 9, ProviderAddr: "a"},
}

func (heedless) LeasesPage(
	context.Context, chain.LeaseFilter, []byte,
) (page []marketv1beta5.QueryLeaseResponse, _ []byte, _ error) {
	for i, id := range heedlessIDs {
		state := marketv1.Lease_closed
		if i == 0 {
			state = marketv1.Lease_active
		}
		page = append(page, marketv1beta5.QueryLeaseResponse{
			Lease: marketv1.Lease{ID: chain.PBLeaseID(id.Lease()), State: state},
		})
	}
	return page, nil, nil
}

func (heedless) BidsPage(
	context.Context, chain.BidFilter, []byte,
) (page []marketv1beta5.QueryBidResponse, _ []byte, _ error) {
	for i, id := range heedlessIDs {
		state := marketv1beta5.Bid_lost
		if i == 0 {
			state = marketv1beta5.Bid_open
		}
		page = append(page, marketv1beta5.QueryBidResponse{
			Bid: marketv1beta5.Bid{ID: chain.PBBidID(id), State: state},
		})
	}
	return page, nil, nil
}

// A filter holds and the order is by number, whatever the node makes of it.
func TestLists_filtered(t *testing.T) {
	t.Parallel()
	d := deployerOn(heedless{(&ledger{}).dial(t)}, deploy.SystemClock{})
	for name, test := range map[string]struct {
		filter chain.BidFilter
		want   []int
	}{
		"all":            {chain.BidFilter{}, []int{4, 3, 1, 2, 0}},
		"deployment":     {chain.BidFilter{DSeq: 9}, []int{4, 3, 1, 2}},
		"group":          {chain.BidFilter{DSeq: 9, GSeq: 1}, []int{4, 3, 1}},
		"order":          {chain.BidFilter{DSeq: 9, GSeq: 1, OSeq: 9}, []int{4, 3}},
		"Akash provider": {chain.BidFilter{ProviderAddr: "a"}, []int{4, 2}},
		"none":           {chain.BidFilter{DSeq: 11}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var want, leased, bid []string
			for _, i := range test.want {
				want = append(want, heedlessIDs[i].String())
			}
			f := test.filter
			leases, err := d.ListLeases(t.Context(), chain.LeaseFilter{
				DSeq: f.DSeq, GSeq: f.GSeq, OSeq: f.OSeq, ProviderAddr: f.ProviderAddr,
			})
			require.NoError(t, err)
			for _, item := range leases.Items {
				leased = append(leased, chain.LeaseIDOf(item.Lease.ID).String())
			}
			bids, err := d.ListBids(t.Context(), f)
			require.NoError(t, err)
			for _, item := range bids.Items {
				bid = append(bid, chain.BidIDOf(item.ID).String())
			}
			require.Equal(t, want, leased)
			require.Equal(t, want, bid)
		})
	}
	t.Run("state", func(t *testing.T) {
		t.Parallel()
		leases, err := d.ListLeases(t.Context(), chain.LeaseFilter{State: "active"})
		require.NoError(t, err)
		require.Len(t, leases.Items, 1)
		bids, err := d.ListBids(t.Context(), chain.BidFilter{State: "lost"})
		require.NoError(t, err)
		require.Len(t, bids.Items, 4)
	})
}

// failing is a node that does not tell its latest block.
type failing struct{ deploy.Chain }

var errNoBlock = errors.New("no block")

func (failing) LatestBlock(context.Context) (chain.Block, error) { return chain.Block{}, errNoBlock }

func TestLists_headless(t *testing.T) {
	t.Parallel()
	d := deployerOn(failing{(&ledger{}).dial(t)}, deploy.SystemClock{})
	_, err := d.ListDeployments(t.Context(), deploy.DeploymentFilter{})
	require.ErrorIs(t, err, errNoBlock)
	_, err = d.ListLeases(t.Context(), chain.LeaseFilter{})
	require.ErrorIs(t, err, errNoBlock)
	_, err = d.ListBids(t.Context(), chain.BidFilter{})
	require.ErrorIs(t, err, errNoBlock)
}
