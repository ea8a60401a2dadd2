// SPDX-License-Identifier: Apache-2.0

package deployment_test

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
)

const (
	web = "akash_deployment.web"
	// deposited is the default deposit, in uact.
	deposited = 5_000_000
)

func TestMain(m *testing.M) { acctest.Main(m) }

// start gives a chain, with the provider block of its tenant.
func start(t *testing.T, options ...acctest.Option) (net *acctest.Network, provider string) {
	t.Helper()
	net = acctest.Start(t, options...)
	return net, net.ProviderBlock(t, acctest.Tenant, "")
}

// escrow is what a deployment holds, in uact.
func escrow(t *testing.T, net *acctest.Network, id string) string {
	t.Helper()
	funds := net.Deployment(t, id).EscrowAccount.State.Funds
	require.Len(t, funds, 1)
	require.Equal(t, coin.UACT, funds[0].Denom)
	return coin.Trim(funds[0].Amount)
}

// asText is the same SDL written by another person: comments, quotes, order, block style and equal units.
const asText = `
# what runs
deployment: {web: {dcloud: {count: 1, profile: "web"}}}
services:
  web:
    expose:
      - to:
          - global: true
        as: 80
        port: 80
    env:
      - "GREETING=hello"
    image: "nginx:1.29.3"
profiles:
  placement:
    dcloud:
      pricing:
        web:
          amount: 1000
          denom: uact
  compute:
    web:
      resources:
        storage:
          - size: 134217728
        memory: {size: 0.0625Gi}
        cpu: {units: 0.1}
version: '2.0'
`

func TestAccDeployment_basic(t *testing.T) {
	t.Parallel()
	net, provider := start(t)
	owner := net.Owner(t, acctest.Tenant)
	before := net.Balance(t, owner, coin.UACT)
	feesBefore := net.Balance(t, owner, coin.UAKT)
	var id, hash string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: provider + acctest.Deployment("web", acctest.Web{}.SDL()),
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep(web, "id", &id), acctest.Keep(web, "hash", &hash),
					resource.TestCheckResourceAttr(web, "owner", owner),
					resource.TestCheckResourceAttr(web, "deposit.usd", "5"),
					resource.TestCheckResourceAttr(web, "escrow.balance_uact", "5000000"),
					resource.TestCheckResourceAttr(web, "escrow.spent_uact", "0"),
					resource.TestCheckResourceAttr(web, "groups.%", "1"),
					resource.TestCheckResourceAttr(web, "groups.dcloud.gseq", "1"),
					resource.TestCheckResourceAttr(web, "groups.dcloud.name", "dcloud"),
					acctest.Look(func() {
						found := net.Deployment(t, id)
						require.Equal(t, "active", found.Deployment.State.String())
						require.Equal(t, hash, hex.EncodeToString(found.Deployment.Hash))
						require.Len(t, found.Groups, 1)
						require.Equal(t, "open", found.Groups[0].State.String())
						require.Equal(t, "5000000", escrow(t, net, id))
						require.Equal(t, before.SubRaw(deposited), net.Balance(t, owner, coin.UACT))
						require.True(t, strings.HasPrefix(id, owner+"/"), id)
						require.Len(t, net.Deployments(t, owner, ""), 1)
					}),
				),
			},
			{Config: provider + acctest.Deployment("web", asText), ConfigPlanChecks: acctest.NoChange()},
		},
		CheckDestroy: acctest.Look(func() {
			require.Equal(t, "closed", net.Deployment(t, id).Deployment.State.String())
			require.Equal(t, before, net.Balance(t, owner, coin.UACT), "the whole deposit comes back")
			fees := feesBefore.Sub(net.Balance(t, owner, coin.UAKT))
			require.True(t, fees.IsPositive() && fees.LT(feesBefore.QuoRaw(1000)), "only fees are gone: %s uakt", fees)
			require.Len(t, net.Deployments(t, owner, ""), 1, "nothing was replaced")
		}),
	})
}

func TestAccDeployment_disappears(t *testing.T) {
	t.Parallel()
	net, provider := start(t)
	owner := net.Owner(t, acctest.Tenant)
	config := provider + acctest.Deployment("web", acctest.Web{}.SDL())
	var first, second string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: config, Check: acctest.Keep(web, "id", &first)},
			{
				PreConfig:        func() { net.CloseDeployment(t, acctest.Tenant, first) },
				Config:           config,
				ConfigPlanChecks: acctest.Plan(plancheck.ExpectResourceAction(web, plancheck.ResourceActionCreate)),
				Check: resource.ComposeTestCheckFunc(acctest.Keep(web, "id", &second), acctest.Look(func() {
					require.NotEqual(t, first, second)
					require.Len(t, net.Deployments(t, owner, "active"), 1)
				})),
			},
		},
	})
}

// TestAccDeployment_replace changes resources, which the chain keeps fixed: the plan says so, the old deployment is
// closed and its deposit comes back.
func TestAccDeployment_replace(t *testing.T) {
	t.Parallel()
	net, provider := start(t)
	owner := net.Owner(t, acctest.Tenant)
	before := net.Balance(t, owner, coin.UACT)
	var first, second string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: provider + acctest.Deployment("web", acctest.Web{}.SDL()) + acctest.Lease("web"),
				Check:  acctest.Keep(web, "id", &first),
			},
			{
				Config: provider + acctest.Deployment("web", acctest.Web{CPU: "200m"}.SDL()) + acctest.Lease("web"),
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectResourceAction(web, plancheck.ResourceActionDestroyBeforeCreate),
					plancheck.ExpectResourceAction("akash_lease.web", plancheck.ResourceActionDestroyBeforeCreate),
				),
				Check: resource.ComposeTestCheckFunc(acctest.Keep(web, "id", &second), acctest.Look(func() {
					require.NotEqual(t, first, second)
					old := net.Deployment(t, first)
					require.Equal(t, "closed", old.Deployment.State.String())
					require.Equal(t, "closed", old.EscrowAccount.State.State.String())
					require.Equal(t, "closed", net.Leases(t, first)[0].State.String())
					require.Len(t, net.Deployments(t, owner, "active"), 1)
					gone := before.SubRaw(deposited).Sub(net.Balance(t, owner, coin.UACT))
					require.True(t, gone.LT(old.EscrowAccount.State.Transferred[0].Amount.Ceil().TruncateInt().AddRaw(2)),
						"the old deposit came back but for what its lease cost: %s uact are gone", gone)
				})),
			},
		},
		CheckDestroy: acctest.Look(func() { require.Empty(t, net.Deployments(t, owner, "active")) }),
	})
}
