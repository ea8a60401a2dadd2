// SPDX-License-Identifier: Apache-2.0

package akashproviders_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// TestAccProviders_listed finds an Akash provider as the chain has it, whoever else is there.
func TestAccProviders_listed(t *testing.T) {
	t.Parallel()
	net := acctest.Start(t)
	address := net.Address(t, acctest.Cheapest)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config: net.ProviderBlock(t, acctest.Tenant, "") + fmt.Sprintf(`
data "akash_providers" "all" {}
data "akash_providers" "none" { attributes = { region = "moon" } }
output "host_uri" {
  value = one([for p in data.akash_providers.all.providers : p.host_uri if p.address == %q])
}
output "sorted" {
  value = data.akash_providers.all.providers[*].address == sort(data.akash_providers.all.providers[*].address)
}
`, address),
			Check: resource.ComposeTestCheckFunc(
				resource.TestCheckOutput("host_uri", net.HostURI(t, address)),
				resource.TestCheckOutput("sorted", "true"),
				resource.TestCheckResourceAttr("data.akash_providers.none", "providers.#", "0"),
			),
		}},
	})
}

// TestAccProviders_attributes asks for some of the devnet's.
func TestAccProviders_attributes(t *testing.T) {
	t.Parallel()
	net := acctest.StartDevnet(t, "Akash providers of known attributes", devnet.Options{})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config: net.ProviderBlock(t, acctest.Tenant, "") + `
data "akash_providers" "all" {}
data "akash_providers" "premium" { attributes = { tier = "premium" } }
data "akash_providers" "europe" { attributes = { tier = "premium", region = "eu-central" } }
`,
			Check: resource.ComposeTestCheckFunc(
				resource.TestCheckResourceAttr("data.akash_providers.all", "providers.#", "3"),
				resource.TestCheckResourceAttr("data.akash_providers.premium", "providers.#", "2"),
				resource.TestCheckResourceAttr("data.akash_providers.europe", "providers.#", "1"),
				resource.TestCheckResourceAttr("data.akash_providers.europe", "providers.0.address",
					net.Address(t, acctest.Middle)),
				resource.TestCheckResourceAttr("data.akash_providers.europe", "providers.0.host_uri",
					net.Seller(t, acctest.Middle).HostURI()),
				resource.TestCheckResourceAttr("data.akash_providers.europe", "providers.0.attributes.organization", "birch"),
			),
		}},
	})
}

const gib = 1 << 30

// addresses expects a list of Akash providers, by address.
func addresses(dev *acctest.Devnet, t *testing.T, data string, ranks ...acctest.Rank) statecheck.StateCheck {
	t.Helper()
	wanted := []knownvalue.Check{}
	for _, p := range dev.Inside.AkashProviders() { // any order
		for _, rank := range ranks {
			if p.Address() == dev.Address(t, rank) {
				wanted = append(wanted, knownvalue.ObjectPartial(map[string]knownvalue.Check{
					"address": knownvalue.StringExact(p.Address()),
				}))
			}
		}
	}
	return statecheck.ExpectKnownValue("data.akash_providers."+data, tfjsonpath.New("providers"),
		knownvalue.SetExact(wanted))
}

func of(data, attribute string, check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue("data."+data, tfjsonpath.New(attribute), check)
}

// auditedSpecs are the plain devnet's Akash providers; amber is audited, birch reclaims.
func auditedSpecs() []akashprovider.Spec {
	specs := akashprovider.DefaultSpecs()
	specs[0].AuditedBy = []string{akashprovider.NetworkAuditor}
	specs[1].ReclamationWindow = 24 * time.Hour
	return specs
}

