// SPDX-License-Identifier: Apache-2.0

package deployments_test

import (
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

func TestMain(m *testing.M) { acctest.Main(m) }

func known(data string, check knownvalue.Check, steps ...any) statecheck.StateCheck {
	path := tfjsonpath.New("deployments")
	for _, s := range steps {
		switch s := s.(type) {
		case int:
			path = path.AtSliceIndex(s)
		case string:
			path = path.AtMapKey(s)
		}
	}
	return statecheck.ExpectKnownValue("data.akash_deployments."+data, path, check)
}

// TestAccDeployments_listed has one that runs, one that waits and one that is closed, and another account's.
func TestAccDeployments_listed(t *testing.T) {
	t.Parallel()
	doc, problems := sdl.Parse([]byte(acctest.Web{}.SDL()))
	require.Empty(t, problems)
	net := acctest.StartDevnet(t, "deployments of another account", devnet.Options{Deployments: []devnet.Deployment{{
		Owner: devnet.Tenant2, DSeq: 7, Hash: doc.Hash(), Groups: doc.Groups(),
		Leases: []devnet.Lease{{AkashProvider: "amber", Price: sdk.NewInt64DecCoin(coin.UACT, 10)}},
	}}}, acctest.NoRefusal()).Network
	owner, other := net.Owner(t, acctest.Tenant), net.Owner(t, devnet.Tenant2)
	block := net.ProviderBlock(t, acctest.Tenant, "")
	web := acctest.Deployment("web", acctest.Web{}.SDL()) + acctest.Lease("web")
	groups := acctest.Web{Groups: []string{"east", "west"}}
	idle := acctest.Deployment("idle", groups.SDL(), "depends_on = [akash_lease.web]")
	old := acctest.Deployment("old", acctest.Web{}.SDL(), "depends_on = [akash_deployment.idle]")
	text := func(value string) knownvalue.Check { return knownvalue.StringExact(value) }
	var webID, idleID, oldID string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: block + web + idle + old,
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep("akash_deployment.web", "id", &webID), acctest.Keep("akash_deployment.idle", "id", &idleID),
					acctest.Keep("akash_deployment.old", "id", &oldID)),
			},
			{Config: block + web + idle},
			{
				Config: block + web + idle + fmt.Sprintf(`
data "akash_deployments" "all" {}
data "akash_deployments" "active" { state = "active" }
data "akash_deployments" "closed" { state = "closed" }
data "akash_deployments" "one" { dseq = akash_deployment.idle.dseq }
data "akash_deployments" "none" { dseq = "42" }
data "akash_deployments" "other" { owner = %q }
output "ids" { value = join(" ", [for d in data.akash_deployments.all.deployments : d.id]) }
output "active" { value = join(" ", [for d in data.akash_deployments.active.deployments : d.id]) }
output "closed" { value = join(" ", [for d in data.akash_deployments.closed.deployments : d.id]) }
output "one" { value = join(" ", [for d in data.akash_deployments.one.deployments : d.id]) }
`, other),
				Check: resource.ComposeTestCheckFunc(acctest.Look(func() {
					require.Len(t, net.Deployments(t, owner, ""), 3)
				}), func(s *terraform.State) error {
					for output, want := range map[string]string{
						"ids": webID + " " + idleID + " " + oldID, "active": webID + " " + idleID, "closed": oldID, "one": idleID,
					} {
						if err := resource.TestCheckOutput(output, want)(s); err != nil {
							return err
						}
					}
					return likeChain(t, net, webID, s)
				}),
				ConfigStateChecks: []statecheck.StateCheck{
					known("all", text("active"), 0, "state"), known("all", text("open"), 0, "escrow", "state"),
					known("all", knownvalue.Int64Exact(1), 0, "running_leases"),
					known("all", knownvalue.StringRegexp(acctest.Says(":00:00Z")), 0, "funded_until"),
					known("all", knownvalue.Null(), 0, "unfinished"), known("all", knownvalue.Null(), 0, "ip_endpoint"),
					known("all", knownvalue.Null(), 0, "reclamation_window"),
					known("all", text("dcloud"), 0, "groups", 0, "name"), known("all", text("open"), 0, "groups", 0, "state"),
					known("all", knownvalue.StringRegexp(acctest.Says("dcloud")), 0, "groups", 0, "spec"),

					known("all", knownvalue.Int64Exact(0), 1, "running_leases"), known("all", text("0"), 1, "price_per_block"),
					known("all", text("0.00"), 1, "usd_per_month"), known("all", text("5000000"), 1, "left_uact"),
					known("all", knownvalue.Null(), 1, "funded_until"), known("all", knownvalue.ListSizeExact(2), 1, "groups"),
					known("all", text("east"), 1, "groups", 0, "name"), known("all", text("west"), 1, "groups", 1, "name"),

					known("all", text("closed"), 2, "state"), known("all", text("closed"), 2, "escrow", "state"),
					known("all", text("0"), 2, "escrow", "balance_uact"), known("all", knownvalue.Null(), 2, "left_uact"),
					known("all", knownvalue.Null(), 2, "running_leases"), known("all", knownvalue.Null(), 2, "import_block"),
					known("all", text("closed"), 2, "groups", 0, "state"),

					known("none", knownvalue.ListSizeExact(0)),
					statecheck.ExpectKnownValue("data.akash_deployments.none", tfjsonpath.New("complete"), knownvalue.Bool(true)),
					statecheck.ExpectKnownValue("data.akash_deployments.none", tfjsonpath.New("usd_per_month"), text("0.00")),
					statecheck.ExpectKnownValue("data.akash_deployments.all", tfjsonpath.New("owner"), text(owner)),

					known("other", knownvalue.ListSizeExact(1)), known("other", text(other+"/7"), 0, "id"),
					known("other", text("10"), 0, "price_per_block"), known("other", text("4383000"), 0, "uact_per_month"),
					known("other", text("4.38"), 0, "usd_per_month"),
					known("other", text("import {\n  to = akash_deployment.d7\n  id = \""+other+"/7\"\n}\n"), 0, "import_block"),
					statecheck.ExpectKnownValue("data.akash_deployments.other", tfjsonpath.New("usd_per_month"), text("4.38")),
				},
			},
		},
	})
}

