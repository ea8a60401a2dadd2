// SPDX-License-Identifier: Apache-2.0

package lease_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
)

// secretly is a deployment with a write-only variable and a write-only login, both from locals. leased is false for a
// lease that is not given them.
func secretly(value, login string, version int, leased bool, lines ...string) string {
	both := "\n  env_wo = local.env\n  registry_credentials_wo = local.registry"
	lease := []string{allBids}
	if leased {
		lease = append(lease, both)
	}
	return fmt.Sprintf(`
locals {
  env      = { web = { TOKEN = %q } }
  registry = { web = { host = "ghcr.io", username = "robot", password = %q } }
}
`, value, login) + acctest.Deployment("web", acctest.Web{}.SDL(), append(lines, both, fmt.Sprintf(
		"  env_wo_version = %d\n  registry_credentials_wo_version = %d", version, version))...) +
		acctest.Lease("web", lease...)
}

// TestAccLease_secrets lays values over the manifest that no state has, and changes them by their version alone.
func TestAccLease_secrets(t *testing.T) {
	t.Parallel()
	dev, _ := startDevnet(t, "the hand of an Akash provider", acctest.NoRefusal())
	net := dev.Network
	provider := net.ProviderBlock(t, acctest.Tenant, "")
	config := func(value string, version int, lines ...string) string {
		return provider + secretly(value, "login-of-"+value, version, true, lines...)
	}
	inPlace := acctest.Plan(
		plancheck.ExpectResourceAction(deployment, plancheck.ResourceActionUpdate),
		plancheck.ExpectResourceAction(web, plancheck.ResourceActionUpdate),
		plancheck.ExpectUnknownValue(deployment, tfjsonpath.New("hash")),
		plancheck.ExpectKnownValue(web, tfjsonpath.New("lease_id"), knownvalue.NotNull()),
	)
	group := func(attribute string) tfjsonpath.Path {
		return tfjsonpath.New("groups").AtMapKey("dcloud").AtMapKey(attribute)
	}
	hidden := []statecheck.StateCheck{
		statecheck.ExpectKnownValue(deployment, tfjsonpath.New("env_wo"), knownvalue.Null()),
		statecheck.ExpectKnownValue(web, tfjsonpath.New("env_wo"), knownvalue.Null()),
		statecheck.ExpectKnownValue(deployment, group("manifest"),
			knownvalue.StringRegexp(regexp.MustCompile(`"credentials":null.*"env":\["GREETING=hello"\]`))),
		statecheck.ExpectKnownValue(deployment, group("secret_names"), knownvalue.ListExact([]knownvalue.Check{
			knownvalue.StringExact("env_wo.web.TOKEN"), knownvalue.StringExact("registry_credentials_wo.web"),
		})),
	}
	more := secretly("second-value", "login-of-second-value", 2, false, "env = { web = { MORE = \"open\" } }")
	var id, lease, hash string
	runs := func(want ...string) resource.TestCheckFunc {
		return resource.ComposeTestCheckFunc(
			acctest.Same(deployment, "id", &id), acctest.Keep(web, "lease_id", &lease),
			resource.TestCheckResourceAttrPair(web, "manifest_delivered_hash", deployment, "hash"),
			acctest.Look(func() { require.Equal(t, want, net.Running(t, lease)["web"]) }),
		)
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config:      provider + secretly("first-value", "login", 1, false),
				PlanOnly:    true,
				ExpectError: acctest.Says("Secrets missing", "env_wo.web.TOKEN", "registry_credentials_wo.web"),
			},
			{
				Config: config("first-value", 1),
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectUnknownValue(deployment, tfjsonpath.New("hash")),
					plancheck.ExpectKnownValue(deployment, group("secret_names"), knownvalue.ListSizeExact(2)),
				),
				ConfigStateChecks: hidden,
				Check: resource.ComposeTestCheckFunc(acctest.Keep(deployment, "id", &id), acctest.Keep(deployment, "hash", &hash),
					runs("GREETING=hello", "TOKEN=first-value")),
			},
			{Config: config("first-value", 1), ConfigPlanChecks: acctest.NoChange()},
			{Config: config("second-value", 1), ConfigPlanChecks: acctest.NoChange()},
			{
				// A repair reads the secrets from the configuration: with others than the hash's it sends nothing.
				PreConfig: func() { dev.KillLease(t, lease) },
				Config:    config("second-value", 1),
				ExpectError: acctest.Says("Secrets are not the ones of the deployment", "env_wo.web.TOKEN",
					"has no lease in this group", "env_wo_version"),
			},
			{
				PreConfig: func() { require.Empty(t, activeWith(t, net, id), "nothing was bought for it") },
				Config:    config("first-value", 1),
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectResourceAction(deployment, plancheck.ResourceActionNoop),
					plancheck.ExpectResourceAction(web, plancheck.ResourceActionUpdate),
				),
				Check: resource.ComposeTestCheckFunc(acctest.Same(deployment, "hash", &hash),
					runs("GREETING=hello", "TOKEN=first-value")),
			},
			{
				Config: config("second-value", 2), ConfigPlanChecks: inPlace, ConfigStateChecks: hidden,
				Check: resource.ComposeTestCheckFunc(acctest.Differs(deployment, "hash", &hash),
					acctest.Same(web, "lease_id", &lease), runs("GREETING=hello", "TOKEN=second-value")),
			},
			{
				// Something else of the manifest changes: the secrets are read for its hash.
				Config: config("second-value", 2, "env = { web = { MORE = \"open\" } }"), ConfigPlanChecks: inPlace,
				Check: runs("GREETING=hello", "MORE=open", "TOKEN=second-value"),
			},
			{
				// A pause delivers nothing, so the lease needs no secrets for it.
				Config: provider + strings.Replace(more, allBids, pauseLine+"\n  "+allBids, 1),
				Check: resource.ComposeTestCheckFunc(
					resource.TestCheckResourceAttr(web, "state", "paused"),
					acctest.Look(func() { require.Empty(t, activeWith(t, net, id)) }),
				),
			},
			{
				// A start does.
				Config: provider + more, PlanOnly: true,
				ExpectError: acctest.Says("Secrets missing", "env_wo.web.TOKEN", "registry_credentials_wo.web"),
			},
			{
				// Without secrets the hash is known again.
				Config: provider + acctest.Deployment("web", acctest.Web{}.SDL()) + acctest.Lease("web", allBids),
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectResourceAction(deployment, plancheck.ResourceActionUpdate),
					plancheck.ExpectKnownValue(deployment, tfjsonpath.New("hash"), knownvalue.NotNull()),
				),
				Check: runs("GREETING=hello"),
			},
		},
	})
}

