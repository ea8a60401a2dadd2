// SPDX-License-Identifier: Apache-2.0

package deployment_test

import (
	"encoding/hex"
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
)

// TestAccDeployment_update changes what only the manifest holds, once in the SDL and once through env: both resources
// are updated in place, and what runs is the new manifest.
func TestAccDeployment_update(t *testing.T) {
	t.Parallel()
	net, provider := start(t, acctest.NoRefusal())
	var id, lease, hash string
	sees := func(want ...string) resource.TestCheckFunc {
		return resource.ComposeTestCheckFunc(
			acctest.Differs(web, "hash", &hash), acctest.Keep(web, "hash", &hash),
			resource.TestCheckResourceAttrPair("akash_lease.web", "manifest_delivered_hash", web, "hash"),
			acctest.Same(web, "id", &id), acctest.Same("akash_lease.web", "lease_id", &lease),
			acctest.Look(func() {
				require.Equal(t, hash, hex.EncodeToString(net.Deployment(t, id).Deployment.Hash))
				require.Equal(t, want, net.Running(t, lease)["web"])
				require.Len(t, net.Leases(t, id), 1)
			}),
		)
	}
	inPlace := acctest.Plan(
		plancheck.ExpectResourceAction(web, plancheck.ResourceActionUpdate),
		plancheck.ExpectResourceAction("akash_lease.web", plancheck.ResourceActionUpdate),
		plancheck.ExpectKnownValue(web, tfjsonpath.New("hash"), knownvalue.NotNull()),
		plancheck.ExpectKnownValue("akash_lease.web", tfjsonpath.New("lease_id"), knownvalue.NotNull()),
	)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: provider + acctest.Deployment("web", acctest.Web{}.SDL()) + acctest.Lease("web"),
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep(web, "id", &id), acctest.Keep("akash_lease.web", "lease_id", &lease),
					acctest.Keep(web, "hash", &hash),
					acctest.Look(func() {
						require.Equal(t, []string{"GREETING=hello"}, net.Running(t, lease)["web"])
					}),
				),
			},
			{
				Config: provider + acctest.Deployment("web", acctest.Web{Env: []string{"GREETING=goodbye"}}.SDL()) +
					acctest.Lease("web"),
				ConfigPlanChecks: inPlace,
				Check:            sees("GREETING=goodbye"),
			},
			{
				Config: provider + acctest.Deployment("web", acctest.Web{Env: []string{"GREETING=goodbye"}}.SDL(),
					`env = { web = { GREETING = "laid over", MORE = "added" } }`) + acctest.Lease("web"),
				ConfigPlanChecks: inPlace,
				Check:            sees("GREETING=laid over", "MORE=added"),
			},
		},
	})
}

// TestAccDeployment_deposit raises and lowers the target.
func TestAccDeployment_deposit(t *testing.T) {
	t.Parallel()
	net, provider := start(t)
	owner := net.Owner(t, acctest.Tenant)
	before := net.Balance(t, owner, coin.UACT)
	var id, fees string
	with := func(deposit string) string {
		return provider + acctest.Deployment("web", acctest.Web{}.SDL(), "deposit = "+deposit)
	}
	holds := func(uact string, gone int64) resource.TestCheckFunc {
		return acctest.Look(func() {
			require.Equal(t, uact, escrow(t, net, id))
			require.Equal(t, before.SubRaw(gone), net.Balance(t, owner, coin.UACT))
		})
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: with("{ usd = 1.5 }"),
				Check:  resource.ComposeTestCheckFunc(acctest.Keep(web, "id", &id), holds("1500000", 1_500_000)),
			},
			{
				Config:           with("{ usd = 2.75 }"),
				ConfigPlanChecks: acctest.Plan(plancheck.ExpectResourceAction(web, plancheck.ResourceActionUpdate)),
				Check: resource.ComposeTestCheckFunc(acctest.Same(web, "id", &id), holds("2750000", 2_750_000),
					resource.TestCheckResourceAttr(web, "escrow.balance_uact", "2750000"),
					acctest.Look(func() { fees = net.Balance(t, owner, coin.UAKT).String() })),
			},
			{Config: with("{ uact = 2750000 }"), ConfigPlanChecks: acctest.NoChange()},
			{
				// More than the account has: said at plan, with what is missing beyond what was paid.
				Config: with(fmt.Sprintf("{ uact = %q }", before.AddRaw(1_000_000))), PlanOnly: true,
				ExpectError: acctest.Says("Insufficient funds", "needs 1 ACT more", "Nothing was created or spent"),
			},
			{
				// Lowered: remembered, no transaction.
				Config: with("{ usd = 1 }"),
				Check: resource.ComposeTestCheckFunc(acctest.Same(web, "id", &id), holds("2750000", 2_750_000),
					resource.TestCheckResourceAttr(web, "deposit.usd", "1"),
					acctest.Look(func() { require.Equal(t, fees, net.Balance(t, owner, coin.UAKT).String()) })),
			},
			{
				// A target counts what was ever paid: two dollars are there already.
				Config: with("{ usd = 2 }"),
				Check: resource.ComposeTestCheckFunc(holds("2750000", 2_750_000),
					acctest.Look(func() { require.Equal(t, fees, net.Balance(t, owner, coin.UAKT).String()) })),
			},
		},
		CheckDestroy: acctest.Look(func() { require.Equal(t, before, net.Balance(t, owner, coin.UACT)) }),
	})
}

