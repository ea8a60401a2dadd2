// SPDX-License-Identifier: Apache-2.0

package deployment_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
)

// TestPlanImported plans from a state as an import leaves it: what the configuration would change is told, and what it
// would not is silent. Without the mark of an import nothing of it is said.
func TestPlanImported(t *testing.T) {
	t.Parallel()
	o := acctest.NewOffline(t, someOwner, nil)
	web := acctest.Web{}.SDL()
	inUAKT := func(state values) {
		state["sdl"] = nil
		group := state["groups"].(values)["dcloud"].(values)
		group["spec"] = strings.Replace(group["spec"].(string), "denom: uact", "denom: uakt", 1)
	}
	unread := func(state values) {
		state["sdl"] = nil
		state["groups"].(values)["dcloud"].(values)["manifest"] = nil
	}
	for name, test := range map[string]struct {
		state    func(values)
		sdl      string
		replaces bool
		says     []string // none: no word of the import
	}{
		"as it runs":                {sdl: asText},
		"as it runs, not recovered": {state: unread, sdl: web},
		"another image": {
			sdl: strings.Replace(web, "1.29.3", "1.29.4", 1),
			says: []string{
				"Imported deployment " + someOwner + "/7 runs another manifest", "The groups are the same",
				"dcloud.services.web.image: nginx:1.29.3 → nginx:1.29.4",
			},
		},
		"another value": {
			sdl: strings.Replace(web, "hello", "hidden", 1), says: []string{"dcloud.services.web.env.GREETING differs"},
		},
		"another image, not recovered": {
			state: unread, sdl: strings.Replace(web, "1.29.3", "1.29.4", 1),
			says: []string{"runs another manifest", "What runs could not be read", "the very SDL it was made from"},
		},
		"other cores": {
			sdl: strings.Replace(web, "100m", "200m", 1), replaces: true,
			says: []string{
				"is not the configured one", "Apply would close it and open another",
				"group dcloud: resources.1.resource.cpu.units.val: 100 → 200",
			},
		},
		"another price, not recovered": {
			state: unread, sdl: strings.Replace(web, "amount: 1000", "amount: 7", 1), replaces: true,
			says: []string{"group dcloud: resources.1.price.amount: 1000 → 7"},
		},
		"another group": {
			sdl: acctest.Web{Groups: []string{"east"}}.SDL(), replaces: true,
			says: []string{"group dcloud: only on chain", "group east: only in the configuration"},
		},
		"priced in uakt":                   {state: inUAKT, sdl: web},
		"priced in uakt, at another price": {state: inUAKT, sdl: strings.Replace(web, "amount: 1000", "amount: 7", 1)},
		"priced in uakt, other cores": {
			state: inUAKT, sdl: strings.Replace(web, "100m", "200m", 1), replaces: true,
			says: []string{"is not the configured one"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state := created(t, o, someOwner, values{"sdl": web})
			if test.state != nil {
				test.state(state)
			}
			config := values{"sdl": test.sdl}
			planned := o.PlanFrom(t, "akash_deployment", state, map[string]string{"imported": "true"}, config)
			require.Empty(t, planned.Errors)
			require.Equal(t, test.replaces, planned.Replaces)
			said := strings.Join(planned.Warnings, "\n")
			if len(test.says) == 0 {
				require.NotContains(t, said, "Imported")
				require.Equal(t, state["escrow"], planned.Values["escrow"], "no transaction is planned")
			}
			for _, part := range test.says {
				require.Contains(t, said, part)
			}
			require.NotContains(t, said, "hidden")
			later := o.Plan(t, "akash_deployment", state, config)
			require.NotContains(t, strings.Join(later.Warnings, "\n"), "Imported")
		})
	}
	applied := created(t, o, someOwner, values{"sdl": web})
	inUAKT(applied)
	applied["sdl"] = web
	require.True(t, o.Plan(t, "akash_deployment", applied,
		values{"sdl": strings.Replace(web, "amount: 1000", "amount: 7", 1)}).Replaces, "a new price in uact is a change")
}

// TestAccDeployment_importUnreachable imports while no gateway answers: with the SDL it was made from the first apply
// changes state alone.
func TestAccDeployment_importUnreachable(t *testing.T) {
	t.Parallel()
	dev := acctest.StartDevnet(t, "faults", devnet.Options{})
	net := dev.Network
	provider := net.ProviderBlock(t, acctest.Tenant, "")
	owner := net.Owner(t, acctest.Tenant)
	config := provider + acctest.Deployment("web", acctest.Web{}.SDL()) + acctest.Lease("web")
	var id, lease, fees string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: config,
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep(web, "id", &id), acctest.Keep("akash_lease.web", "lease_id", &lease)),
			},
			{
				Config: provider + "removed {\n  from = akash_lease.web\n  lifecycle {\n    destroy = false\n  }\n}\n" +
					"removed {\n  from = akash_deployment.web\n  lifecycle {\n    destroy = false\n  }\n}\n",
				Check: acctest.Look(func() {
					fees = net.Balance(t, owner, coin.UAKT).String()
					dev.AllFaults(akashprovider.Faults{GatewayDown: true})
				}),
			},
			{
				Config: config, ResourceName: web, ImportState: true, ImportStatePersist: true,
				ImportStateIdFunc: func(*terraform.State) (string, error) { return id, nil },
			},
			{
				Config: provider + acctest.Deployment("web", acctest.Web{}.SDL()),
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectResourceAction(web, plancheck.ResourceActionUpdate)),
				Check: resource.ComposeTestCheckFunc(acctest.Same(web, "id", &id), acctest.Look(func() {
					dev.AllFaults(akashprovider.Faults{})
					require.Equal(t, fees, net.Balance(t, owner, coin.UAKT).String(), "no transaction was sent")
				})),
			},
			{
				Config: config, ResourceName: "akash_lease.web", ImportState: true, ImportStatePersist: true,
				ImportStateIdFunc: func(*terraform.State) (string, error) { return id + "/1", nil },
			},
			{Config: config, ConfigPlanChecks: acctest.NoChange(), Check: acctest.Same("akash_lease.web", "lease_id", &lease)},
		},
	})
}
