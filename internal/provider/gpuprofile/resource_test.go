// SPDX-License-Identifier: Apache-2.0

package gpuprofile_test

import (
	"testing"

	"cosmossdk.io/math"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

const fallback = `  models               = ["h100", "a100", "rtx4090"]
  ceiling_usd_per_hour = "1.50"
`

func at(first string, steps ...any) tfjsonpath.Path {
	path := tfjsonpath.New(first)
	for _, s := range steps {
		if i, ok := s.(int); ok {
			path = path.AtSliceIndex(i)
			continue
		}
		path = path.AtMapKey(s.(string))
	}
	return path
}

func is(text, first string, steps ...any) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(name, at(first, steps...), knownvalue.StringExact(text))
}

func null(first string, steps ...any) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(name, at(first, steps...), knownvalue.Null())
}

// updates wants an update in place whose chosen variant is known at plan.
func updates(variant string) resource.ConfigPlanChecks {
	return acctest.Plan(
		plancheck.ExpectResourceAction(name, plancheck.ResourceActionUpdate),
		plancheck.ExpectKnownValue(name, at("chosen", "variant"), knownvalue.StringExact(variant)),
	)
}

// asks wants an update in place that sends a probe.
func asks() resource.ConfigPlanChecks {
	return acctest.Plan(
		plancheck.ExpectResourceAction(name, plancheck.ResourceActionUpdate),
		plancheck.ExpectUnknownValue(name, at("probe_id")), plancheck.ExpectUnknownValue(name, at("chosen")),
	)
}

// TestAccGPUProfile_fallback: the first that exists under the ceiling is chosen, and stays so whatever the market does.
func TestAccGPUProfile_fallback(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	before := s.books(t)
	var id, probe string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: s.config(t, fallback),
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectUnknownValue(name, at("gpu")), plancheck.ExpectUnknownValue(name, at("chosen")),
				),
				ConfigStateChecks: []statecheck.StateCheck{
					is("a100", "chosen", "variant"), is("a100", "chosen", "model"),
					statecheck.ExpectKnownValue(name, at("chosen", "position"), knownvalue.Int64Exact(2)),
					statecheck.ExpectKnownValue(name, at("chosen", "provider_addresses"), knownvalue.ListExact([]knownvalue.Check{
						knownvalue.StringExact(s.Address(t, acctest.Dearest)),
					})),
					is(`{units: 1, attributes: {vendor: {nvidia: [{model: "a100"}]}}}`, "sdl"),
					is("a100", "gpu", "models", 0, "model"), null("gpu", "models", 0, "ram"),
					is("2500", "price_ceiling", "uact_per_block"),
					is("no bid", "results", 0, "reason"),
					statecheck.ExpectKnownValue(name, at("results", 2, "acceptable"), knownvalue.Int64Exact(1)),
					statecheck.ExpectKnownValue(name, at("offers"), knownvalue.ListSizeExact(2)),
					is("rtx4090", "offers", 1, "variant"), is(s.Address(t, acctest.Middle), "offers", 1, "provider_address"),
					null("stale"),
				},
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep(name, "id", &id), acctest.Same(name, "probe_id", &id),
					acctest.Look(func() { s.settled(t, before, 1); s.sameBids(t, id) }),
				),
			},
			{ // the market moves, the plan does not
				PreConfig: func() { s.AllFaults(akashprovider.Faults{PriceFactor: math.LegacyNewDec(10)}) },
				Config:    s.config(t, fallback), ConfigPlanChecks: acctest.NoChange(),
			},
			{ // a ceiling is judged by the offers that are known: no transaction
				Config:           s.config(t, `models = ["h100", "a100", "rtx4090"]`+"\nceiling_usd_per_hour = 0.9\n"),
				ConfigPlanChecks: updates("rtx4090"),
				ConfigStateChecks: []statecheck.StateCheck{
					is("rtx4090", "gpu", "models", 0, "model"), is("1500", "price_ceiling", "uact_per_block"),
				},
				Check: acctest.Look(func() { s.settled(t, before, 1) }),
			},
			{ // so is another order
				Config:           s.config(t, `models = ["rtx4090", "a100"]`),
				ConfigPlanChecks: updates("rtx4090"),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(name, at("chosen", "position"), knownvalue.Int64Exact(1)), null("price_ceiling"),
				},
				Check: acctest.Look(func() { s.settled(t, before, 1) }),
			},
			{ // the user asks
				PreConfig:        func() { s.AllFaults(akashprovider.Faults{}) },
				Config:           s.config(t, `models = ["rtx4090", "a100"]`+"\nrefresh_triggers = { again = 1 }\n"),
				ConfigPlanChecks: asks(),
				Check: resource.ComposeTestCheckFunc(
					acctest.Same(name, "id", &id), acctest.Differs(name, "probe_id", &id), acctest.Keep(name, "probe_id", &probe),
					acctest.Look(func() { s.settled(t, before, 2); s.sameBids(t, probe) }),
				),
			},
			{ // a variant that nobody was asked for
				Config: s.config(t, `variants = [{ model = "t4" }, { model = "a100", vram = "80Gi", units = 2 }]`+
					"\nrefresh_triggers = { again = 1 }\n"),
				ConfigPlanChecks: asks(),
				ConfigStateChecks: []statecheck.StateCheck{
					is("t4", "chosen", "variant"), is("a100/80Gi x2", "offers", 1, "variant"), is("80Gi", "offers", 1, "vram"),
					statecheck.ExpectKnownValue(name, at("offers", 1, "units"), knownvalue.Int64Exact(2)),
				},
				Check: acctest.Look(func() { s.settled(t, before, 3) }),
			},
			{ // what means the same is no reason to ask
				Config: s.config(t, `models = ["t4"]`+"\ncpu = 0.1\nmemory = \"262144Ki\"\nbid_window = \"2m\"\n"+
					"refresh_triggers = { again = 1 }\n"),
				ConfigPlanChecks: updates("t4"),
				Check:            acctest.Look(func() { s.settled(t, before, 3) }),
			},
		},
	})
	s.settled(t, before, 3)
}

