// SPDX-License-Identifier: Apache-2.0

package deployment_test

import (
	"regexp"
	"strings"
	"testing"

	"cosmossdk.io/math"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
)

// manyProblems has one problem each in image, expose, resources, pricing and deployment.
const manyProblems = `version: "2.0"
services:
  web:
    expose:
      - port: 99999
        to: [{global: true}]
profiles:
  compute:
    web:
      resources:
        cpu: {units: 100m}
        memory: {size: 64Mx}
        storage: [{size: 128Mi}]
  placement:
    dcloud: {pricing: {web: {denom: uact, amount: -1}}}
deployment:
  web: {dcloud: {profile: wbe, count: 0}}
`

// unspent wants that an account has what it had and opened nothing.
func unspent(t *testing.T, net *acctest.Network, account string, try func()) {
	t.Helper()
	owner := net.Owner(t, account)
	have := func() []math.Int {
		return []math.Int{net.Balance(t, owner, coin.UACT), net.Balance(t, owner, coin.UAKT)}
	}
	before, deployments := have(), len(net.Deployments(t, owner, ""))
	try()
	require.Equal(t, before, have(), "nothing is spent")
	require.Len(t, net.Deployments(t, owner, ""), deployments, "nothing is created")
}

// TestAccDeployment_refused plans what cannot work: the error says all of it, and nothing is spent.
func TestAccDeployment_refused(t *testing.T) {
	t.Parallel()
	net := acctest.Start(t)
	web := acctest.Web{}.SDL()
	for name, test := range map[string]struct {
		account, config string
		says            *regexp.Regexp
	}{
		"many problems": {
			config: acctest.Deployment("web", manyProblems),
			says: acctest.Says("Invalid SDL:", "problems", "line 3, column", "services.web", "image",
				"line 5, column", "services.web.expose", "99999", "line 12, column", "64Mx", "line 15, column", "-1",
				"line 17, column", "wbe", "Nothing was created or spent"),
		},
		"not YAML": {
			config: acctest.Deployment("web", "version: [\n"),
			says:   acctest.Says("Invalid SDL: 1 problem", "line"),
		},
		"priced in uakt": {
			config: acctest.Deployment("web", strings.ReplaceAll(web, "denom: uact", "denom: uakt")),
			says: acctest.Says("Prices must be in uact", `Placement "dcloud" is priced in uakt`, "denom: uact",
				"sdl_upgrade", "pricing.web.denom: uakt → uact", "pricing.web.amount: 1000 → 1000 × usd_per_akt"),
		},
		"env of an unknown service": {
			config: acctest.Deployment("web", web, `env = { database = { HOST = "db" } }`),
			says:   acctest.Says("Invalid SDL: 1 problem", "database", "web"),
		},
		"not a deposit": {
			config: acctest.Deployment("web", web, `deposit = { usd = "five" }`),
			says:   acctest.Says("Invalid value", "deposit.usd", "a decimal above zero"),
		},
		"two deposits": {
			config: acctest.Deployment("web", web, `deposit = { usd = "5", uact = "5000000" }`),
			says:   acctest.Says("Invalid Attribute Combination"),
		},
		"a part of a uact": {
			config: acctest.Deployment("web", web, `deposit = { uact = "5000000.5" }`),
			says:   acctest.Says("Invalid deposit", "whole number of uact"),
		},
		"deposit below the minimum": {
			config: acctest.Deployment("web", web, `deposit = { usd = "0.4" }`),
			says: acctest.Says("Deposit too low", "deposit of 0.4 ACT", "the network's minimum of 0.5 ACT",
				"Nothing was created or spent", "Raise deposit"),
		},
		"no uact": {
			account: acctest.Poor, config: acctest.Deployment("web", web),
			says: acctest.Says("Insufficient funds", "the deposit of 5 ACT needs 5 ACT more", "Nothing was created or spent",
				"can spend 0 ACT and 1 AKT", "mint-act"),
		},
		"min_runway without a runway": {
			config: acctest.Deployment("web", web, `min_runway = "1h"`),
			says:   acctest.Says("min_runway without a runway", `deposit = { runway = "720h" }`),
		},
		"min_runway above the runway": {
			config: acctest.Deployment("web", web, `min_runway = "2h"`, `deposit = { runway = "1h" }`),
			says:   acctest.Says("min_runway above the runway", "every apply would top up"),
		},
		"no money at all": {
			account: acctest.Empty, config: acctest.Deployment("web", web),
			says: acctest.Says("Insufficient funds", "5 ACT more", "transaction fees are paid in uakt"),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			account := test.account
			if account == "" {
				account = acctest.Tenant
			}
			unspent(t, net, account, func() {
				resource.Test(t, resource.TestCase{
					ProtoV6ProviderFactories: acctest.Factories(),
					Steps: []resource.TestStep{{
						Config: net.ProviderBlock(t, account, "") + test.config, PlanOnly: true, ExpectError: test.says,
					}},
				})
			})
		})
	}
}
