// SPDX-License-Identifier: Apache-2.0

package gpuprofile_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
)

const nobody = "akash1365yvmc4s7awdyj3n2sav7xfx76adc6dnmlx63"

// plan plans a profile to be created, without a network.
func plan(t *testing.T, config map[string]any) acctest.Planned {
	t.Helper()
	for attribute, value := range map[string]any{
		"units": 1, "vendor": "nvidia", "cpu": "100m", "memory": "256Mi", "storage": "256Mi", "probe": "auto",
		"bid_window": "60s",
	} {
		if config[attribute] == nil {
			config[attribute] = value
		}
	}
	return acctest.NewOffline(t, nobody, nil).Plan(t, "akash_gpu_profile", nil, config)
}

func TestPlanKnowsWhatOneVariantMeans(t *testing.T) {
	t.Parallel()
	planned := plan(t, map[string]any{"models": []any{"t4"}, "units": 2, "ceiling_usd_per_hour": "0.3"})
	require.Empty(t, planned.Errors)
	require.Equal(t, `{units: 2, attributes: {vendor: {nvidia: [{model: "t4"}]}}}`, planned.Values["sdl"])
	require.Equal(t, perBlock("1000"), planned.Values["price_ceiling"])
	for _, found := range []string{"chosen", "offers", "results", "probe_id"} {
		require.Equal(t, acctest.Unknown{}, planned.Values[found], "%s is the market's", found)
	}
	planned = plan(t, map[string]any{"models": []any{"t4", "a100"}})
	require.Equal(t, acctest.Unknown{}, planned.Values["sdl"])
	planned = plan(t, map[string]any{"models": []any{"t4", acctest.Unknown{}}})
	require.Empty(t, planned.Errors)
	require.Equal(t, acctest.Unknown{}, planned.Values["sdl"])
}

func TestPlanTakesTheTightestCeiling(t *testing.T) {
	t.Parallel()
	config := map[string]any{
		"units": 4, "vendor": "nvidia", "cpu": "100m", "memory": "256Mi", "storage": "256Mi", "probe": "never",
		"bid_window": "60s", "ceiling_usd_per_hour": "2",
	}
	for want, c := range map[string]struct {
		ofVariant any
		ofBlock   string
	}{
		"13333.333333333333333333": {nil, "90000"},    // 2 USD for each of 4 GPUs
		"10000":                    {"1.5", "90000"},  // the variant's
		"9000.5":                   {"1.5", "9000.5"}, // the provider block's, for everything
	} {
		config["variants"] = []any{map[string]any{"model": "a100", "ceiling_usd_per_hour": c.ofVariant}}
		offline := acctest.NewOffline(t, nobody, map[string]any{
			"price_ceiling": map[string]any{"uact_per_block": c.ofBlock},
		})
		planned := offline.Plan(t, "akash_gpu_profile", nil, config)
		require.Empty(t, planned.Errors)
		require.Equal(t, perBlock(want), planned.Values["price_ceiling"])
	}
}

func TestPlanAsksForEveryGPUWithEnoughMemory(t *testing.T) {
	t.Parallel()
	planned := plan(t, map[string]any{"variants": []any{map[string]any{"min_vram": "90Gi", "interface": "pcie"}}})
	require.Empty(t, planned.Errors)
	require.Equal(t, `{units: 1, attributes: {vendor: {nvidia: [{model: "h200nvl", ram: "141Gi", interface: "pcie"}, `+
		`{model: "pro6000mq", ram: "96Gi", interface: "pcie"}, {model: "pro6000se", ram: "96Gi", interface: "pcie"}, `+
		`{model: "pro6000we", ram: "96Gi", interface: "pcie"}]}}}`, planned.Values["sdl"])
	planned = plan(t, map[string]any{"variants": []any{map[string]any{}}})
	require.Empty(t, planned.Errors)
	require.Equal(t, "{units: 1, attributes: {vendor: {nvidia: }}}", planned.Values["sdl"], "any GPU")
}

func TestPlanWarnsOfUnknownGPUs(t *testing.T) {
	t.Parallel()
	for model, c := range map[string]struct {
		vram any
		want string
	}{
		"rtx4900": {nil, `has no GPU "rtx4900"; did you mean`},
		"h100":    {"24Gi", "has no h100/24Gi; it has h100/80Gi/pcie, h100/80Gi/sxm"},
		"zz-9":    {nil, `has no GPU "zz-9". Akash providers may offer newer ones`},
	} {
		planned := plan(t, map[string]any{"variants": []any{map[string]any{"model": model, "vram": c.vram}}})
		require.Empty(t, planned.Errors)
		require.Len(t, planned.Warnings, 1)
		require.Contains(t, planned.Warnings[0], c.want)
	}
	require.Empty(t, plan(t, map[string]any{"models": []any{"h100"}}).Warnings)
}

func TestPlanBlamesTheShape(t *testing.T) {
	t.Parallel()
	for attribute, value := range map[string]string{"cpu": "1m", "memory": "1kb", "storage": "none"} {
		planned := plan(t, map[string]any{"models": []any{"t4", "a100"}, attribute: value})
		require.Len(t, planned.Errors, 1, "once for all variants")
		require.True(t, strings.HasPrefix(planned.Errors[0], "Invalid "+attribute), planned.Errors[0])
	}
}

func TestAccGPUProfile_refusesAtPlan(t *testing.T) {
	t.Parallel()
	const block = `
provider "akash" {
  network  = "custom"
  chain_id = "nowhere-1"
  grpc     = ["http://127.0.0.1:1"]
  owner    = "` + nobody + `"
}
`
	var steps []resource.TestStep
	for lines, want := range map[string]string{
		"":                                   "models",
		"models = [\"t4\"]\nvariants = [{}]": "models",
		`models = []`:                        "at least 1",
		`models = ["H100"]`:                  "lower case",
		`models = ["RTX 4090"]`:              "lower case",
		`models = ["t4", "t4"]`:              "t4 is in the list twice",
		`variants = [{ vram = "80Gi" }]`:     "needs a model",
		`variants = [{ interface = "sxm" }]`: "needs a model or min_vram",
		`variants = [{ model = "t4", vram = "16GB" }]`:                   "whole Gi",
		`variants = [{ model = "t4", vram = "16Gi", min_vram = "8Gi" }]`: "vram",
		`variants = [{ model = "t4", min_vram = "80Gi" }]`:               "has nothing like t4/80Gi+",
		`variants = [{ interface = "sxm3", model = "t4" }]`:              "pcie",
		"models = [\"t4\"]\nceiling_usd_per_hour = \"0\"":                "above zero",
		"models = [\"t4\"]\nceiling_usd_per_hour = \"cheap\"":            "decimal",
		"models = [\"t4\"]\nvendor = \"amd\"":                            "nvidia",
		"models = [\"t4\"]\nprobe = \"always\"":                          "auto",
		"models = [\"t4\"]\nunits = 25":                                  "between 1 and 24",
		"models = [\"t4\"]\nbid_window = \"0s\"":                         "above zero",
		"models = [\"t4\"]\nauditors = [\"me\"]":                         "address",
	} {
		steps = append(steps, resource.TestStep{
			Config: block + "resource \"akash_gpu_profile\" \"ml\" {\n" + lines + "\n}\n", PlanOnly: true,
			ExpectError: acctest.Says(want),
		})
	}
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: acctest.Factories(), Steps: steps})
}

// perBlock is a planned ceiling in uact a block.
func perBlock(uact string) map[string]any {
	return map[string]any{"usd_per_month": nil, "usd_per_hour": nil, "uact_per_block": uact}
}
