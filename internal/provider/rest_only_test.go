// SPDX-License-Identifier: Apache-2.0

package provider_test

import (
	"fmt"
	"testing"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
)

// TestAccProvider_restOnly plans, mints, creates, refreshes and destroys where nothing but a REST endpoint answers.
func TestAccProvider_restOnly(t *testing.T) {
	t.Parallel()
	net := acctest.StartDevnet(t, "a REST endpoint", devnet.Options{Economy: devnet.Economy{EpochBlocks: 5}})
	owner := net.Owner(t, acctest.Poor)
	require.NoError(t, net.Inside.Faucet(t.Context(), owner, sdk.NewCoins(sdk.NewInt64Coin(coin.UAKT, 20_000_000))))
	web := acctest.Web{}
	w := net.NewWorkspace(t, acctest.Poor, "provider \"akash\" {\n  auto_mint = true\n}\n"+
		"data \"akash_account\" \"me\" {}\n"+acctest.Deployment("web", web.SDL())+acctest.Lease("web"))
	w.Setenv("AKASH_GRPC", "")
	w.Setenv("AKASH_REST", net.Inside.REST())
	plan := acctest.Unwrapped(w.MustRun(t, "plan", "-no-color"))
	require.Contains(t, plan, "Apply burns about", "price and spread are read")
	w.MustRun(t, "apply", "-auto-approve")
	require.Len(t, net.Deployments(t, owner, "active"), 1)
	require.Contains(t, w.MustRun(t, "plan", "-no-color", "-detailed-exitcode"), "No changes")
	w.MustRun(t, "destroy", "-auto-approve")
	require.Empty(t, net.Deployments(t, owner, "active"))
}

// TestAccProvider_restOnlyGrants acts for one account and lets another pay the fees where nothing but a REST endpoint
// answers: grants that are missing are named, those that are there are found.
func TestAccProvider_restOnlyGrants(t *testing.T) {
	t.Parallel()
	net := acctest.StartDevnet(t, "accounts that grant", devnet.Options{})
	owner, deputy, payer := net.Owner(t, acctest.Tenant), net.Owner(t, acctest.Empty), net.Owner(t, devnet.Granter)
	w := net.NewWorkspace(t, acctest.Empty, fmt.Sprintf(
		"provider \"akash\" {\n  authz_granter = %q\n  fee_granter = %q\n}\n", owner, payer)+
		acctest.Deployment("web", acctest.Web{}.SDL()))
	w.Setenv("AKASH_GRPC", "")
	w.Setenv("AKASH_REST", net.Inside.REST())
	refused := func(what ...string) {
		out, err := w.Run(t, "plan", "-no-color")
		require.Error(t, err, out)
		for _, text := range what {
			require.Contains(t, acctest.Unwrapped(out), text)
		}
	}
	refused("Missing fee grant", payer, "Nothing was created or spent")
	net.Send(t, devnet.Granter, payFees(t, payer, deputy, "/cosmos.authz.v1beta1.MsgExec"))
	refused("Missing grant", createDeployment, closeDeployment, "Nothing was created or spent")
	net.Send(t, acctest.Tenant, allow(t, owner, deputy, createDeployment), allow(t, owner, deputy, closeDeployment))
	fees := net.Balance(t, payer, coin.UAKT)
	w.MustRun(t, "apply", "-auto-approve")
	require.Len(t, net.Deployments(t, owner, "active"), 1)
	require.True(t, net.Balance(t, payer, coin.UAKT).LT(fees), "the granter pays the fees")
	require.Contains(t, w.MustRun(t, "plan", "-no-color", "-detailed-exitcode"), "No changes")
	w.MustRun(t, "destroy", "-auto-approve")
	require.Empty(t, net.Deployments(t, owner, "active"))
}
