// SPDX-License-Identifier: Apache-2.0

package devnet_test

import (
	"net/http"
	"testing"

	rpchttp "github.com/cometbft/cometbft/rpc/client/http"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	discoveryv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/discovery/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

func TestRPCSearchesAndStreamsTransactions(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	rpc, err := rpchttp.New(s.net.RPC(), "/websocket")
	require.NoError(t, err)
	require.NoError(t, rpc.Start())
	t.Cleanup(func() { _ = rpc.Stop() })
	query := "tm.event='Tx' AND message.sender='" + s.tenant + "'"
	events, err := rpc.Subscribe(t.Context(), "test", query)
	require.NoError(t, err)
	s.do(createDeployment(s.tenant, 601))
	select {
	case event := <-events:
		require.Contains(t, event.Events["akash.deployment.v1.EventDeploymentCreated.id"][0], `"dseq":"601"`)
	case <-t.Context().Done():
		t.Fatal("no event")
	}
	for _, query := range []string{
		"message.action='/akash.deployment.v1beta4.MsgCreateDeployment'",
		"message.module='deployment' AND message.sender='" + s.tenant + "'",
		"akash.deployment.v1.EventDeploymentCreated.id CONTAINS '601'",
	} {
		found, err := rpc.TxSearch(t.Context(), query, false, nil, nil, "asc")
		require.NoError(t, err, query)
		require.Equal(t, 1, found.TotalCount, query)
	}
}

func TestDiscovery(t *testing.T) {
	t.Parallel()
	n := start(t, devnet.Options{ChainID: "found-1"})
	var rpc struct {
		Result struct {
			ClientInfo struct {
				APIVersion string `json:"api_version"`
			} `json:"client_info"`
			Supported []struct {
				Modules []struct{ Module, Version string } `json:"modules"`
			} `json:"supported_versions"`
		} `json:"result"`
	}
	require.Equal(t, http.StatusOK, getJSON(t, n.RPC()+"/akash", &rpc))
	require.Equal(t, "v1beta3", rpc.Result.ClientInfo.APIVersion)
	require.Len(t, rpc.Result.Supported, 2)
	require.Len(t, rpc.Result.Supported[0].Modules, 10)

	over, err := discoveryv1.NewDiscoveryClient(n.Conn()).GetInfo(t.Context(), &discoveryv1.GetInfoRequest{})
	require.NoError(t, err)
	require.Equal(t, "found-1", over.Info.ChainId)
	var rest struct{ Info map[string]any }
	require.Equal(t, http.StatusOK, getJSON(t, n.REST()+"/akash/discovery/v1/info", &rest))
	require.Equal(t, "found-1", rest.Info["chain_id"])
}

// The zero value of the options gives three Akash providers that bid.
func TestAkashProvidersBid(t *testing.T) {
	t.Parallel()
	n := start(t, devnet.Options{AkashProviders: akashprovider.DefaultSpecs()})
	tenant := walletOf(t, n, "1")
	require.NoError(t, tenant.Broadcast(t.Context(), createDeployment(tenant.Address(), 1)))
	var bids []marketv1beta5.QueryBidResponse
	for len(bids) < 3 {
		require.NoError(t, n.WaitHeight(t.Context(), n.Height()+1))
		res, err := marketv1beta5.NewQueryClient(n.Conn()).Bids(t.Context(), &marketv1beta5.QueryBidsRequest{
			Filters: marketv1beta5.BidFilters{Owner: tenant.Address(), State: "open"},
		})
		require.NoError(t, err)
		bids = res.Bids
	}
	prices := map[string]bool{}
	for _, b := range bids {
		prices[b.Bid.Price.String()] = true
	}
	require.Len(t, prices, 3, "each asks another price")
}

// BenchmarkStart is the time from nothing to a block with three Akash providers
// registered, in memory at the default block time.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		n, err := devnet.Start(b.Context(), devnet.Options{})
		require.NoError(b, err)
		b.StopTimer()
		require.NoError(b, n.Stop())
		b.StartTimer()
	}
}
