// SPDX-License-Identifier: Apache-2.0

package deployment_test

import (
	"os"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
)

// TestAccDeployment_parallel creates equal siblings at once: each gets a deployment and a lease of its own.
func TestAccDeployment_parallel(t *testing.T) {
	t.Parallel()
	net, provider := start(t, acctest.NoRefusal())
	owner := net.Owner(t, acctest.Tenant)
	before := net.Balance(t, owner, coin.UACT)
	sdl := acctest.Web{}.SDL()
	config := provider + acctest.Deployment("one", sdl) + acctest.Lease("one") +
		acctest.Deployment("two", sdl) + acctest.Lease("two")
	var one, two string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config: config,
			Check: resource.ComposeTestCheckFunc(
				acctest.Keep("akash_deployment.one", "id", &one), acctest.Keep("akash_deployment.two", "id", &two),
				acctest.Look(func() {
					require.NotEqual(t, one, two)
					require.Len(t, net.Deployments(t, owner, "active"), 2)
					for _, id := range []string{one, two} {
						require.Len(t, net.Leases(t, id), 1)
					}
					require.Equal(t, before.SubRaw(2*deposited), net.Balance(t, owner, coin.UACT))
				}),
			),
		}},
	})
}

// TestAccDeployment_groups leases the two groups of one deployment: the manifest of both goes to each Akash provider.
func TestAccDeployment_groups(t *testing.T) {
	t.Parallel()
	net, provider := start(t, acctest.NoRefusal())
	config := func(greeting string) string {
		web := acctest.Web{Groups: []string{"east", "west"}, Env: []string{greeting}}
		deny := `bid_policy = { min_bids = 2, deny = ["` + net.Address(t, acctest.Cheapest) + `"] }`
		return provider + acctest.Deployment("web", web.SDL()) +
			acctest.LeaseOf("east", "web", "east") + acctest.LeaseOf("west", "web", "west", deny)
	}
	var id, east, west string
	runs := func(greeting string) resource.TestCheckFunc {
		return resource.ComposeTestCheckFunc(
			acctest.Keep(web, "id", &id), acctest.Keep("akash_lease.east", "lease_id", &east),
			acctest.Keep("akash_lease.west", "lease_id", &west),
			acctest.Look(func() {
				require.Len(t, net.Leases(t, id), 2)
				require.Equal(t, []string{greeting}, net.Running(t, east)["web"])
				require.Equal(t, []string{greeting}, net.Running(t, west)["web"])
			}),
		)
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: config("GREETING=one"), Check: resource.ComposeTestCheckFunc(runs("GREETING=one"),
				resource.TestCheckResourceAttr(web, "groups.east.gseq", "1"),
				resource.TestCheckResourceAttr(web, "groups.west.gseq", "2"),
				resource.TestCheckResourceAttr("akash_lease.west", "provider_address", net.Address(t, acctest.Middle)))},
			{Config: config("GREETING=two"), Check: resource.ComposeTestCheckFunc(runs("GREETING=two"),
				acctest.Same("akash_lease.east", "lease_id", &east))},
			{ResourceName: web, ImportState: true, ImportStateKind: resource.ImportBlockWithID},
		},
	})
}

// TestAccDeployment_quickstart applies the SDL that a new user meets first.
func TestAccDeployment_quickstart(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../../examples/quickstart/deploy.yaml")
	require.NoError(t, err)
	net, provider := start(t)
	var lease string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config: provider + acctest.Deployment("web", string(text),
				`env = { wordpress = { WORDPRESS_DB_PASSWORD = "secret" }, db = { MARIADB_PASSWORD = "secret" } }`,
				"deletion_protection = false") +
				acctest.Lease("web", `price_ceiling = { usd_per_month = 15 }`),
			Check: resource.ComposeTestCheckFunc(
				acctest.Keep("akash_lease.web", "lease_id", &lease),
				resource.TestCheckResourceAttr("akash_lease.web", "state", "active"),
				resource.TestCheckResourceAttr("akash_lease.web", "services.%", "2"),
				resource.TestCheckResourceAttr("akash_lease.web", "services.db.available", "1"),
				resource.TestCheckResourceAttr("akash_lease.web", "services.wordpress.available", "1"),
				resource.TestCheckResourceAttr("akash_lease.web", "uris.wordpress.#", "1"),
				acctest.Look(func() {
					require.Contains(t, net.Running(t, lease)["db"], "MARIADB_PASSWORD=secret")
				}),
			),
		}, {
			// The rendered SDL holds what env lays over it, so that only state moves.
			ResourceName: web, ImportState: true, ImportStateKind: resource.ImportBlockWithID, ExpectNonEmptyPlan: true,
			ImportPlanChecks: resource.ImportPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(web, plancheck.ResourceActionUpdate),
				plancheck.ExpectKnownValue(web, tfjsonpath.New("escrow"), knownvalue.NotNull()),
			}},
		}},
	})
}
