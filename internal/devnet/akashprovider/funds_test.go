// SPDX-License-Identifier: Apache-2.0

package akashprovider_test

import (
	"testing"
	"time"

	sdkmath "cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	escrowtypes "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/types/v1"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

func TestRunway(t *testing.T) {
	t.Parallel()
	dec := sdkmath.LegacyMustNewDecFromStr
	account := func(denom, amount string, settledAt int64) escrowtypes.AccountState {
		return escrowtypes.AccountState{
			SettledAt: settledAt, Funds: []escrowtypes.Balance{{Denom: denom, Amount: dec(amount)}},
		}
	}
	for _, c := range []struct {
		name    string
		account escrowtypes.AccountState
		rate    string
		want    int64
	}{
		{"whole blocks only", account("uact", "1000", 100), "300", 3},
		{"used since the settlement", account("uact", "1000", 98), "300", 1},
		{"ends now", account("uact", "900", 97), "300", 0},
		{"ended before", account("uact", "900", 95), "300", -2},
		{"uakt does not count", account("uakt", "1000", 100), "300", 0},
		{"nothing to pay", account("uact", "1000", 0), "0", 1 << 40},
		{"fractions", account("uact", "10", 100), "0.3", 33},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, akashprovider.Runway(c.account, dec(c.rate), 100))
		})
	}
}

func withdrawals(w *world) int { return len(sent[*marketv1beta5.MsgWithdrawLease](w.chain)) }

func TestEngine_withdraws(t *testing.T) {
	t.Parallel()
	w := start(t, nil)
	id := bidden(t, w, 1, nil)
	w.chain.lease(id, w.Address())
	w.SetFaults(akashprovider.Faults{IgnoreManifestTimeout: true})
	w.settle(t, 2)
	require.Zero(t, withdrawals(w))
	w.clock.move(24 * time.Hour)
	w.settle(t, 1)
	eventually(t, "the daily withdrawal", func() bool { return withdrawals(w) == 1 })
	w.settle(t, 3)
	require.Equal(t, 1, withdrawals(w))

	// Funds for four blocks, seen at the next look; then they end, and the lease is withdrawn from at once.
	w.chain.do(func() {
		for _, d := range w.chain.deployments {
			d.EscrowAccount.State.SettledAt = w.chain.height
			d.EscrowAccount.State.Funds[0].Amount = sdkmath.LegacyNewDec(4 * 7)
		}
	})
	w.clock.move(10 * time.Minute)
	w.settle(t, 1)
	require.Equal(t, 1, withdrawals(w))
	w.settle(t, 4)
	eventually(t, "a withdrawal when the funds end", func() bool { return withdrawals(w) == 2 })
	w.settle(t, 3)
	require.Equal(t, 2, withdrawals(w), "then every ten minutes")
}

// TestDevnet_overdraw: nobody tells the chain that a deployment has run dry but the Akash provider.
func TestDevnet_overdraw(t *testing.T) {
	t.Parallel()
	spec := testSpec()
	spec.Pricing.PerMilliCPU = sdkmath.LegacyNewDec(1000)
	network, err := devnet.Start(t.Context(), devnet.Options{
		BlockTime: 100 * time.Millisecond, AkashProviders: []akashprovider.Spec{spec},
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, network.Stop()) })
	tenant, err := wallet.New(wallet.Config{
		Conn: network.Conn(), ChainID: network.ChainID(), Mnemonic: testMnemonic, HDPath: "m/44'/118'/0'/0/1",
	})
	require.NoError(t, err)
	d := &onDevnet{
		Network: network, wallet: tenant, market: marketv1beta5.NewQueryClient(network.Conn()), tenant: newAccount(t, 1),
	}
	_, hash := webManifest(t, firstEnv)
	group := webGroup()
	group.Resources[0].Price = sdk.DecCoin{Denom: "uact", Amount: sdkmath.LegacyNewDec(1_000_000)}
	d.create(t, 400, hash, group) // 5 ACT at half an ACT a block
	eventually(t, "a bid", func() bool { return len(d.openBids(t, 400)) == 1 })
	lease := d.lease(t, d.openBids(t, 400)[0])

	eventually(t, "the chain finding the account overdrawn", func() bool {
		res, err := deploymentv1beta4.NewQueryClient(network.Conn()).Deployment(t.Context(),
			&deploymentv1beta4.QueryDeploymentRequest{ID: deploymentv1.DeploymentID{Owner: lease.Owner, DSeq: lease.DSeq}})
		require.NoError(t, err)
		return res.Deployment.State == deploymentv1.Deployment_closed
	})
	res, err := d.market.Lease(t.Context(), &marketv1beta5.QueryLeaseRequest{ID: marketv1.LeaseID{
		Owner: lease.Owner, DSeq: lease.DSeq, GSeq: lease.GSeq, OSeq: lease.OSeq, Provider: lease.ProviderAddr,
	}})
	require.NoError(t, err)
	require.Equal(t, marketv1.Lease_insufficient_funds, res.Lease.State)
	require.Equal(t, marketv1.LeaseClosedReason_lease_closed_reason_insufficient_funds, res.Lease.Reason)
	eventually(t, "the lease forgotten", func() bool { return len(network.AkashProviders()[0].Leases()) == 0 })
}
