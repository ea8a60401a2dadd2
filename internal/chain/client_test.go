// SPDX-License-Identifier: Apache-2.0

package chain_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	"github.com/cosmos/gogoproto/proto"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

const (
	owner  = "akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c"
	seller = "akash19tkvgvwht3n8pcqydrcq4cxwhr8rp2gejxetu7"
)

func TestDial(t *testing.T) {
	t.Parallel()
	both(t, &node{}, func(t *testing.T, client *chain.Client) {
		require.Equal(t, "fake-1", client.ChainID())
		block, err := client.LatestBlock(t.Context())
		require.NoError(t, err)
		require.Equal(t, chain.Block{Height: 42, Time: blockTime}, block)
	})
}

func TestDial_unreachable(t *testing.T) {
	t.Parallel()
	page := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(page.Close)
	grpcAddress, rpcAddress := closedAddress(t), closedAddress(t)
	_, err := chain.Dial(t.Context(), chain.Config{
		GRPC: []string{grpcAddress}, RPC: []string{"http://" + rpcAddress, page.URL + "/?key=hidden"},
		Timeout: time.Second,
	})
	require.ErrorIs(t, err, chain.ErrUnreachable)
	for _, want := range []string{grpcAddress, rpcAddress, page.URL, "refused", "HTTP 404"} {
		require.ErrorContains(t, err, want)
	}
	require.NotContains(t, err.Error(), "hidden")
	_, err = chain.Dial(t.Context(), chain.Config{})
	require.ErrorIs(t, err, chain.ErrUnreachable)
}

func TestDial_wrongChain(t *testing.T) {
	t.Parallel()
	n := &node{chainID: "sandbox-2"}
	address := n.serveGRPC(t)
	_, err := chain.Dial(t.Context(), chain.Config{ChainID: "akashnet-2", GRPC: []string{address}})
	require.ErrorIs(t, err, chain.ErrWrongChainID)
	var wrong *chain.WrongChainIDError
	require.ErrorAs(t, err, &wrong)
	require.Equal(t, chain.WrongChainIDError{Endpoint: address, Want: "akashnet-2", Got: "sandbox-2"}, *wrong)
	require.EqualValues(t, 1, n.calls.Load(), "nothing else is asked")
}

func TestDial_cancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := chain.Dial(ctx, chain.Config{RPC: []string{"http://" + closedAddress(t)}})
	require.ErrorIs(t, err, context.Canceled)
}

func TestFailover(t *testing.T) {
	t.Parallel()
	second := &node{chainID: "fake-1"}
	var down atomic.Bool
	first := &node{chainID: "fake-1", answer: func(string, []byte) ([]byte, error) {
		if down.Load() {
			return nil, status.Error(codes.Unavailable, "going away")
		}
		return nil, nil
	}}
	client := dial(t, chain.Config{GRPC: []string{first.serveGRPC(t), second.serveGRPC(t)}})
	require.EqualValues(t, 1, second.calls.Load(), "one endpoint is kept while it answers, the other told its chain")
	down.Store(true)
	_, err := client.LatestBlock(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 2, second.calls.Load(), "the question")
	before := first.calls.Load()
	_, err = client.LatestBlock(t.Context())
	require.NoError(t, err)
	require.Equal(t, before, first.calls.Load(), "the one that answers is kept")
}

func TestSlowEndpointIsPassedOver(t *testing.T) {
	t.Parallel()
	stuck := make(chan struct{})
	slow := &node{chainID: "fake-1", answer: func(string, []byte) ([]byte, error) { <-stuck; return nil, nil }}
	quick := &node{chainID: "fake-1"}
	slowAddress, quickAddress := slow.serveGRPC(t), quick.serveRPC(t)
	t.Cleanup(func() { close(stuck) })
	client := dial(t, chain.Config{
		GRPC: []string{slowAddress}, RPC: []string{quickAddress}, Timeout: 100 * time.Millisecond,
	})
	_, err := client.LatestBlock(t.Context())
	require.NoError(t, err)
}

func TestQueries_typedErrors(t *testing.T) {
	t.Parallel()
	n := &node{answer: func(method string, _ []byte) ([]byte, error) {
		switch method {
		case "/akash.deployment.v1beta4.Query/Deployment":
			return nil, notFound("Deployment not found")
		case "/akash.market.v1beta5.Query/Lease":
			return nil, notFound("invalid lease: lease not found")
		case "/cosmos.auth.v1beta1.Query/AccountInfo":
			return nil, notFound("account " + owner + " not found")
		case "/akash.audit.v1.Query/ProviderAttributes":
			return nil, notFound("invalid provider: address not found")
		}
		return nil, nil
	}}
	deployment := ids.DeploymentID{Owner: owner, DSeq: 7}
	both(t, n, func(t *testing.T, client *chain.Client) {
		_, err := client.FindDeployment(t.Context(), deployment)
		require.ErrorIs(t, err, chain.ErrDeploymentNotFound)
		require.ErrorIs(t, err, chain.ErrNotFound)
		require.ErrorContains(t, err, owner+"/7")
		_, err = client.FindLease(t.Context(), deployment.Group(1).Order(1).Bid(seller).Lease())
		require.ErrorIs(t, err, chain.ErrLeaseNotFound)
		_, err = client.FindAccount(t.Context(), owner)
		require.ErrorIs(t, err, chain.ErrAccountNotFound)
		audits, err := client.ListAudits(t.Context(), seller)
		require.NoError(t, err)
		require.Empty(t, audits)
	})
}