// likeChain compares what is told of the deployment that runs with what the chain has.
func likeChain(t *testing.T, net *acctest.Network, id string, s *terraform.State) error {
	t.Helper()
	chain := net.Deployment(t, id)
	lease := net.Leases(t, id)[0]
	attributes := s.RootModule().Resources["data.akash_deployments.all"].Primary.Attributes
	get := func(name string) string { return attributes["deployments.0."+name] }
	require.Equal(t, hex.EncodeToString(chain.Deployment.Hash), get("hash"))
	require.Equal(t, fmt.Sprint(chain.Deployment.CreatedAt), get("created_height"))
	require.Equal(t, id+"/1", get("groups.0.id"))
	require.Equal(t, coin.Trim(lease.Price.Amount), get("price_per_block"))
	decimal := func(name string) math.LegacyDec { return math.LegacyMustNewDecFromStr(get(name)) }
	require.Equal(t, "5000000", coin.Trim(decimal("escrow.balance_uact").Add(decimal("escrow.spent_uact"))))
	require.Equal(t, "5000000", get("escrow.deposited_uact"))
	// What is left has gone down by the price of every block since the last settlement.
	height := math.LegacyMustNewDecFromStr(attributes["height"])
	blocks := height.Sub(math.LegacyMustNewDecFromStr(get("escrow.settled_height")))
	require.True(t, blocks.IsPositive())
	require.Equal(t, coin.Trim(decimal("escrow.balance_uact").Sub(lease.Price.Amount.Mul(blocks))), get("left_uact"))
	require.Equal(t, "true", attributes["complete"])
	require.NotContains(t, attributes, "state")
	return nil
}