// sameBids compares the offers that were read with what the chain keeps of them.
func (s *stage) sameBids(t *testing.T, deployment string) {
	t.Helper()
	bids := s.Bids(t, deployment)
	require.Len(t, bids, 2)
	for _, b := range bids {
		require.Equal(t, marketv1beta5.Bid_closed, b.State, "a bid is still held")
	}
	require.Empty(t, s.Leases(t, deployment))
}

// TestAccGPUProfile_nobody: an error says why for each variant, and nothing is left.
func TestAccGPUProfile_nobody(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	before := s.books(t)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: s.config(t, `variants = [{ model = "h100" }, { model = "a100", ceiling_usd_per_hour = "0.60" }]`+
					"\nceiling_usd_per_hour = \"0.70\"\n"),
				ExpectError: acctest.Says("No GPU is offered under the ceiling", "1. h100 no bid",
					"2. a100 over the ceiling of 0.60 USD per GPU-hour (variant): the only bid asks 1.", "is closed and its "+
						"deposit refunded", "Raise ceiling_usd_per_hour"),
			},
			{
				Config:      s.config(t, `models = ["h100"]`),
				ExpectError: acctest.Says("No GPU is offered", "1. h100 no bid", "data.akash_gpu_prices"),
			},
		},
	})
	s.settled(t, before, 2)
}

// TestAccGPUProfile_import reads a closed probe back.
func TestAccGPUProfile_import(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	before := s.books(t)
	const variants = `  variants = [{ model = "a100", interface = "sxm" }, { min_vram = "16Gi", units = 2 }]
  attributes = { tier = "premium" }
`
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: s.config(t, variants)},
			{
				ResourceName: name, ImportState: true, ImportStateVerify: true,
				ImportStateVerifyIgnore: []string{
					"probed_at", "probed_height", // the block of the last look is not on chain
					"timeouts", "variants.0.units",
				},
			},
			{ // by identity, and nothing is sent for what is the same
				ResourceName: name, ImportState: true, ImportStateKind: resource.ImportBlockWithID,
				ImportPlanChecks: resource.ImportPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectKnownValue(name, at("chosen", "variant"), knownvalue.StringExact("a100/sxm")),
				}},
				ExpectNonEmptyPlan: true,
			},
			{
				ResourceName: name, ImportState: true, ImportStateId: s.owner + "/7",
				ExpectError: acctest.Says("No such probe"),
			},
			{
				ResourceName: name, ImportState: true, ImportStateId: "unprobed-abc",
				ExpectError: acctest.Says("Nothing to import"),
			},
			{ResourceName: name, ImportState: true, ImportStateId: "x", ExpectError: acctest.Says("Invalid import id")},
		},
	})
	s.settled(t, before, 1)
}

// TestAccGPUProfile_never sends nothing, and can ask later.
func TestAccGPUProfile_never(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	before := s.books(t)
	var id string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: s.config(t, `models = ["b900", "h100", "t4"]`+"\nprobe = \"never\"\nunits = 4\n"),
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectKnownValue(name, at("chosen", "variant"), knownvalue.StringExact("h100 x4")),
					plancheck.ExpectKnownValue(name, at("offers"), knownvalue.ListSizeExact(0)),
				),
				ConfigStateChecks: []statecheck.StateCheck{null("probe_id"), null("chosen", "usd_per_gpu_hour")},
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep(name, "id", &id), acctest.Look(func() { s.settled(t, before, 0) }),
				),
			},
			{
				Config:           s.config(t, `models = ["h100", "t4"]`),
				ConfigPlanChecks: asks(),
				ConfigStateChecks: []statecheck.StateCheck{
					is("t4", "chosen", "variant"),
				},
				Check: resource.ComposeTestCheckFunc(
					acctest.Same(name, "id", &id), acctest.Look(func() { s.settled(t, before, 1) }),
				),
			},
		},
	})
	require.Contains(t, id, "unprobed-")
}
