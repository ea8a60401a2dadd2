// SPDX-License-Identifier: Apache-2.0

package lease_test

import (
	"fmt"
	"regexp"
	"strconv"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
)

const (
	web        = "akash_lease.web"
	deployment = "akash_deployment.web"
	// allBids waits for every Akash provider of a devnet; [acctest.Network.AllBids] is for tests of any chain.
	allBids = `bid_policy = { min_bids = 3 }`
)

func TestMain(m *testing.M) { acctest.Main(m) }

// start gives a chain, with a provider block of its tenant and an akash_deployment.
func start(t *testing.T) (net *acctest.Network, config string) {
	t.Helper()
	net = acctest.Start(t, acctest.NoRefusal())
	return net, net.ProviderBlock(t, acctest.Tenant, "") + acctest.Deployment("web", acctest.Web{}.SDL())
}

// startDevnet is start for a test that needs more than endpoints.
func startDevnet(t *testing.T, needs string, more ...acctest.Option) (dev *acctest.Devnet, config string) {
	t.Helper()
	dev = acctest.StartDevnet(t, needs, devnet.Options{}, append(more, acctest.NoRefusal())...)
	return dev, dev.ProviderBlock(t, acctest.Tenant, "") + acctest.Deployment("web", acctest.Web{}.SDL())
}

// leasedTo wants the only active lease of a deployment to be with the Akash provider of a rank, running.
func leasedTo(t *testing.T, net *acctest.Network, deploymentID *string, rank acctest.Rank) resource.TestCheckFunc {
	t.Helper()
	address := net.Address(t, rank)
	return resource.ComposeTestCheckFunc(
		resource.TestCheckResourceAttr(web, "provider_address", address),
		resource.TestCheckResourceAttr(web, "state", "active"),
		acctest.Look(func() {
			require.Equal(t, []string{address}, activeWith(t, net, *deploymentID))
		}),
	)
}

// activeWith lists the Akash providers of a deployment's active leases.
func activeWith(t *testing.T, net *acctest.Network, deploymentID string) []string {
	t.Helper()
	var with []string
	for _, l := range net.Leases(t, deploymentID) {
		if l.State.String() == "active" {
			with = append(with, l.ID.Provider)
			require.NotNil(t, net.Running(t, leaseID(l)), "the Akash provider runs it")
		}
	}
	return with
}

// TestAccLease_basic takes the cheapest of the bids and says why the others lost.
func TestAccLease_basic(t *testing.T) {
	t.Parallel()
	net, config := start(t)
	var id string
	full := config + acctest.Lease("web", net.AllBids(),
		`price_ceiling = { usd_per_month = "`+net.USDPerMonth(t, acctest.Dearest, 150)+`" }`)
	bid := func(rank acctest.Rank, reason string) resource.TestCheckFunc {
		i := strconv.Itoa(int(rank))
		return resource.ComposeTestCheckFunc(
			resource.TestCheckResourceAttr(web, "bids."+i+".provider_address", net.Address(t, rank)),
			resource.TestCheckResourceAttr(web, "bids."+i+".acceptable", "true"),
			resource.TestMatchResourceAttr(web, "bids."+i+".reason", regexp.MustCompile(reason)),
			resource.TestMatchResourceAttr(web, "bids."+i+".price_per_block", regexp.MustCompile(`^[0-9]+(\.[0-9]+)?$`)),
			resource.TestMatchResourceAttr(web, "bids."+i+".usd_per_month", regexp.MustCompile(`^[0-9]+\.[0-9]{2}$`)),
		)
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: full,
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectUnknownValue(web, tfjsonpath.New("provider_address")),
					plancheck.ExpectKnownValue(web, tfjsonpath.New("auction_reason"), knownvalue.StringExact("new lease")),
				),
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep(deployment, "id", &id),
					leasedTo(t, net, &id, acctest.Cheapest),
					resource.TestCheckResourceAttr(web, "bids.#", "3"),
					bid(acctest.Cheapest, "^accepted"), bid(acctest.Middle, "1 cheaper"), bid(acctest.Dearest, "2 cheaper"),
					resource.TestCheckResourceAttr(web, "services.web.available", "1"),
					resource.TestCheckResourceAttr(web, "services.web.total", "1"),
					resource.TestCheckResourceAttr(web, "uris.web.#", "1"),
					resource.TestMatchResourceAttr(web, "uris.web.0", regexp.MustCompile(`^[a-z0-9]+(\.[a-z0-9-]+)+$`)),
					resource.TestCheckResourceAttrPair(web, "price_per_block", web, "bids.0.price_per_block"),
					resource.TestCheckResourceAttrPair(web, "manifest_delivered_hash", deployment, "hash"),
					resource.TestCheckNoResourceAttr(web, "close_reason"),
					acctest.Look(func() {
						lease := net.Leases(t, id)[0]
						require.Equal(t, coin.UACT, lease.Price.Denom)
						require.Equal(t, id+"/1", leaseID(lease)[:len(id)+2])
					}),
				),
			},
			{Config: full, ConfigPlanChecks: acctest.NoChange()},
			{
				// The lease alone goes: the group is paused, the deployment and its escrow stay.
				Config: config,
				Check: acctest.Look(func() {
					require.Empty(t, activeWith(t, net, id))
					require.Equal(t, "active", net.Deployment(t, id).Deployment.State.String())
					require.Equal(t, "paused", net.Deployment(t, id).Groups[0].State.String())
				}),
			},
			{
				Config: full,
				Check: resource.ComposeTestCheckFunc(
					acctest.Same(deployment, "id", &id), leasedTo(t, net, &id, acctest.Cheapest),
					acctest.Look(func() { require.Len(t, net.Leases(t, id), 2) })),
			},
		},
	})
}

