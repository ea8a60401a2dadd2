// SPDX-License-Identifier: Apache-2.0

package deployment_test

import (
	"fmt"
	"testing"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
)

// TestAccDeployment_runway lets blocks go by until the money of a running lease is low, and tops it up in place.
func TestAccDeployment_runway(t *testing.T) {
	t.Parallel()
	net := acctest.StartDevnet(t, "fast blocks", devnet.Options{}, acctest.NoRefusal())
	price := net.Price(t, acctest.Cheapest)
	// A runway that costs a little more than the network's minimum, and a margin that no slow machine uses up.
	const margin, gone = 1000, 1100
	blocks := math.LegacyNewDec(600_000).Quo(price).TruncateInt64()
	runway := time.Duration(blocks) * coin.DefaultBlockTime
	least := time.Duration(blocks-margin) * coin.DefaultBlockTime
	first := price.MulInt64(blocks).Ceil().TruncateInt().String()
	config := net.ProviderBlock(t, acctest.Tenant,
		fmt.Sprintf("price_ceiling = { uact_per_block = %q }", coin.Trim(price))) +
		acctest.Deployment("web", acctest.Web{}.SDL(),
			fmt.Sprintf("deposit = { runway = %q }\nmin_runway = %q", runway, least)) +
		acctest.Lease("web", net.AllBids())
	var id, target string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: config,
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep(web, "id", &id),
					resource.TestCheckResourceAttr(web, "deposit_target_uact", first),
					resource.TestCheckResourceAttr(web, "escrow.deposited_uact", first),
					resource.TestCheckResourceAttr(web, "escrow.deposits.0.depositor", net.Owner(t, acctest.Tenant)),
					resource.TestCheckResourceAttr(web, "escrow.deposits.0.source", "balance"),
					resource.TestCheckResourceAttr(web, "below_min_runway", "false"),
				),
			},
			{Config: config, ConfigPlanChecks: acctest.NoChange()},
			{
				PreConfig: func() { require.NoError(t, net.Inside.Advance(t.Context(), gone)) },
				Config:    config,
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectResourceAction(web, plancheck.ResourceActionUpdate),
					plancheck.ExpectKnownValue(web, tfjsonpath.New("below_min_runway"), knownvalue.Bool(false)),
					plancheck.ExpectKnownValue(web, tfjsonpath.New("deposit_target_uact"), knownvalue.NotNull()),
					plancheck.ExpectResourceAction("akash_lease.web", plancheck.ResourceActionNoop),
				),
				Check: resource.ComposeTestCheckFunc(
					acctest.Same(web, "id", &id), acctest.Keep(web, "deposit_target_uact", &target),
					resource.TestCheckResourceAttrSet(web, "funded_until"),
					acctest.Look(func() {
						state := net.Deployment(t, id).EscrowAccount.State
						paid := math.LegacyZeroDec()
						for _, d := range state.Deposits {
							paid = paid.Add(d.Balance.Amount)
						}
						for _, p := range state.Transferred {
							paid = paid.Add(p.Amount)
						}
						require.Equal(t, target, coin.Trim(paid))
						want := price.MulInt64(blocks + gone).TruncateInt()
						got, ok := math.NewIntFromString(target)
						require.True(t, ok)
						require.True(t, got.GTE(want), "%s, want %s at least", got, want)
						require.Len(t, net.Leases(t, id), 1)
					}),
				),
			},
			{Config: config, ConfigPlanChecks: acctest.NoChange()},
		},
	})
}

// TestAccDeployment_autoMint deposits ACT that the account did not have.
func TestAccDeployment_autoMint(t *testing.T) {
	t.Parallel()
	net := acctest.StartDevnet(t, "an exchange that is quick", devnet.Options{Economy: devnet.Economy{EpochBlocks: 5}})
	owner := net.Owner(t, acctest.Poor)
	require.NoError(t, net.Inside.Faucet(t.Context(), owner, sdk.NewCoins(sdk.NewInt64Coin(coin.UAKT, 20_000_000))))
	var id string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config:      net.ProviderBlock(t, acctest.Poor, "") + acctest.Deployment("web", acctest.Web{}.SDL()),
				ExpectError: acctest.Says("Insufficient funds", "needs 5 ACT more"),
			},
			{
				Config: net.ProviderBlock(t, acctest.Poor, "auto_mint = true") +
					acctest.Deployment("web", acctest.Web{}.SDL(), "deposit = { usd = 12 }"),
				Check: resource.ComposeTestCheckFunc(acctest.Keep(web, "id", &id), acctest.Look(func() {
					require.Equal(t, "12000000", escrow(t, net.Network, id))
					left := net.Balance(t, owner, coin.UACT)
					require.True(t, left.LT(math.NewInt(500_000)), "%s uact were minted too much", left)
				})),
			},
		},
	})
}

// TestAccDeployment_budget replaces a deployment under a budget that has room for one.
func TestAccDeployment_budget(t *testing.T) {
	t.Parallel()
	net := acctest.Start(t)
	provider := net.ProviderBlock(t, acctest.Tenant,
		`budget = { usd_per_month = "438.30", spend_per_apply = { usd = 7 } }`)
	var id string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: provider + acctest.Deployment("web", acctest.Web{}.SDL()),
				Check: resource.ComposeTestCheckFunc(acctest.Keep(web, "id", &id),
					resource.TestCheckResourceAttr(web, "max_usd_per_month", "438.30")),
			},
			{
				Config: provider + acctest.Deployment("web", acctest.Web{CPU: "200m"}.SDL()),
				Check:  acctest.Differs(web, "id", &id),
			},
			{
				Config:      provider + acctest.Deployment("web", acctest.Web{CPU: "200m", Count: 2}.SDL()),
				ExpectError: acctest.Says("Over budget.usd_per_month", "can cost 876.60 USD/month", "Nothing was created or spent"),
			},
			{
				Config:      provider + acctest.Deployment("web", acctest.Web{CPU: "300m"}.SDL(), "deposit = { usd = 8 }"),
				ExpectError: acctest.Says("Over budget.spend_per_apply", "This plan deposits 8 ACT"),
			},
		},
	})
}

// TestAccDeployment_fundsOfAll refuses deposits that the account can pay one by one, and not all.
func TestAccDeployment_fundsOfAll(t *testing.T) {
	t.Parallel()
	net, provider := start(t)
	owner := net.Owner(t, acctest.Tenant)
	half := coin.Trim(net.Balance(t, owner, coin.UACT).ToLegacyDec().QuoInt64(1_000_000).MulInt64(6).QuoInt64(10))
	line := fmt.Sprintf("deposit = { usd = %q }", half)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config: provider + acctest.Deployment("web", acctest.Web{}.SDL(), line) +
				acctest.Deployment("other", acctest.Web{CPU: "200m"}.SDL(), line),
			ExpectError: acctest.Says("Insufficient funds", "the 2 deposits of this plan", "Nothing was created or spent"),
		}},
	})
	require.Empty(t, net.Deployments(t, owner, ""))
}