// TestAccProviders_filters asks for what each of the devnet's has, with one that is switched off.
func TestAccProviders_filters(t *testing.T) {
	t.Parallel()
	dev := acctest.StartDevnet(t, "Akash providers of known machines", devnet.Options{AkashProviders: auditedSpecs()})
	amber, birch, cedar := acctest.Cheapest, acctest.Middle, acctest.Dearest
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config: dev.ProviderBlock(t, acctest.Tenant, "") + `
data "akash_providers" "all" {}
data "akash_providers" "audited" { audited_by = ["` + akashprovider.NetworkAuditor + `"] }
data "akash_providers" "unaudited" { audited_by = ["` + dev.Owner(t, acctest.Tenant) + `"] }
data "akash_providers" "sxm" { gpu = { model = "a100", interface = "sxm" } }
data "akash_providers" "pcie" { gpu = { model = "a100", interface = "pcie" } }
data "akash_providers" "gpus" {
  gpu  = { model = "t4" }
  free = { gpus = 2, memory = "1Gi" }
}
data "akash_providers" "too_many" {
  gpu  = { model = "t4" }
  free = { gpus = 3 }
}
data "akash_providers" "large" { free = { cpu = "17", memory = "100Gi" } }
data "akash_providers" "volume" { free = { persistent_storage = { beta2 = "501Gi" } } }
data "akash_providers" "ips" { free = { ips = 4 } }
`,
			ConfigStateChecks: []statecheck.StateCheck{
				addresses(dev, t, "all", amber, birch, cedar), addresses(dev, t, "audited", amber),
				addresses(dev, t, "unaudited"), addresses(dev, t, "sxm", cedar), addresses(dev, t, "pcie"),
				addresses(dev, t, "gpus", cedar), addresses(dev, t, "too_many"), addresses(dev, t, "large", birch, cedar),
				addresses(dev, t, "volume", birch), addresses(dev, t, "ips", birch),
				of("akash_providers.all", "complete", knownvalue.Bool(true)),
				of("akash_providers.all", "unanswered", knownvalue.Int64Exact(0)),
				of("akash_providers.all", "height", knownvalue.NotNull()),
				of("akash_providers.audited", "providers", knownvalue.ListExact([]knownvalue.Check{
					knownvalue.ObjectPartial(map[string]knownvalue.Check{
						"audited_by": knownvalue.ListExact([]knownvalue.Check{
							knownvalue.StringExact(akashprovider.NetworkAuditor),
						}),
						"online": knownvalue.Bool(true), "offline_reason": knownvalue.Null(),
						"gpu_models": knownvalue.ListSizeExact(0), "reclamation_window": knownvalue.Null(),
						"free": knownvalue.ObjectExact(map[string]knownvalue.Check{
							"machines": knownvalue.Int64Exact(2), "cpu_millicores": knownvalue.Int64Exact(32_000),
							"memory_bytes": knownvalue.Int64Exact(128 * gib), "storage_bytes": knownvalue.Int64Exact(1000 * gib),
							"persistent_storage_bytes": knownvalue.MapExact(map[string]knownvalue.Check{
								"beta2": knownvalue.Int64Exact(500 * gib),
							}),
							"gpus": knownvalue.Int64Exact(0), "ips": knownvalue.Int64Exact(0),
						}),
					}),
				})),
				of("akash_providers.ips", "providers", knownvalue.ListExact([]knownvalue.Check{
					knownvalue.ObjectPartial(map[string]knownvalue.Check{
						"reclamation_window": knownvalue.StringExact("24h0m0s"), "audited_by": knownvalue.ListSizeExact(0),
					}),
				})),
				of("akash_providers.sxm", "providers", knownvalue.ListExact([]knownvalue.Check{
					knownvalue.ObjectPartial(map[string]knownvalue.Check{
						"gpu_models": knownvalue.ListExact([]knownvalue.Check{
							knownvalue.StringExact("a100"), knownvalue.StringExact("t4"),
						}),
						"gpus": knownvalue.ListPartial(map[int]knownvalue.Check{
							0: knownvalue.ObjectExact(map[string]knownvalue.Check{
								"vendor": knownvalue.StringExact("nvidia"), "model": knownvalue.StringExact("a100"),
								"vram": knownvalue.StringExact("80Gi"), "interface": knownvalue.StringExact("SXM4"),
								"units": knownvalue.Int64Exact(4),
							}),
						}),
					}),
				})),
			},
		}},
	})
}

// TestAccProviders_dead: who does not answer is said to be silent, and left out where an answer is needed.
func TestAccProviders_dead(t *testing.T) {
	t.Parallel()
	dev := acctest.StartDevnet(t, "faults", devnet.Options{})
	amber, birch, cedar := acctest.Cheapest, acctest.Middle, acctest.Dearest
	dev.Seller(t, cedar).SetFaults(akashprovider.Faults{Dead: true})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config: dev.ProviderBlock(t, acctest.Tenant, "") + fmt.Sprintf(`
data "akash_providers" "all" {}
data "akash_providers" "online" { online_only = true }
data "akash_providers" "gpus" { gpu = { model = "a100" } }
data "akash_providers" "free" {
  gpu  = { model = "a100" }
  free = { gpus = 1 }
}
data "akash_providers" "premium" {
  attributes = { tier = "community" }
  free       = { cpu = "1" }
}
data "akash_provider" "dead" { address = %q }
`, dev.Address(t, cedar)),
			ConfigStateChecks: []statecheck.StateCheck{
				addresses(dev, t, "all", amber, birch, cedar), addresses(dev, t, "online", amber, birch),
				addresses(dev, t, "gpus", cedar), addresses(dev, t, "free"), addresses(dev, t, "premium", amber),
				of("akash_providers.all", "unanswered", knownvalue.Int64Exact(1)),
				of("akash_providers.online", "unanswered", knownvalue.Int64Exact(1)),
				of("akash_providers.free", "unanswered", knownvalue.Int64Exact(1)),
				of("akash_providers.premium", "unanswered", knownvalue.Int64Exact(0)),
				of("akash_providers.free", "complete", knownvalue.Bool(true)),
				of("akash_providers.gpus", "providers", knownvalue.ListExact([]knownvalue.Check{
					knownvalue.ObjectPartial(map[string]knownvalue.Check{
						"online": knownvalue.Bool(false), "offline_reason": knownvalue.StringExact("refused the connection"),
						"free":       knownvalue.Null(),
						"gpu_models": knownvalue.ListSizeExact(2), // declared
						"gpus": knownvalue.ListPartial(map[int]knownvalue.Check{
							0: knownvalue.ObjectPartial(map[string]knownvalue.Check{"units": knownvalue.Null()}),
						}),
					}),
				})),
				of("akash_provider.dead", "online", knownvalue.Bool(false)),
				of("akash_provider.dead", "version", knownvalue.Null()),
				of("akash_provider.dead", "host_uri", knownvalue.StringExact(dev.HostURI(t, dev.Address(t, cedar)))),
			},
		}},
	})
}

