// SPDX-License-Identifier: Apache-2.0

package acctest

import (
	"testing"

	sdk "github.com/cosmos/cosmos-sdk/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// Names of the accounts that every [Network] has.
const (
	// Tenant has AKT and ACT for a few deployments.
	Tenant = devnet.Tenant
	// Poor has one AKT and no ACT.
	Poor = devnet.Poor
	// Empty is not known to the chain.
	Empty = devnet.Empty
)

const poorUAKT = 1_000_000

// Account is a key that the test may use.
type Account struct{ Address, Mnemonic, HDPath string }

// Account finds an account by its name, for example [Tenant].
func (n *Network) Account(t *testing.T, name string) Account {
	t.Helper()
	if name == Poor && n.poor != nil {
		return n.poor()
	}
	a, ok := n.accounts[name]
	require.True(t, ok, "there is no account %q", name)
	return a
}

// Owner is the address of a named account.
func (n *Network) Owner(t *testing.T, account string) string {
	t.Helper()
	return n.Account(t, account).Address
}

// fund makes a [Poor] one.
func (f *foreign) fund(t *testing.T, n *Network) Account {
	t.Helper()
	poor := f.account(t, unusedPath())
	require.NoError(t, n.Wallet(t, Tenant).Broadcast(t.Context(), &banktypes.MsgSend{
		FromAddress: n.Owner(t, Tenant), ToAddress: poor.Address,
		Amount: sdk.NewCoins(sdk.NewInt64Coin(coin.UAKT, poorUAKT)),
	}))
	return poor
}

// Wallet signs for a named account, past Terraform.
func (n *Network) Wallet(t *testing.T, account string) *wallet.Wallet {
	t.Helper()
	a := n.Account(t, account)
	w, err := wallet.New(wallet.Config{Conn: n.conn, ChainID: n.chainID, Mnemonic: a.Mnemonic, HDPath: a.HDPath})
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
