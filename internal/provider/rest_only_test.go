// SPDX-License-Identifier: Apache-2.0

package provider_test

import (
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