// TestAccDeployments_pages has more deployments and leases than fit on a page.
func TestAccDeployments_pages(t *testing.T) {
	t.Parallel()
	doc, problems := sdl.Parse([]byte(acctest.Web{}.SDL()))
	require.Empty(t, problems)
	const n = 1003
	var options devnet.Options
	for dseq := uint64(1); dseq <= n; dseq++ {
		options.Deployments = append(options.Deployments, devnet.Deployment{
			Owner: devnet.Tenant2, DSeq: dseq, Hash: doc.Hash(), Groups: doc.Groups(),
			Leases: []devnet.Lease{{AkashProvider: "amber", Price: sdk.NewInt64DecCoin(coin.UACT, 1)}},
		})
	}
	net := acctest.StartDevnet(t, "a thousand deployments", options).Network
	other := net.Owner(t, devnet.Tenant2)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config: net.ProviderBlock(t, acctest.Tenant, "") + fmt.Sprintf(`
data "akash_deployments" "all" { owner = %[1]q }
data "akash_leases" "all" { owner = %[1]q }
output "first" { value = data.akash_deployments.all.deployments[0].dseq }
output "last" { value = data.akash_deployments.all.deployments[%[2]d].dseq }
output "leased" { value = alltrue([for d in data.akash_deployments.all.deployments : d.running_leases == 1]) }
`, other, n-1),
			Check: resource.ComposeTestCheckFunc(
				resource.TestCheckResourceAttr("data.akash_deployments.all", "deployments.#", fmt.Sprint(n)),
				resource.TestCheckResourceAttr("data.akash_deployments.all", "complete", "true"),
				resource.TestCheckResourceAttr("data.akash_deployments.all", "usd_per_month", "439.61"), // 0.4383 each
				resource.TestCheckOutput("first", "1"), resource.TestCheckOutput("last", fmt.Sprint(n)),
				resource.TestCheckOutput("leased", "true"),
				resource.TestCheckResourceAttr("data.akash_leases.all", "leases.#", fmt.Sprint(n)),
				resource.TestCheckResourceAttr("data.akash_leases.all", "complete", "true"),
			),
		}},
	})
}

// TestAccDeployments_orphan loses the state and takes the deployment back by the block that the list tells.
func TestAccDeployments_orphan(t *testing.T) {
	t.Parallel()
	net := acctest.Start(t)
	web := acctest.Deployment("web", acctest.Web{}.SDL())
	w := net.NewWorkspace(t, acctest.Tenant, web)
	w.MustRun(t, "apply", "-auto-approve", "-no-color")
	found := net.Deployments(t, net.Owner(t, acctest.Tenant), "active")
	require.Len(t, found, 1)
	require.NoError(t, os.Remove(filepath.Join(w.Dir, "terraform.tfstate")))
	w.Replace(t, web, "\n"+fmt.Sprintf(`data "akash_deployments" "mine" { dseq = "%d" }`, found[0].Deployment.ID.DSeq)+`
output "import" { value = data.akash_deployments.mine.deployments[0].import_block }
`)
	w.MustRun(t, "apply", "-auto-approve", "-no-color")
	block := w.MustRun(t, "output", "-raw", "import")
	require.Contains(t, block, "akash_deployment.d")
	w.Write(t, "import.tf", block+"\n"+
		strings.Replace(web, `"web"`, fmt.Sprintf(`"d%d"`, found[0].Deployment.ID.DSeq), 1))
	text := w.MustRun(t, "plan", "-no-color")
	require.Contains(t, text, "1 to import, 0 to add,")
	require.Contains(t, text, "0 to destroy")
	w.MustRun(t, "apply", "-auto-approve", "-no-color")
	require.Len(t, net.Deployments(t, net.Owner(t, acctest.Tenant), "active"), 1)
	w.MustRun(t, "destroy", "-auto-approve", "-no-color")
	require.Empty(t, net.Deployments(t, net.Owner(t, acctest.Tenant), "active"))
}

// TestAccDeployments_deadChain: a plan goes on without the chain, and not with a wrong one.
func TestAccDeployments_deadChain(t *testing.T) {
	t.Parallel()
	net := acctest.Start(t)
	block := func(chainID, endpoint, more string) string {
		return fmt.Sprintf(`
provider "akash" {
  network  = "custom"
  chain_id = %q
  grpc     = [%q]
  owner    = %q
}
data "akash_deployments" "x" {%s}
`, chainID, endpoint, net.Owner(t, acctest.Tenant), more)
	}
	at := func(name string, check knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue("data.akash_deployments.x", tfjsonpath.New(name), check)
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: block("nowhere-1", net.Endpoint(), ""), ExpectError: acctest.Says("Wrong chain id")},
			{Config: block("nowhere-1", net.Endpoint(), `state = "open"`), ExpectError: acctest.Says("value must be one of")},
			{Config: block("nowhere-1", net.Endpoint(), `dseq = "x"`), ExpectError: acctest.Says("want a whole number")},
			{Config: block("nowhere-1", net.Endpoint(), `owner = "x"`), ExpectError: acctest.Says("an address such as")},
			{
				Config: block("nowhere-1", "http://127.0.0.1:1", ""),
				ConfigStateChecks: []statecheck.StateCheck{
					known("x", knownvalue.ListSizeExact(0)), at("complete", knownvalue.Bool(false)),
					at("height", knownvalue.Null()), at("usd_per_month", knownvalue.Null()),
				},
			},
		},
	})
}