// TestAccLease_undecided has a ceiling that only apply knows, which leaves open whether the lease may stay. It may: the
// auction that it is from is still told. Then it may not, and the reason is told.
func TestAccLease_undecided(t *testing.T) {
	t.Parallel()
	net, config := start(t)
	late := func(uact string) string {
		return config + fmt.Sprintf("resource \"terraform_data\" \"late\" { input = %q }\n", uact) +
			acctest.Lease("web", net.AllBids(), `price_ceiling = { uact_per_block = terraform_data.late.output }`)
	}
	cheapest := net.Address(t, acctest.Cheapest)
	undecided := acctest.Plan(plancheck.ExpectResourceAction(web, plancheck.ResourceActionUpdate),
		plancheck.ExpectUnknownValue(web, tfjsonpath.New("auction_reason")))
	var id, lease, bids string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: late("1000"),
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep(deployment, "id", &id), acctest.Keep(web, "lease_id", &lease), acctest.Keep(web, "bids.#", &bids),
					leasedTo(t, net, &id, acctest.Cheapest), resource.TestCheckResourceAttr(web, "auction_reason", "new lease")),
			},
			{
				Config: late("999"), ConfigPlanChecks: undecided,
				Check: resource.ComposeTestCheckFunc(
					acctest.Same(web, "lease_id", &lease), acctest.Same(web, "bids.#", &bids),
					resource.TestCheckResourceAttr(web, "bids.0.provider_address", cheapest),
					resource.TestCheckResourceAttr(web, "auction_reason", "new lease")),
			},
			{
				Config: late(coin.Trim(net.Price(t, acctest.Cheapest).QuoInt64(2))), ConfigPlanChecks: undecided,
				ExpectError: acctest.Says("No acceptable bid"),
			},
		},
	})
}

// TestAccLease_policy lists who may and who must not win.
func TestAccLease_policy(t *testing.T) {
	t.Parallel()
	net, config := start(t)
	cheapest, dearest := net.Address(t, acctest.Cheapest), net.Address(t, acctest.Dearest)
	var id, lease string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config:      config + acctest.Lease("web", `bid_policy = { allow = ["akash1nobody"] }`),
				ExpectError: acctest.Says("Invalid value", "bid_policy.allow[0]", "an address such as akash1"),
			},
			{
				Config: config + acctest.Lease("web", `bid_policy = { allow = ["`+dearest+`"] }`),
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep(deployment, "id", &id), acctest.Keep(web, "lease_id", &lease),
					leasedTo(t, net, &id, acctest.Dearest)),
			},
			// The choice is sticky: cheaper bids elsewhere never move a lease.
			{
				Config: config + acctest.Lease("web", net.AllBids()),
				Check: resource.ComposeTestCheckFunc(acctest.Same(web, "lease_id", &lease),
					leasedTo(t, net, &id, acctest.Dearest)),
			},
			{
				Config: config + acctest.Lease("web", `bid_policy = { min_bids = 2, deny = ["`+cheapest+`", "`+dearest+`"] }`),
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectResourceAction(web, plancheck.ResourceActionUpdate),
					plancheck.ExpectUnknownValue(web, tfjsonpath.New("lease_id")),
					plancheck.ExpectKnownValue(web, tfjsonpath.New("auction_reason"),
						knownvalue.StringRegexp(regexp.MustCompile("deny"))),
				),
				Check: resource.ComposeTestCheckFunc(acctest.Differs(web, "lease_id", &lease),
					leasedTo(t, net, &id, acctest.Middle), acctest.Same(deployment, "id", &id)),
			},
		},
	})
}
