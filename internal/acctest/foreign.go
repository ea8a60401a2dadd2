// SPDX-License-Identifier: Apache-2.0

package acctest

import (
	"cmp"
	"context"
	"crypto/tls"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	sdk "github.com/cosmos/cosmos-sdk/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	"github.com/gofrs/flock"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// The variables that name a foreign chain; doc.go tells them to users.
const (
	envGRPC      = "AKASH_CONFORMANCE_GRPC"
	envChainID   = "AKASH_CONFORMANCE_CHAIN_ID"
	envMnemonic  = "AKASH_CONFORMANCE_MNEMONIC"
	envHDPath    = "AKASH_CONFORMANCE_HD_PATH"
	envMorePaths = "AKASH_CONFORMANCE_MORE_HD_PATHS"
	envProviders = "AKASH_CONFORMANCE_PROVIDERS"

	defaultHDPath = "m/44'/118'/0'/0/0"
	poorUAKT      = 1_000_000 // of Poor
	// maxMessageBytes is for lists on chains with many deployments.
	maxMessageBytes = 64 << 20
)

// place is a foreign chain as the environment names it.
type place struct {
	endpoint, chainID string
	mnemonic          string
	paths             []string // of accounts with money
	sellers           []string
}

// readPlace reads a place with a lookup function; ok is false when none is named.
func readPlace(lookup func(string) string) (_ place, ok bool, err error) {
	needed := []string{envGRPC, envChainID, envMnemonic, envProviders}
	var missing []string
	for _, name := range needed {
		if lookup(name) == "" {
			missing = append(missing, name)
		}
	}
	if len(missing) == len(needed) {
		return place{}, false, nil
	}
	if len(missing) > 0 {
		return place{}, false, fmt.Errorf("a foreign chain needs %s as well", strings.Join(missing, ", "))
	}
	p := place{
		endpoint: strings.TrimSuffix(lookup(envGRPC), "/"), chainID: lookup(envChainID), mnemonic: lookup(envMnemonic),
		paths: []string{cmp.Or(lookup(envHDPath), defaultHDPath)}, sellers: list(lookup(envProviders)),
	}
	if !strings.Contains(p.endpoint, "://") {
		p.endpoint = "http://" + p.endpoint
	}
	p.paths = append(p.paths, list(lookup(envMorePaths))...)
	return p, true, nil
}

func list(text string) []string {
	var items []string
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}

// notOnForeignChain leaves a test out where the chain is not a devnet of ours, since it needs something that
// endpoints do not give. On the devnet, which is what everybody runs without the variables, every test runs.
func notOnForeignChain(t *testing.T, needs string) {
	t.Helper()
	if foreignChain(t) != nil {
		t.Skip("left out on a foreign chain: needs " + needs)
	}
}

// foreign is the chain that the environment names, shared by the tests of a process.
type foreign struct {
	place
	conn *grpc.ClientConn

	mu     sync.Mutex
	offers []offer // nil until the first test has asked for them
	poor   Account // made with the offers; nobody spends what it has
}

var theForeign = sync.OnceValues(func() (*foreign, error) {
	at, ok, err := readPlace(os.Getenv)
	if err != nil || !ok {
		return nil, err
	}
	target, secure := strings.CutPrefix(at.endpoint, "https://")
	transport := credentials.NewTLS(&tls.Config{MinVersion: tls.VersionTLS12})
	if !secure {
		target, transport = strings.TrimPrefix(at.endpoint, "http://"), insecure.NewCredentials()
	}
	conn, err := grpc.NewClient(target, grpc.WithTransportCredentials(transport),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxMessageBytes)))
	if err != nil {
		return nil, fmt.Errorf("dial %s: %w", at.endpoint, err)
	}
	return &foreign{place: at, conn: conn}, nil
})

// foreignChain is nil unless the environment names one.
func foreignChain(t *testing.T) *foreign {
	t.Helper()
	f, err := theForeign()
	require.NoError(t, err)
	return f
}

// network gives the test an account of the chain; others wait until there is one more.
func (f *foreign) network(t *testing.T) *Network {
	t.Helper()
	tenant := f.take(t)
	n := &Network{
		chainID: f.chainID, endpoint: f.endpoint, conn: f.conn, public: f.conn,
		accounts: map[string]Account{Tenant: tenant, Empty: f.account(t, unusedPath())}, prior: map[uint64]bool{},
	}
	n.offers, n.accounts[Poor] = f.prepare(t, n)
	for _, o := range n.offers {
		n.sellers = append(n.sellers, o.address)
	}
	for _, d := range n.Deployments(t, tenant.Address, "") {
		n.prior[d.Deployment.ID.DSeq] = true
	}
	t.Cleanup(func() { n.closeAll(t) })
	return n
}

// take waits for an account that no other test of this machine uses, until the test ends.
func (f *foreign) take(t *testing.T) Account {
	t.Helper()
	var taken Account
	limit := time.Hour
	if deadline, ok := t.Deadline(); ok {
		limit = time.Until(deadline)
	}
	await(t.Context(), t, limit, "an account that no other test uses", func() bool {
		for _, path := range f.paths {
			a := f.account(t, path)
			//nolint:usetesting // the folder is where other processes look too
			lock := flock.New(filepath.Join(os.TempDir(), "akash-acctest-"+a.Address+".lock"))
			free, err := lock.TryLock()
			require.NoError(t, err)
			if !free {
				continue
			}
			t.Cleanup(func() { require.NoError(t, lock.Unlock()) })
			taken = a
			return true
		}
		return false
	})
	return taken
}

func (f *foreign) account(t *testing.T, path string) Account {
	t.Helper()
	address, err := wallet.Derive(f.mnemonic, path)
	require.NoError(t, err)
	return Account{Address: address, Mnemonic: f.mnemonic, HDPath: path}
}

// prepare does once what all tests of the process share, at the cost of the first one's tenant: it holds an auction
// and funds [Poor].
func (f *foreign) prepare(t *testing.T, n *Network) (offers []offer, poor Account) {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.offers == nil {
		f.poor = f.account(t, unusedPath())
		n.Send(t, Tenant, &banktypes.MsgSend{
			FromAddress: n.Owner(t, Tenant), ToAddress: f.poor.Address,
			Amount: sdk.NewCoins(sdk.NewInt64Coin(coin.UAKT, poorUAKT)),
		})
		f.offers = n.askAround(t, f.sellers)
	}
	return f.offers, f.poor
}

// closeAll closes what a failed test left open, so that it costs nothing more.
func (n *Network) closeAll(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), patience) // the test's own has ended
	defer cancel()
	tenant := n.accounts[Tenant].Address
	answer, err := deploymentv1beta4.NewQueryClient(n.conn).Deployments(ctx,
		&deploymentv1beta4.QueryDeploymentsRequest{
			Filters: deploymentv1beta4.DeploymentFilters{Owner: tenant, State: "active"},
		})
	require.NoError(t, err)
	for _, d := range answer.Deployments {
		if n.prior[d.Deployment.ID.DSeq] {
			continue
		}
		t.Logf("closing %s/%d, which the test left open", tenant, d.Deployment.ID.DSeq)
		n.Send(t, Tenant, &deploymentv1beta4.MsgCloseDeployment{
			ID: deploymentv1.DeploymentID{Owner: tenant, DSeq: d.Deployment.ID.DSeq},
		})
	}
}

// unusedPath is a path that no earlier run has used: hardened indices have 31 bits.
func unusedPath() string {
	return fmt.Sprintf("m/44'/118'/%d'/0/0", time.Now().UnixNano()/1000%(1<<31))
}
