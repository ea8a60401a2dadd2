// SPDX-License-Identifier: Apache-2.0

package deploy_test

import (
	"context"
	"errors"
	"hash/fnv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/hashicorp/go-hclog"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/chain/tx"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/journal"
	"github.com/akash-iac/terraform-provider-akash/internal/keys"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// webSDL asks for one small web server; every default Akash provider of the devnet bids on it.
const webSDL = `
version: "2.0"
services:
  web:
    image: nginx:1.29.3
    env: [GREETING=hello]
    expose: [{port: 80, as: 80, to: [{global: true}]}]
profiles:
  compute:
    web: {resources: {cpu: {units: 100m}, memory: {size: 64Mi}, storage: [{size: 128Mi}]}}
  placement:
    dcloud: {pricing: {web: {denom: uact, amount: 1000}}}
deployment:
  web: {dcloud: {profile: web, count: 1}}
`

// house is a devnet, one account on it, and a folder for the journal.
type house struct {
	net     *devnet.Network
	chain   *chain.Client
	engine  *tx.Engine
	key     keys.Key
	journal string
}

func newHouse(t testing.TB, account string, options devnet.Options) *house {
	t.Helper()
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(t.Name())) // never fails
	options.ChainID = "akash-test-" + strconv.FormatUint(uint64(sum.Sum32()), 16)
	if options.BlockTime == 0 {
		options.BlockTime = 100 * time.Millisecond
	}
	net, err := devnet.Start(t.Context(), options)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, net.Stop()) })
	a, ok := net.Account(account)
	require.True(t, ok)
	key, err := keys.FromMnemonic(a.Mnemonic, a.HDPath)
	require.NoError(t, err)
	client, err := chain.Dial(t.Context(), chain.Config{ChainID: net.ChainID(), GRPC: []string{"http://" + net.GRPC()}})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, client.Close()) })
	engine, err := tx.New(tx.Config{Chain: client, Key: key, BlockTime: net.BlockTime()})
	require.NoError(t, err)
	return &house{net: net, chain: client, engine: engine, key: key, journal: t.TempDir()}
}

// run is one run of Terraform: a Deployer, and its journal, which the test ends like a normal end or a kill.
type run struct {
	*deploy.Deployer
	journal *journal.Journal
	folder  string
}

// start begins a run; transactions may be wrapped to make it die at a chosen point.
func (h *house) start(transactions deploy.Transactions) run {
	if transactions == nil {
		transactions = h.engine
	}
	j := journal.Open(h.journal, "scope", time.Now)
	return run{journal: j, folder: h.journal, Deployer: deploy.New(deploy.Config{
		Owner: h.key.Address(), Chain: h.chain, Tx: transactions, Journal: j, Clock: deploy.SystemClock{},
		BlockTime: coin.DefaultBlockTime, Logger: hclog.NewNullLogger(),
		Gateways: func(hostURI, providerAddr string) (deploy.Gateway, error) {
			return gateway.New(gateway.Config{
				HostURI: hostURI, ProviderAddr: providerAddr, Certificates: h.chain,
				Auth: gateway.NewJWT(h.key, time.Now),
			})
		},
	})}
}

// killed leaves what kill -9 leaves: files as they are, locks gone.
func (r run) killed(t *testing.T) {
	t.Helper()
	files := map[string][]byte{}
	entries, err := filepath.Glob(filepath.Join(r.folder, "*", "*", "*.json"))
	require.NoError(t, err)
	for _, f := range entries {
		files[f], err = os.ReadFile(f)
		require.NoError(t, err)
	}
	require.NoError(t, r.journal.Close())
	for f, text := range files { // Close removed what was handed over
		require.NoError(t, os.WriteFile(f, text, 0o600))
	}
}

// web is a request for webSDL with env laid over it.
func web(t testing.TB, env map[string]string) (deploy.OpenRequest, *sdl.Document) {
	t.Helper()
	doc, problems := sdl.Parse([]byte(webSDL))
	require.NotNil(t, doc, problems.String())
	laid, problems := doc.WithEnv(map[string]map[string]string{"web": env})
	require.NotNil(t, laid, problems.String())
	return deploy.OpenRequest{
		Groups: laid.Groups(), Hash: laid.Hash(), Deposit: sdk.NewInt64Coin(coin.UACT, 5_000_000),
	}, laid
}

// leaseOf asks for a lease of the first group.
func leaseOf(id ids.DeploymentID, doc *sdl.Document) deploy.LeaseRequest {
	return deploy.LeaseRequest{
		Group: id.Group(1), GroupName: "dcloud", Manifest: doc.ManifestJSON(), Policy: market.Policy{},
		BidWindow: time.Minute, MinBids: 3, OnFailure: deploy.CloseOnFailure,
	}
}

// active lists the account's active deployments on chain.
func (h *house) active(t testing.TB) []ids.DeploymentID {
	t.Helper()
	found, err := h.chain.ListDeployments(t.Context(), h.key.Address(), "active")
	require.NoError(t, err)
	var list []ids.DeploymentID
	for _, d := range found {
		list = append(list, chain.DeploymentIDOf(d.Deployment.ID))
	}
	return list
}

// seller finds a simulated Akash provider by address.
func (h *house) seller(t *testing.T, address string) int {
	t.Helper()
	for i, p := range h.net.AkashProviders() {
		if p.Address() == address {
			return i
		}
	}
	t.Fatalf("no Akash provider %s", address)
	return -1
}

var errKilled = errors.New("the process was killed here")

// dying wraps transactions and stops the run at a point of the first one.
type dying struct {
	deploy.Transactions
	// beforeBroadcast: the journal knows the hash, nothing was sent. afterInclusion: it is in a block, nobody was told.
	beforeBroadcast, afterInclusion bool
	timeout                         time.Time
}

func (d *dying) Submit(ctx context.Context, request tx.Request) (tx.Result, error) {
	if d.beforeBroadcast {
		prepared := tx.Prepared{Hash: strings.Repeat("00FF", 16), TimeoutAt: d.timeout, Unordered: true}
		if err := request.BeforeBroadcast(prepared); err != nil {
			return tx.Result{}, err
		}
		return tx.Result{}, &tx.UnknownOutcomeError{Prepared: prepared, Cause: errKilled}
	}
	result, err := d.Transactions.Submit(ctx, request)
	if d.afterInclusion && err == nil {
		return tx.Result{}, &tx.UnknownOutcomeError{Prepared: tx.Prepared{Hash: result.Hash}, Cause: errKilled}
	}
	return result, err
}
