// SPDX-License-Identifier: Apache-2.0

package logs_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
)

func TestMain(m *testing.M) { acctest.Main(m) }

const data = "data.akash_logs.web"

func of(attribute string, check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(data, tfjsonpath.New(attribute), check)
}

func ask(lease, lines string) string {
	return fmt.Sprintf("data \"akash_logs\" \"web\" {\n  lease_id = %s\n%s\n}\n", lease, lines)
}

// image is what the devnet's logs quote, so a variable of this value stands for a secret that is printed.
const image = "nginx:1.29.3"

// TestAccLogs_basic reads the log of a lease in the apply that creates it, then with events, then of a dead gateway.
func TestAccLogs_basic(t *testing.T) {
	t.Parallel()
	dev := acctest.StartDevnet(t, "logs of known words", devnet.Options{}, acctest.NoRefusal())
	sdl := acctest.Web{Env: []string{"SECRET=" + image}, Image: image}.SDL()
	world := dev.ProviderBlock(t, acctest.Tenant, "") + acctest.Deployment("web", sdl) +
		acctest.Lease("web", dev.AllBids())
	first := knownvalue.ObjectExact(map[string]knownvalue.Check{
		"service": knownvalue.StringExact("web"), "replica": knownvalue.StringRegexp(acctest.Says("web-")),
		"text": knownvalue.StringExact("web: a devnet stands in for ***"),
	})
	const id = "akash_lease.web.lease_id"
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: world + ask(id, "tail = 1000"),
				ConfigStateChecks: []statecheck.StateCheck{
					of("complete", knownvalue.Bool(true)), of("events", knownvalue.Null()),
					of("lines", knownvalue.ListPartial(map[int]knownvalue.Check{0: first})),
					statecheck.ExpectSensitiveValue(data, tfjsonpath.New("lines")),
				},
			},
			{
				Config: world + ask(id, "tail = 1\ninclude_events = true\nservices = [\"web\", \"db\"]"),
				ConfigStateChecks: []statecheck.StateCheck{
					of("complete", knownvalue.Bool(false)), of("lines", knownvalue.ListSizeExact(1)),
					of("events", knownvalue.ListSizeExact(1)),
				},
			},
			{
				PreConfig: func() { dev.AllFaults(akashprovider.Faults{Dead: true}) },
				Config:    world + ask(id, "include_events = true"),
				ConfigStateChecks: []statecheck.StateCheck{
					of("complete", knownvalue.Bool(false)), of("lines", knownvalue.ListSizeExact(0)),
					of("events", knownvalue.ListSizeExact(0)),
				},
			},
			{PreConfig: func() { dev.AllFaults(akashprovider.Faults{}) }, Config: world},
		},
	})
}

func TestAccLogs_invalid(t *testing.T) {
	t.Parallel()
	net := acctest.Start(t)
	lease := net.Owner(t, acctest.Tenant) + "/7/1/1/" + net.Address(t, acctest.Cheapest)
	var steps []resource.TestStep
	for config, says := range map[string]string{
		ask(`"x"`, ""): "a lease such as akash1owner",
		ask(fmt.Sprintf("%q", lease), "tail = 0"):            "between 1 and 1000",
		ask(fmt.Sprintf("%q", lease), "tail = 1001"):         "between 1 and 1000",
		ask(fmt.Sprintf("%q", lease), "services = []"):       "at least 1",
		ask(fmt.Sprintf("%q", lease), `services = ["","a"]`): "length must be at least 1",
	} {
		steps = append(steps, resource.TestStep{
			Config: net.ProviderBlock(t, acctest.Tenant, "") + config, ExpectError: acctest.Says(says),
		})
	}
	steps = append(steps, resource.TestStep{ // no such lease: a warning
		Config: net.ProviderBlock(t, acctest.Tenant, "") + ask(fmt.Sprintf("%q", lease), ""),
		ConfigStateChecks: []statecheck.StateCheck{
			of("complete", knownvalue.Bool(false)), of("lines", knownvalue.ListSizeExact(0)),
		},
	})
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: acctest.Factories(), Steps: steps})
}