// TestAccLease_secretsRefused refuses at plan what no gateway could take: names that are not the deployment's, names
// that are no names, versions without values.
func TestAccLease_secretsRefused(t *testing.T) {
	t.Parallel()
	_, config := startDevnet(t, "a chain of its own, where nothing happens")
	provider := config[:strings.Index(config, "resource")]
	over := "env_wo = { web = { TOKEN = \"hunter2\" } }\n  env_wo_version = 1\n"
	for title, c := range map[string]struct {
		deployment, lease string
		says              []string
	}{
		"none for the lease": {over, "", []string{"Secrets missing", "env_wo.web.TOKEN"}},
		"others for the lease": {
			over, "env_wo = { web = { TOKEN = \"hunter2\", MORE = \"hunter2\" } }",
			[]string{"Secrets that the deployment lacks", "env_wo.web.MORE"},
		},
		"for the lease alone": {
			"", "env_wo = { web = { TOKEN = \"hunter2\" } }", []string{"Secrets that the deployment lacks"},
		},
		"no such service": {
			"env_wo = { wbe = { TOKEN = \"hunter2\" } }\n  env_wo_version = 1", "",
			[]string{"env_wo.wbe", "no service of this name"},
		},
		"no name": {
			"env_wo = { web = { \"1A\" = \"hunter2\" } }\n  env_wo_version = 1", "", []string{"1A", "is not a name"},
		},
		"no value": {
			"env_wo = { web = { TOKEN = null } }\n  env_wo_version = 1", "",
			[]string{"Secret without a value", "env_wo.web.TOKEN"},
		},
		"no password": {
			"registry_credentials_wo = { web = { host = \"ghcr.io\", username = \"robot\", password = \" \" } }\n" +
				"  registry_credentials_wo_version = 1", "",
			[]string{"Secret without a value", "registry_credentials_wo.web.password"},
		},
		"no version":     {"env_wo = { web = { TOKEN = \"hunter2\" } }", "", []string{"env_wo_version"}},
		"only a version": {"env_wo_version = 1", "", []string{"env_wo"}},
		"a login's too":  {"registry_credentials_wo_version = 1", "", []string{"registry_credentials_wo"}},
		"login elsewhere": {
			"registry_credentials_wo = { wbe = { host = \"ghcr.io\", username = \"r\", password = \"hunter2\" } }\n" +
				"  registry_credentials_wo_version = 1",
			"",
			[]string{"registry_credentials_wo.wbe", "no service of this name"},
		},
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.Factories(),
				Steps: []resource.TestStep{{
					Config: provider + acctest.Deployment("web", acctest.Web{}.SDL(), c.deployment) +
						acctest.Lease("web", c.lease),
					PlanOnly: true, ExpectError: acctest.Says(c.says...),
				}},
			})
		})
	}
}
