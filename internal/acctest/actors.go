// SPDX-License-Identifier: Apache-2.0

package acctest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// Names of the Akash providers of a plain devnet, from cheap to dear.
const (
	Amber = "amber"
	Birch = "birch"
	Cedar = "cedar"
)

// BlockTime is short enough that a test waits for nothing, and long enough for three bids in the default window
// while other tests share the machine.
const BlockTime = 150 * time.Millisecond

// Seller is the simulated Akash provider of a name.
func (n *Network) Seller(t *testing.T, name string) *akashprovider.AkashProvider {
	t.Helper()
	for _, p := range n.AkashProviders() {
		if p.Name() == name {
			return p
		}
	}
	require.Failf(t, "no such Akash provider", "the devnet has no %q", name)
	return nil
}

// SellerAt is the simulated Akash provider of an address.
func (n *Network) SellerAt(t *testing.T, address string) *akashprovider.AkashProvider {
	t.Helper()
	for _, p := range n.AkashProviders() {
		if p.Address() == address {
			return p
		}
	}
	require.Failf(t, "no such Akash provider", "the devnet has none at %q", address)
	return nil
}

// AllFaults puts the same faults on every Akash provider; the zero value mends them.
func (n *Network) AllFaults(faults akashprovider.Faults) {
	for _, p := range n.AkashProviders() {
		p.SetFaults(faults)
	}
}

// Wallet signs for a named account, past Terraform.
func (n *Network) Wallet(t *testing.T, account string) *wallet.Wallet {
	t.Helper()
	a, ok := n.Account(account)
	require.True(t, ok, "devnet has no account %q", account)
	w, err := wallet.New(wallet.Config{Conn: n.Conn(), ChainID: n.ChainID(), Mnemonic: a.Mnemonic, HDPath: a.HDPath})
	require.NoError(t, err)
	return w
}

// CloseDeployment closes a deployment past Terraform, as a person with the CLI would.
func (n *Network) CloseDeployment(t *testing.T, account, deployment string) {
	t.Helper()
	id, err := ids.ParseDeploymentID(deployment)
	require.NoError(t, err)
	require.NoError(t, n.Wallet(t, account).Broadcast(t.Context(), &deploymentv1beta4.MsgCloseDeployment{
		ID: deploymentv1.DeploymentID{Owner: id.Owner, DSeq: id.DSeq},
	}))
}

// Running lists the environment of each service that an Akash provider runs for a lease; nil when it runs none.
func (n *Network) Running(t *testing.T, lease string) map[string][]string {
	t.Helper()
	id, err := ids.ParseLeaseID(lease)
	require.NoError(t, err)
	services, running := n.SellerAt(t, id.ProviderAddr).Deployed(id)
	if !running {
		return nil
	}
	found := map[string][]string{}
	for _, s := range services {
		found[s.Name] = s.Env
	}
	return found
}