func marshal(t *testing.T, m proto.Message) []byte {
	t.Helper()
	raw, err := proto.Marshal(m)
	require.NoError(t, err)
	return raw
}

func TestFindAccount(t *testing.T) {
	t.Parallel()
	// A public key of a type nobody registered must not spoil the answer.
	info := &authtypes.BaseAccount{
		Address: owner, AccountNumber: 7, Sequence: 22, PubKey: &codectypes.Any{TypeUrl: "/x.Unknown", Value: []byte{1}},
	}
	n := &node{answer: func(method string, _ []byte) ([]byte, error) {
		if method == "/cosmos.auth.v1beta1.Query/AccountInfo" {
			return marshal(t, &authtypes.QueryAccountInfoResponse{Info: info}), nil
		}
		return nil, nil
	}}
	both(t, n, func(t *testing.T, client *chain.Client) {
		account, err := client.FindAccount(t.Context(), owner)
		require.NoError(t, err)
		require.Equal(t, chain.Account{Address: owner, Number: 7, Sequence: 22, HasPubKey: true}, account)
	})
}

func TestBalances(t *testing.T) {
	t.Parallel()
	n := &node{answer: func(method string, data []byte) ([]byte, error) {
		coins := sdk.NewCoins(sdk.NewInt64Coin("uact", 500), sdk.NewInt64Coin("uakt", 9))
		switch method {
		case "/cosmos.bank.v1beta1.Query/AllBalances":
			var q banktypes.QueryAllBalancesRequest
			require.NoError(t, q.Unmarshal(data))
			require.Equal(t, owner, q.Address)
			if string(q.Pagination.Key) == "more" {
				return marshal(t, &banktypes.QueryAllBalancesResponse{Balances: coins[1:]}), nil
			}
			return marshal(t, &banktypes.QueryAllBalancesResponse{
				Balances: coins[:1], Pagination: &query.PageResponse{NextKey: []byte("more")},
			}), nil
		case "/cosmos.bank.v1beta1.Query/SpendableBalances":
			return marshal(t, &banktypes.QuerySpendableBalancesResponse{Balances: coins[1:]}), nil
		}
		return nil, nil
	}}
	both(t, n, func(t *testing.T, client *chain.Client) {
		coins, err := client.Balances(t.Context(), owner)
		require.NoError(t, err)
		require.Equal(t, "500uact,9uakt", coins.String())
		coins, err = client.SpendableBalances(t.Context(), owner)
		require.NoError(t, err)
		require.Equal(t, "9uakt", coins.String())
	})
}

func TestLists_walkAllPages(t *testing.T) {
	t.Parallel()
	n := &node{answer: func(method string, data []byte) ([]byte, error) {
		switch method {
		case "/akash.market.v1beta5.Query/Leases":
			var q marketv1beta5.QueryLeasesRequest
			require.NoError(t, q.Unmarshal(data))
			require.Equal(t, "active", q.Filters.State)
			require.Equal(t, seller, q.Filters.Provider)
			page := 0
			if len(q.Pagination.Key) > 0 {
				page = int(q.Pagination.Key[0])
			}
			reply := &marketv1beta5.QueryLeasesResponse{Pagination: &query.PageResponse{}}
			for i := range 3 {
				reply.Leases = append(reply.Leases, marketv1beta5.QueryLeaseResponse{
					Lease: marketv1.Lease{ID: marketv1.LeaseID{DSeq: uint64(3*page + i + 1)}},
				})
			}
			if page < 2 {
				reply.Pagination.NextKey = []byte{byte(page + 1)}
			}
			return marshal(t, reply), nil
		case "/akash.deployment.v1beta4.Query/Deployments":
			return marshal(t, &deploymentv1beta4.QueryDeploymentsResponse{
				Pagination: &query.PageResponse{NextKey: []byte("again")},
			}), nil
		}
		return nil, nil
	}}
	both(t, n, func(t *testing.T, client *chain.Client) {
		leases, err := client.ListLeases(t.Context(), chain.LeaseFilter{ProviderAddr: seller, State: "active"})
		require.NoError(t, err)
		require.Len(t, leases, 9)
		require.EqualValues(t, 9, leases[8].Lease.ID.DSeq)
		_, err = client.ListDeployments(t.Context(), owner, "")
		require.ErrorContains(t, err, "repeats a page key")
		bids, err := client.ListBids(t.Context(), ids.OrderID{Owner: owner, DSeq: 1, GSeq: 1, OSeq: 1})
		require.NoError(t, err)
		require.Empty(t, bids)
	})
}

func TestMinGasPrices(t *testing.T) {
	t.Parallel()
	text := "0.002500000000000000uakt"
	n := &node{answer: func(method string, _ []byte) ([]byte, error) {
		if method == "/cosmos.base.node.v1beta1.Service/Config" {
			return append([]byte{0x0a, byte(len(text))}, text...), nil
		}
		return nil, nil
	}}
	both(t, n, func(t *testing.T, client *chain.Client) {
		prices, err := client.MinGasPrices(t.Context())
		require.NoError(t, err)
		require.Equal(t, "0.0025", prices.AmountOf("uakt").String()[:6])
	})
}
