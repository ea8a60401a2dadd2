// SPDX-License-Identifier: Apache-2.0

package sdlbuilder_test

import (
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// offline is a provider block that reaches no network: the data source asks none.
const offline = `
provider "akash" {
  network = "custom"
  chain_id = "nowhere-1"
  grpc  = ["http://127.0.0.1:1"]
  owner = "akash1365yvmc4s7awdyj3n2sav7xfx76adc6dnmlx63"
}
`

const name = "data.akash_sdl.web"

// least is the smallest data source; lines go into its service, top into the data source.
func least(lines, top string) string {
	return offline + `
data "akash_sdl" "web" {
  services = {
    web = {
      image  = "nginx:1.29.3"
      expose = [{ port = 80, to = [{ global = true }] }]
` + lines + `
    }
  }
  profiles = {
    compute = { any = { cpu = 0.5, memory = "512Mi", storage = [{ size = "1Gi" }] } }
    placement = { "dc.1" = { pricing = { any = { usd_per_month = 5 } } } }
  }
` + top + `
}
`
}

// TestAccSDL_basic builds with all defaults and checks the text by reading it with the parser.
func TestAccSDL_basic(t *testing.T) {
	t.Parallel()
	var text, hash string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config: least(`env = { B = "2", A = "x=<&>" }`, ""),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectSensitiveValue(name, tfjsonpath.New("yaml")),
				statecheck.ExpectSensitiveValue(name, tfjsonpath.New("services").AtMapKey("web").AtMapKey("env")),
				statecheck.ExpectKnownValue(name, tfjsonpath.New("groups").AtMapKey("dc.1").AtMapKey("replicas"),
					knownvalue.Int64Exact(1)),
			},
			Check: resource.ComposeTestCheckFunc(
				acctest.Keep(name, "yaml", &text), acctest.Keep(name, "hash", &hash),
				acctest.Look(func() {
					doc, problems := sdl.Parse([]byte(text))
					require.NotNil(t, doc, "%s", problems)
					require.Equal(t, "2.1", doc.Version())
					require.Contains(t, string(doc.ManifestJSON()), `"env":["A=x=\u003c\u0026\u003e","B=2"]`)
					require.Equal(t, "11.407711000000000000", doc.Groups()[0].Resources[0].Price.Amount.String(),
						"5 USD a month, rounded down")
				}),
			),
		}},
	})
}

// TestAccSDL_everything uses each attribute, and hands the text to a deployment whose plan knows its groups.
func TestAccSDL_everything(t *testing.T) {
	t.Parallel()
	everything, err := os.ReadFile("testdata/everything.tf")
	require.NoError(t, err)
	golden, err := os.ReadFile("testdata/everything.yaml")
	require.NoError(t, err)
	var text string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config: offline + string(everything),
			Check: resource.ComposeTestCheckFunc(
				acctest.Keep("data.akash_sdl.everything", "yaml", &text),
				acctest.Look(func() { require.Equal(t, string(golden), text) }),
			),
		}},
	})
}

// TestAccSDL_unknown: with a value known at apply only, the text is read then.
func TestAccSDL_unknown(t *testing.T) {
	t.Parallel()
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config: `resource "terraform_data" "x" { input = "late" }` +
				least(`env = { A = terraform_data.x.output }`, "") + `output "hash" { value = ` + name + `.hash }`,
			ConfigPlanChecks: acctest.Plan(plancheck.ExpectUnknownOutputValue("hash")),
			Check:            resource.TestCheckResourceAttr(name, "services.web.env.A", "late"),
		}},
	})
}

// TestAccSDL_refused: each mistake is shown at its attribute, by the line of the configuration that holds it.
func TestAccSDL_refused(t *testing.T) {
	t.Parallel()
	change := func(from, to string) string { return strings.Replace(least("", ""), from, to, 1) }
	deployment := func(uses string) string { return least("", "deployment = ["+uses+"]") }
	for title, c := range map[string]struct{ config, says, at string }{
		"memory": {change("512Mi", "512mb"), "is not a size", `profiles.compute["any"].memory`},
		"CPU":    {change("0.5", `"x"`), "of CPU", `profiles.compute["any"].cpu`},
		"port":   {change("port = 80", "port = 70000"), "does not exist", `services["web"].expose[0].port`},
		"price": {
			change("usd_per_month = 5", "uact_per_block = 99999999"), "out of bounds", `["dc.1"].pricing["any"]`,
		},
		"env name":     {least(`env = { OK = "", "1A" = "hunter2" }`, ""), "not a name", `services["web"].env["1A"]`},
		"nothing open": {change("global = true", "global = false"), "open to the world", `services["web"].expose`},
		"profile":      {deployment(`{ service = "web", profile = "none" }`), "no compute profile", "deployment[0].profile"},
		"service":      {deployment(`{ service = "web" }, { service = "wbe" }`), "no service", "deployment[1].service"},
		"twice":        {deployment(`{ service = "web" }, { service = "web" }`), "twice", "deployment[1].placement"},
		"count":        {deployment(`{ service = "web", count = 0 }`), "deployment[0].count", "between 1"},
		"window":       {least("", `reclamation = { min_window = "soon" }`), "not a duration", "reclamation.min_window"},
		"class":        {change(`size = "1Gi"`, `size = "1Gi", class = "beta2"`), "cannot have class", "storage[0].class"},
		"ip":           {change("global = true", `ip = "myip"`), "must be open to the world", "expose[0].to[0]"},
		"mount": {
			least(`params = { storage = { data = { mount = "data" } } }`, ""), "absolute path",
			`services["web"].params.storage["data"].mount`,
		},
		"GPU model": {
			change(`cpu = 0.5`, `cpu = 1, gpu = { units = 1, models = [{ model = "a b" }] }`), "cannot be part",
			`profiles.compute["any"].gpu.models[0]`,
		},
		"two prices": {change("usd_per_month = 5", "usd_per_month = 5, uact_per_block = 1"), "Combination", "pricing"},
		"no placement": {
			change(`"dc.1" =`, `other = { pricing = {} }, "dc.1" =`), "Placement missing", "hich placement service web",
		},
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.Factories(),
				Steps: []resource.TestStep{
					{Config: c.config, PlanOnly: true, ExpectError: acctest.Says(c.says, c.at)},
				},
				ErrorCheck: func(err error) error {
					require.NotContains(t, err.Error(), "hunter2")
					return err
				},
			})
		})
	}
}