// TestAccProviders_deadMarket: a plan goes on without the chain; one Akash provider cannot be told of without it.
func TestAccProviders_deadMarket(t *testing.T) {
	t.Parallel()
	const block = `
provider "akash" {
  network  = "custom"
  chain_id = "nowhere-1"
  grpc     = ["http://127.0.0.1:1"]
  owner    = "akash1365yvmc4s7awdyj3n2sav7xfx76adc6dnmlx63"
}
`
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: block + `data "akash_providers" "all" { free = { cpu = "1" } }`,
				ConfigStateChecks: []statecheck.StateCheck{
					of("akash_providers.all", "providers", knownvalue.ListSizeExact(0)),
					of("akash_providers.all", "complete", knownvalue.Bool(false)),
					of("akash_providers.all", "height", knownvalue.Null()),
					of("akash_providers.all", "read_at", knownvalue.Null()),
				},
			},
			{
				Config:      block + `data "akash_provider" "x" { address = "akash1365yvmc4s7awdyj3n2sav7xfx76adc6dnmlx63" }`,
				ExpectError: acctest.Says("No endpoint answers"),
			},
		},
	})
}

func TestAccProviders_invalid(t *testing.T) {
	t.Parallel()
	net := acctest.Start(t)
	var steps []resource.TestStep
	for config, says := range map[string]string{
		`data "akash_providers" "x" { free = { memory = "16GB" } }`:                      "a size such as 512Mi",
		`data "akash_providers" "x" { free = { cpu = "0" } }`:                            "must be above zero",
		`data "akash_providers" "x" { free = { gpus = 0 } }`:                             "at least 1",
		`data "akash_providers" "x" { free = { persistent_storage = { beta3 = "x" } } }`: "a size such as",
		`data "akash_providers" "x" { gpu = { model = "H 100" } }`:                       "lower case without spaces",
		`data "akash_providers" "x" { audited_by = ["akash1"] }`:                         "an address such as akash1",
		`data "akash_provider" "x" { address = "akash1" }`:                               "an address such as akash1",
		`data "akash_provider" "x" { address = "` + net.Owner(t, acctest.Tenant) + `" }`: "is not registered as an Akash " +
			"provider on chain " + net.ChainID(),
	} {
		steps = append(steps, resource.TestStep{
			Config: net.ProviderBlock(t, acctest.Tenant, "") + config, ExpectError: acctest.Says(says),
		})
	}
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: acctest.Factories(), Steps: steps})
}

// TestAccProvider_record tells of one Akash provider that gave a lease up.
func TestAccProvider_record(t *testing.T) {
	t.Parallel()
	dev := acctest.StartDevnet(t, "Akash providers that give up", devnet.Options{AkashProviders: auditedSpecs()},
		acctest.NoRefusal())
	amber := dev.Address(t, acctest.Cheapest)
	block := dev.ProviderBlock(t, acctest.Tenant, "")
	world := block + acctest.Deployment("web", acctest.Web{}.SDL()) + acctest.Lease("web", dev.AllBids())
	one := fmt.Sprintf("data \"akash_provider\" \"one\" { address = %q }\n", amber)
	var lease string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: world, Check: acctest.Keep("akash_lease.web", "lease_id", &lease)},
			{
				PreConfig: func() { dev.KillLease(t, lease) },
				Config:    block + one,
				ConfigStateChecks: []statecheck.StateCheck{
					of("akash_provider.one", "address", knownvalue.StringExact(amber)),
					of("akash_provider.one", "online", knownvalue.Bool(true)),
					of("akash_provider.one", "version", knownvalue.NotNull()),
					of("akash_provider.one", "kubernetes_version", knownvalue.NotNull()),
					of("akash_provider.one", "audited_by", knownvalue.ListSizeExact(1)),
					of("akash_provider.one", "free", knownvalue.NotNull()),
				},
			},
			{
				Config: block + one,
				ConfigStateChecks: []statecheck.StateCheck{
					of("akash_provider.one", "ended_leases", knownvalue.Int64Exact(1)),
					of("akash_provider.one", "given_up_leases", knownvalue.Int64Exact(1)),
					of("akash_provider.one", "own_ended_leases", knownvalue.Int64Exact(1)),
					of("akash_provider.one", "own_given_up_leases", knownvalue.Int64Exact(1)),
				},
				Check: acctest.Look(func() {
					ended := dev.Leases(t, strings.Join(strings.Split(lease, "/")[:2], "/"))
					require.Len(t, ended, 1)
					require.Equal(t, "closed", ended[0].State.String())
				}),
			},
		},
	})
}
