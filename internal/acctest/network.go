// SPDX-License-Identifier: Apache-2.0

package acctest

import (
	"fmt"
	"hash/fnv"
	"os"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
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

// Start runs a devnet that lives as long as the test. Its chain id is the test's own, so that nothing is shared.
func Start(t *testing.T, options devnet.Options) *Network {
	t.Helper()
	if options.ChainID == "" {
		sum := fnv.New32a()
		_, _ = sum.Write([]byte(t.Name())) // an in-memory hash never fails
		options.ChainID = fmt.Sprintf("akash-test-%08x", sum.Sum32())
	}
	n, err := devnet.Start(t.Context(), options)
	require.NoError(t, err, "start the devnet")
	t.Cleanup(func() { require.NoError(t, n.Stop()) })
	return &Network{Network: n}
}

// Network is a devnet with looks at its state.
type Network struct{ *devnet.Network }

// Factories serves the Terraform provider inside the test process.
func Factories() map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"akash": providerserver.NewProtocol6WithError(provider.New("test")),
	}
}

// ProviderBlock is a provider block for the named devnet account; extra lines are put into it.
func (n *Network) ProviderBlock(t *testing.T, account, extra string) string {
	t.Helper()
	a, ok := n.Account(account)
	require.True(t, ok, "devnet has no account %q", account)
	return fmt.Sprintf(`
provider "akash" {
  network  = "custom"
  chain_id = %q
  grpc     = ["http://%s"]
  key      = { mnemonic = %q, hd_path = %q }
%s
}
`, n.ChainID(), n.GRPC(), a.Mnemonic, a.HDPath, extra)
}
