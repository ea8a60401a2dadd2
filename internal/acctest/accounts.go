// SPDX-License-Identifier: Apache-2.0

package acctest

import (
	"context"
	"fmt"
	"testing"

	"github.com/cosmos/cosmos-sdk/client/grpc/cmtservice"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/stretchr/testify/require"

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

// Account is a key that the test may use.
type Account struct{ Address, Mnemonic, HDPath string }

// Account finds an account by its name, for example [Tenant].
func (n *Network) Account(t *testing.T, name string) Account {
	t.Helper()
	a, ok := n.accounts[name]
	require.True(t, ok, "there is no account %q", name)
	return a
}

// Owner is the address of a named account.
func (n *Network) Owner(t *testing.T, account string) string {
	t.Helper()
	return n.Account(t, account).Address
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
	n.Send(t, account, &deploymentv1beta4.MsgCloseDeployment{
		ID: deploymentv1.DeploymentID{Owner: id.Owner, DSeq: id.DSeq},
	})
}

// ampleGas is enough for any message here. What a simulation finds is not: bids that come between it and the block
// make closing a deployment dearer.
const ampleGas = 2_000_000

// Send puts messages of a named account into a block, also after the test has ended.
func (n *Network) Send(t *testing.T, account string, messages ...sdk.Msg) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), patience)
	defer cancel()
	answer, err := n.Wallet(t, account).Send(ctx, wallet.Options{Gas: ampleGas}, messages...)
	require.NoError(t, err)
	require.Zero(t, answer.Code, answer.RawLog)
	n.shown(ctx, t, answer.Height)
}

// shown waits until the endpoint knows of a block: it may be behind.
func (n *Network) shown(ctx context.Context, t *testing.T, height int64) {
	t.Helper()
	await(ctx, t, patience, fmt.Sprintf("the endpoint to show block %d", height), func() bool {
		answer, err := cmtservice.NewServiceClient(n.public).GetLatestBlock(ctx, &cmtservice.GetLatestBlockRequest{})
		return err == nil && answer.SdkBlock.Header.Height >= height
	})
}