// TestAccDeployment_unknownEnv plans with a value that only apply knows: groups are known, what depends on the value
// is not, and the workload gets the value.
func TestAccDeployment_unknownEnv(t *testing.T) {
	t.Parallel()
	net, provider := start(t)
	config := func(input string) string {
		return provider + `
resource "terraform_data" "db" { input = "` + input + `" }
` + acctest.Deployment("web", acctest.Web{}.SDL(), `env = { web = { DB_HOST = terraform_data.db.output } }`) +
			acctest.Lease("web")
	}
	var id, lease string
	group := tfjsonpath.New("groups").AtMapKey("dcloud")
	unknown := []plancheck.PlanCheck{
		plancheck.ExpectUnknownValue(web, tfjsonpath.New("hash")),
		plancheck.ExpectUnknownValue(web, group.AtMapKey("manifest")),
		plancheck.ExpectKnownValue(web, tfjsonpath.New("groups").AtMapKey("dcloud").AtMapKey("spec"),
			knownvalue.NotNull()),
		plancheck.ExpectKnownValue(web, tfjsonpath.New("groups").AtMapKey("dcloud").AtMapKey("gseq"),
			knownvalue.Int64Exact(1)),
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config:           config("10.0.0.1"),
				ConfigPlanChecks: acctest.Plan(unknown...),
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep(web, "id", &id), acctest.Keep("akash_lease.web", "lease_id", &lease),
					acctest.Look(func() { require.Contains(t, net.Running(t, lease)["web"], "DB_HOST=10.0.0.1") }),
				),
			},
			{
				Config: config("10.0.0.2"),
				ConfigPlanChecks: acctest.Plan(append(unknown,
					plancheck.ExpectResourceAction(web, plancheck.ResourceActionUpdate),
					plancheck.ExpectResourceAction("akash_lease.web", plancheck.ResourceActionUpdate))...),
				Check: resource.ComposeTestCheckFunc(
					acctest.Same(web, "id", &id), acctest.Same("akash_lease.web", "lease_id", &lease),
					acctest.Look(func() { require.Contains(t, net.Running(t, lease)["web"], "DB_HOST=10.0.0.2") }),
				),
			},
		},
	})
}

// TestAccDeployment_unknownSDL has the whole SDL known only at apply: one apply creates, a second one with another
// unknown text decides at apply what the plan could not.
func TestAccDeployment_unknownSDL(t *testing.T) {
	t.Parallel()
	net, provider := start(t)
	config := func(greeting string) string {
		return provider + `
resource "terraform_data" "sdl" {
  input = ` + acctest.Indent(acctest.Web{Env: []string{greeting}}.SDL()) + `}
resource "akash_deployment" "web" { sdl = terraform_data.sdl.output }
` + acctest.Lease("web")
	}
	var id, lease string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config:           config("GREETING=one"),
				ConfigPlanChecks: acctest.Plan(plancheck.ExpectUnknownValue(web, tfjsonpath.New("groups"))),
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep(web, "id", &id), acctest.Keep("akash_lease.web", "lease_id", &lease)),
			},
			{
				Config: config("GREETING=two"),
				Check: resource.ComposeTestCheckFunc(
					acctest.Same(web, "id", &id), acctest.Same("akash_lease.web", "lease_id", &lease),
					acctest.Look(func() { require.Equal(t, []string{"GREETING=two"}, net.Running(t, lease)["web"]) })),
			},
		},
	})
}
