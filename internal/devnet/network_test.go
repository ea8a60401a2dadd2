// SPDX-License-Identifier: Apache-2.0

package devnet_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	providerv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1beta4"
)

const testBlockTime = 100 * time.Millisecond

// start runs a network without Akash providers unless opts names some.
func start(t *testing.T, opts devnet.Options) *devnet.Network {
	t.Helper()
	if opts.BlockTime == 0 {
		opts.BlockTime = testBlockTime
	}
	if opts.AkashProviders == nil {
		opts.AkashProviders = []akashprovider.Spec{}
	}
	n, err := devnet.Start(t.Context(), opts)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, n.Stop()) })
	return n
}

func walletOf(t *testing.T, n *devnet.Network, index string) *wallet.Wallet {
	t.Helper()
	w, err := wallet.New(wallet.Config{
		Conn: n.Conn(), ChainID: n.ChainID(), Mnemonic: devnet.TestMnemonic, HDPath: "m/44'/118'/0'/0/" + index,
	})
	require.NoError(t, err)
	return w
}

func TestAccountsAreTheRecordedOnes(t *testing.T) {
	t.Parallel()
	n := start(t, devnet.Options{})
	want := map[string]string{
		devnet.Tenant:  "akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c",
		devnet.Tenant2: "akash1htamarexaxhgdsp0xu6sppeyx7avtvqrqjhvdj",
		devnet.Poor:    "akash1urv8703cxqny9mcqdu8enh4mdhx0x55daad67a",
		devnet.Granter: "akash1lh6cxaa5hl0wv73jjct2mk7x2z6rq7deagy78u",
		devnet.Empty:   "akash1f84c23zhjlddsfg6n4y94v260v5yd8ktvfsj25",
		devnet.Oracle:  "akash1wqsddpelugnm7ss40puw20dacafhq8gk7r567p",
	}
	got := map[string]string{}
	for _, acc := range n.Accounts() {
		got[acc.Name] = acc.Address
	}
	require.Equal(t, want, got)
	require.Equal(t, "akash14pphss726thpwws3yc458hggufynm9x77l4l2u", authtypes.NewModuleAddress("escrow").String())

	_, err := authtypes.NewQueryClient(n.Conn()).AccountInfo(t.Context(),
		&authtypes.QueryAccountInfoRequest{Address: want[devnet.Empty]})
	require.Equal(t, codes.NotFound, status.Code(err))
	poor, err := banktypes.NewQueryClient(n.Conn()).AllBalances(t.Context(),
		&banktypes.QueryAllBalancesRequest{Address: want[devnet.Poor]})
	require.NoError(t, err)
	require.Equal(t, "1000000uakt", poor.Balances.String())
}

func TestTwoNetworksAtOnce(t *testing.T) {
	t.Parallel()
	one := start(t, devnet.Options{ChainID: "one-1"})
	two := start(t, devnet.Options{ChainID: "two-1"})
	for _, n := range []*devnet.Network{one, two} {
		require.NoError(t, n.WaitHeight(t.Context(), 3))
		require.Equal(t, n.ChainID(), statusOf(t, n.RPC()).Result.NodeInfo.Network)
	}
	require.NotEqual(t, one.RPC(), two.RPC())
}

type rpcStatus struct {
	Result struct {
		NodeInfo struct {
			Network string `json:"network"`
		} `json:"node_info"`
	} `json:"result"`
}

func statusOf(t *testing.T, rpc string) rpcStatus {
	t.Helper()
	var out rpcStatus
	getJSON(t, rpc+"/status", &out)
	return out
}

func getJSON(t *testing.T, url string, out any) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer func() { require.NoError(t, res.Body.Close()) }()
	require.NoError(t, json.NewDecoder(res.Body).Decode(out))
	return res.StatusCode
}

func TestRestartFromDiskContinues(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, err := devnet.Start(t.Context(), devnet.Options{
		Dir: dir, BlockTime: testBlockTime, AkashProviders: akashprovider.DefaultSpecs()[:1],
	})
	require.NoError(t, err)
	tenant := walletOf(t, first, "1")
	require.NoError(t, tenant.Broadcast(t.Context(), createDeployment(tenant.Address(), 100)))
	height := first.Height()
	require.NoError(t, first.Stop())
	require.NoError(t, first.Stop(), "a second stop does nothing")

	_, err = devnet.Start(t.Context(), devnet.Options{Dir: dir, ChainID: "other-1"})
	require.ErrorContains(t, err, `holds chain "akash-devnet-1"`)

	again := start(t, devnet.Options{Dir: dir, AkashProviders: akashprovider.DefaultSpecs()[:1]})
	require.Greater(t, again.Height(), height)
	id := deploymentv1.DeploymentID{Owner: tenant.Address(), DSeq: 100}
	got, err := deploymentv1beta4.NewQueryClient(again.Conn()).Deployment(t.Context(),
		&deploymentv1beta4.QueryDeploymentRequest{ID: id})
	require.NoError(t, err)
	require.Equal(t, deploymentv1.Deployment_active, got.Deployment.State)

	// The gateway listens on another port now, and the chain says so.
	seller := again.AkashProviders()[0]
	record, err := providerv1beta4.NewQueryClient(again.Conn()).Provider(t.Context(),
		&providerv1beta4.QueryProviderRequest{Owner: seller.Address()})
	require.NoError(t, err)
	require.Equal(t, seller.HostURI(), record.Provider.HostURI)
}

func TestWaitHeightEndsWithItsContextAndWithTheNetwork(t *testing.T) {
	t.Parallel()
	n, err := devnet.Start(t.Context(), devnet.Options{BlockTime: testBlockTime, AkashProviders: []akashprovider.Spec{}})
	require.NoError(t, err)
	short, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	require.ErrorIs(t, n.WaitHeight(short, 1_000_000), context.DeadlineExceeded)
	ended := make(chan error, 1)
	go func() { ended <- n.WaitHeight(context.WithoutCancel(t.Context()), 1_000_000) }()
	require.NoError(t, n.Stop())
	require.ErrorContains(t, <-ended, "network stopped")
}

func TestOptionsAreChecked(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string]devnet.Options{
		"block time too short": {BlockTime: time.Millisecond},
		"funded non-address":   {Accounts: []devnet.FundedAccount{{Address: "nobody", Coins: sdk.NewCoins()}}},
		"occupied port":        {RPCAddr: "256.0.0.1:1"},
	} {
		_, err := devnet.Start(t.Context(), opts)
		require.Error(t, err, name)
	}
}
