// SPDX-License-Identifier: Apache-2.0

package acctest

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"

	"github.com/akash-iac/terraform-provider-akash/internal/journal"
	"github.com/akash-iac/terraform-provider-akash/internal/provider"
)

// Main runs a package's acceptance tests with a journal of their own; call it from TestMain, and nothing after it.
func Main(m *testing.M) {
	dir, err := os.MkdirTemp("", "akash-acctest-")
	if err != nil {
		panic(err)
	}
	if err := os.Setenv(journal.EnvStateDir, dir); err != nil {
		panic(err)
	}
	m.Run() // the process exits with its code once TestMain returns
	if err := os.RemoveAll(dir); err != nil {
		panic(err)
	}
}

// Network is a chain with Akash providers, as a test may use it wherever it runs. It is one test's own: on a foreign
// chain its accounts are. Its methods are safe for concurrent use.
type Network struct {
	chainID  string
	endpoint string                   // of gRPC, with a scheme
	conn     grpc.ClientConnInterface // to the same state, free of faults
	public   grpc.ClientConnInterface // to the endpoint
	accounts map[string]Account
	prior    map[uint64]bool // what Tenant had on chain before the test

	mu      sync.Mutex
	sellers []string // from cheap to dear
	offers  []offer  // nil until somebody asks
}

// Start gives the test a chain: a foreign one when the environment names it, else a devnet that lives as long as the
// test, with a chain id of its own, so that nothing is shared, and with the mild faults that [FaultsVariable] tells of.
func Start(t *testing.T, options ...Option) *Network {
	t.Helper()
	if there := foreignChain(t); there != nil {
		return there.network(t)
	}
	return startDevnet(t, defaultOptions, options).Network
}

// ChainID names the chain.
func (n *Network) ChainID() string { return n.chainID }

// Endpoint is the chain's gRPC as a provider block has it, for example "http://127.0.0.1:9090".
func (n *Network) Endpoint() string { return n.endpoint }

// Factories serves the Terraform provider inside the test process: a new one for each run of the CLI, as a process of
// its own would be, which ends its part of the journal when the next one begins.
func Factories() map[string]func() (tfprotov6.ProviderServer, error) {
	var mu sync.Mutex
	var last *provider.Provider
	return map[string]func() (tfprotov6.ProviderServer, error){
		"akash": func() (tfprotov6.ProviderServer, error) {
			mu.Lock()
			defer mu.Unlock()
			if last != nil {
				if err := last.Close(); err != nil {
					return nil, fmt.Errorf("end the run before: %w", err)
				}
			}
			last = provider.New("test")
			return providerserver.NewProtocol6WithError(last)()
		},
	}
}

// ProviderBlock is a provider block for an account; extra lines are put into it. Unless they say otherwise, forecasts
// warn: what is under test is mostly what apply meets.
func (n *Network) ProviderBlock(t *testing.T, account, extra string) string {
	t.Helper()
	a := n.Account(t, account)
	if !strings.Contains(extra, "preflight") {
		extra += "\n  preflight = \"warn\""
	}
	return fmt.Sprintf(`
provider "akash" {
  network  = "custom"
  chain_id = %q
  grpc     = [%q]
  key      = { mnemonic = %q, hd_path = %q }
%s
}
`, n.chainID, n.endpoint, a.Mnemonic, a.HDPath, extra)
}

const (
	// patience is for what takes blocks, whatever the chain's pace: dozens of blocks of six seconds. Nothing waits
	// longer than it must.
	patience = 5 * time.Minute
	// glance is the pause between two looks.
	glance = 50 * time.Millisecond
)

// Eventually looks until a condition holds; what says which.
func Eventually(t *testing.T, what string, met func() bool) {
	t.Helper()
	await(t.Context(), t, patience, what, met)
}

func await(ctx context.Context, t *testing.T, limit time.Duration, what string, met func() bool) {
	t.Helper()
	tick := time.NewTicker(glance)
	defer tick.Stop()
	deadline := time.NewTimer(limit)
	defer deadline.Stop()
	for !met() {
		select {
		case <-tick.C:
		case <-deadline.C:
			require.Failf(t, "still waiting", "after %s: %s", limit, what)
		case <-ctx.Done():
			require.Failf(t, "the test ended", "while it waited: %s", what)
		}
	}
}
