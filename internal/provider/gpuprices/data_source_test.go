// SPDX-License-Identifier: Apache-2.0

package gpuprices_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
)

func TestMain(m *testing.M) { acctest.Main(m) }

const (
	prices = "data.akash_gpu_prices.all"
	ask    = "data \"akash_gpu_prices\" \"all\" {\n%s\n}\n"
)

// gpus is a deployment that asks for GPUs of a model.
func gpus(name, model string, units int) string {
	return acctest.Deployment(name, fmt.Sprintf(`version: "2.1"
services:
  ml: {image: nginx:1.29.3, expose: [{port: 80, to: [{global: true}]}]}
profiles:
  compute:
    ml:
      resources:
        cpu: {units: 100m}
        memory: {size: 64Mi}
        storage: {size: 64Mi}
        gpu: {units: %d, attributes: {vendor: {nvidia: [{model: %s}]}}}
  placement:
    dcloud: {pricing: {ml: {denom: uact, amount: 100000}}}
deployment:
  ml: {dcloud: {profile: ml, count: 1}}
`, units, model))
}

func known(check knownvalue.Check, steps ...any) statecheck.StateCheck {
	path := tfjsonpath.New("prices")
	for _, s := range steps {
		switch s := s.(type) {
		case int:
			path = path.AtSliceIndex(s)
		case string:
			path = path.AtMapKey(s)
		}
	}
	return statecheck.ExpectKnownValue(prices, path, check)
}

func TestAccGPUPrices_basic(t *testing.T) {
	t.Parallel()
	specs := akashprovider.DefaultSpecs()
	for i, percent := range map[int]int64{0: 100, 1: 200} {
		spec, ok := specs[i].WithGPUs("t4", 4, percent) // 0.15 and 0.30 USD an hour; cedar asks 0.20
		require.True(t, ok)
		specs[i] = spec
	}
	net := acctest.StartDevnet(t, "Akash providers with certain GPUs", devnet.Options{AkashProviders: specs},
		acctest.NoRefusal())
	owner := net.Owner(t, acctest.Tenant)
	block := net.ProviderBlock(t, acctest.Tenant, "")
	// The A100 is leased, the T4s are offered only.
	world := block + gpus("a", "a100", 2) + acctest.Lease("a") + gpus("b", "t4", 1)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config:            block + fmt.Sprintf(ask, ""),
				ConfigStateChecks: []statecheck.StateCheck{known(knownvalue.ListSizeExact(0))},
			},
			{Config: world},
			{
				PreConfig: func() {
					acctest.Eventually(t, "all bids", func() bool {
						bids := 0
						for _, d := range net.Deployments(t, owner, "active") {
							bids += len(net.Bids(t, fmt.Sprintf("%s/%d", owner, d.Deployment.ID.DSeq)))
						}
						return bids == 4
					})
				},
				Config: world + fmt.Sprintf(ask, ""),
				ConfigStateChecks: []statecheck.StateCheck{
					known(knownvalue.ListSizeExact(2)),
					known(knownvalue.StringExact("a100"), 0, "model"),
					known(knownvalue.Int64Exact(1), 0, "offers"), known(knownvalue.Int64Exact(0), 0, "open"),
					known(knownvalue.StringRegexp(acctest.Says("1.20")), 0, "median_usd_per_gpu_hour"),
					known(knownvalue.StringExact("t4"), 1, "model"),
					known(knownvalue.Int64Exact(3), 1, "offers"), known(knownvalue.Int64Exact(3), 1, "open"),
					known(knownvalue.StringRegexp(acctest.Says("0.15")), 1, "min_usd_per_gpu_hour"),
					known(knownvalue.StringRegexp(acctest.Says("0.20")), 1, "median_usd_per_gpu_hour"),
					known(knownvalue.StringRegexp(acctest.Says("0.30")), 1, "max_usd_per_gpu_hour"),
					known(knownvalue.ListSizeExact(3), 1, "provider_addresses"),
					statecheck.ExpectKnownValue(prices, tfjsonpath.New("complete"), knownvalue.Bool(true)),
					statecheck.ExpectKnownValue(prices, tfjsonpath.New("height"), knownvalue.NotNull()),
					statecheck.ExpectKnownValue(prices, tfjsonpath.New("console"), knownvalue.Null()),
				},
			},
			{
				Config: world + fmt.Sprintf(ask, `models = ["t4"]`),
				ConfigStateChecks: []statecheck.StateCheck{
					known(knownvalue.ListSizeExact(1)), known(knownvalue.StringExact("t4"), 0, "model"),
				},
			},
		},
	})
}

// TestAccGPUPrices_deadMarket: a plan goes on without the chain, and without the Console.
func TestAccGPUPrices_deadMarket(t *testing.T) {
	t.Parallel()
	const block = `
provider "akash" {
  network  = "custom"
  chain_id = "nowhere-1"
  grpc     = ["http://127.0.0.1:1"]
  owner    = "akash1365yvmc4s7awdyj3n2sav7xfx76adc6dnmlx63"
}
`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"models": [{"vendor": "nvidia", "model": "t4", "ram": "16Gi", "interface": "PCIe", ` +
			`"availability": {"total": 5, "available": 2}, "price": {"currency": "USD", "min": 0.1, "max": 0.3, "med": 0.15}},` +
			`{"vendor": "nvidia", "model": "h100", "availability": {"total": 5, "available": 2}}]}`)) // the client may be gone
	}))
	t.Cleanup(server.Close)
	empty := []statecheck.StateCheck{
		known(knownvalue.ListSizeExact(0)),
		statecheck.ExpectKnownValue(prices, tfjsonpath.New("complete"), knownvalue.Bool(false)),
		statecheck.ExpectKnownValue(prices, tfjsonpath.New("height"), knownvalue.Null()),
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config:      block + fmt.Sprintf(ask, `console_url = "http://console-api.akash.network"`),
				ExpectError: acctest.Says("want https://host"),
			},
			{
				Config: block + fmt.Sprintf(ask, `console_url = "http://127.0.0.1:1"`),
				ConfigStateChecks: append(empty,
					statecheck.ExpectKnownValue(prices, tfjsonpath.New("console"), knownvalue.ListSizeExact(0))),
			},
			{
				Config: block + fmt.Sprintf(ask, "models = [\"t4\"]\nconsole_url = \""+server.URL+"\""),
				ConfigStateChecks: append(empty, statecheck.ExpectKnownValue(prices, tfjsonpath.New("console"),
					knownvalue.ListExact([]knownvalue.Check{knownvalue.ObjectExact(map[string]knownvalue.Check{
						"vendor": knownvalue.StringExact("nvidia"), "model": knownvalue.StringExact("t4"),
						"vram": knownvalue.StringExact("16Gi"), "interface": knownvalue.StringExact("PCIe"),
						"total": knownvalue.Int64Exact(5), "available": knownvalue.Int64Exact(2),
						"min_usd_per_gpu_hour":    knownvalue.StringExact("0.1"),
						"median_usd_per_gpu_hour": knownvalue.StringExact("0.15"),
						"max_usd_per_gpu_hour":    knownvalue.StringExact("0.3"),
					})}))),
			},
		},
	})
}
