// SPDX-License-Identifier: Apache-2.0

package deployment_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
)

// TestAccDeployment_formatting writes the same SDL in one other way at a time: no plan has a diff, state keeps the
// first text, no transaction is sent.
func TestAccDeployment_formatting(t *testing.T) {
	t.Parallel()
	net, provider := start(t)
	owner := net.Owner(t, acctest.Tenant)
	first := acctest.Web{}.SDL()
	var text, id, fees string
	steps := []resource.TestStep{{
		Config: provider + acctest.Deployment("web", first),
		Check: resource.ComposeTestCheckFunc(
			acctest.Keep(web, "sdl", &text), acctest.Keep(web, "id", &id),
			acctest.Look(func() { fees = net.Balance(t, owner, coin.UAKT).String() }),
		),
	}}
	for _, change := range []struct{ what, from, to string }{
		{"a comment", "services:\n", "# what runs\nservices: # all of it\n"},
		{"blank lines", "profiles:\n", "\n\nprofiles:\n"},
		{"another order of keys", "      - port: 80\n        as: 80\n", "      - as: 80\n        port: 80\n"},
		{"quotes", "image: nginx:1.29.3", `image: 'nginx:1.29.3'`},
		{"an escape", "image: nginx:1.29.3", `image: "nginx\u003a1.29.3"`},
		{"block style", "env: [GREETING=hello]", "env:\n      - GREETING=hello"},
		{"a folded text", "env: [GREETING=hello]", "env:\n      - >-\n        GREETING=hello"},
		{"cores", "units: 100m", "units: 0.1"},
		{"a size in other units", "size: 64Mi", "size: 65536Ki"},
		{"a size in bytes", "size: 128Mi", "size: 134217728"},
		{"a price with zeros", "amount: 1000", "amount: 1000.00"},
		{"a default written out", "        as: 80\n", "        as: 80\n        proto: TCP\n"},
		{"an anchor", "[{global: true}]", "&all [{global: true}]"},
		{"a key without effect", "    image:", "    x-note: 7\n    image:"},
		{"the version", `version: "2.0"`, "version: 2"},
	} {
		changed := strings.Replace(first, change.from, change.to, 1)
		require.NotEqual(t, first, changed, change.what)
		steps = append(steps, resource.TestStep{
			Config:           provider + acctest.Deployment("web", changed),
			ConfigPlanChecks: acctest.NoChange(),
			Check:            resource.ComposeTestCheckFunc(acctest.Same(web, "sdl", &text), acctest.Same(web, "id", &id)),
		})
	}
	// Together with a change that means something, the new text is taken.
	meant := "# moved on\n" + strings.Replace(first, "hello", "goodbye", 1)
	steps = append(steps, resource.TestStep{
		Config:           provider + acctest.Deployment("web", meant),
		ConfigPlanChecks: acctest.Plan(plancheck.ExpectResourceAction(web, plancheck.ResourceActionUpdate)),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue(web, tfjsonpath.New("sdl"), knownvalue.StringExact(meant)),
		},
	})
	steps[len(steps)-2].Check = resource.ComposeTestCheckFunc(steps[len(steps)-2].Check, acctest.Look(func() {
		require.Equal(t, fees, net.Balance(t, owner, coin.UAKT).String(), "no transaction was sent")
	}))
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: acctest.Factories(), Steps: steps})
}

// TestAccDeployment_built hands the text of data.akash_sdl over, with a variable that only apply knows laid over it:
// the plan knows the groups and what they cost, and neither hash nor manifest. The same text written by hand is no
// diff.
func TestAccDeployment_built(t *testing.T) {
	t.Parallel()
	net, provider := start(t)
	const built = `
data "akash_sdl" "web" {
  services = {
    web = {
      image  = "nginx:1.29.3"
      env    = { GREETING = "hello" }
      expose = [{ port = 80, as = 80, to = [{ global = true }] }]
    }
  }
  profiles = {
    compute   = { web = { cpu = "100m", memory = "64Mi", storage = [{ size = "128Mi" }] } }
    placement = { dcloud = { pricing = { web = { uact_per_block = "1000" } } } }
  }
}
`
	const resourceOf = `
resource "terraform_data" "db" { input = "10.0.0.1" }
resource "akash_deployment" "web" {
  sdl = %SDL%
  env = { web = { DB_HOST = terraform_data.db.output } }
}
`
	group := tfjsonpath.New("groups").AtMapKey("dcloud")
	var id, lease string
	byHand := strings.Replace(acctest.Web{}.SDL(), `"2.0"`, `"2.1"`, 1)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: provider + built + strings.Replace(resourceOf, "%SDL%", "data.akash_sdl.web.yaml", 1) +
					acctest.Lease("web"),
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectUnknownValue(web, tfjsonpath.New("hash")),
					plancheck.ExpectUnknownValue(web, group.AtMapKey("manifest")),
					plancheck.ExpectKnownValue(web, group.AtMapKey("spec"), knownvalue.NotNull()),
					plancheck.ExpectSensitiveValue(web, tfjsonpath.New("sdl")),
				),
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep(web, "id", &id), acctest.Keep("akash_lease.web", "lease_id", &lease),
					acctest.Look(func() {
						require.Equal(t, []string{"GREETING=hello", "DB_HOST=10.0.0.1"}, net.Running(t, lease)["web"])
					}),
				),
			},
			{
				Config: provider + strings.Replace(resourceOf, "%SDL%", acctest.Indent(byHand), 1) +
					acctest.Lease("web"),
				// The mark on a sensitive text comes and goes with the data source, so only the action tells.
				Check: acctest.Same(web, "id", &id),
			},
			{
				Config: provider + strings.Replace(resourceOf, "%SDL%", acctest.Indent(byHand), 1) +
					acctest.Lease("web"),
				ConfigPlanChecks: acctest.NoChange(),
			},
		},
	})
}
