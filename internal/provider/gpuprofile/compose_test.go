// SPDX-License-Identifier: Apache-2.0

package gpuprofile_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
)

const typed = `
data "akash_sdl" "ml" {
  services = {
    ml = { image = "nginx:1.29.3", expose = [{ port = 80, to = [{ global = true }] }] }
  }
  profiles = {
    compute = {
      ml = { cpu = 0.5, memory = "512Mi", storage = [{ size = "1Gi" }], gpu = akash_gpu_profile.ml.gpu }
    }
    placement = { any = { pricing = { ml = { uact_per_block = "10000" } } } }
  }
}

resource "akash_deployment" "ml" {
  sdl = data.akash_sdl.ml.yaml
}

resource "akash_lease" "ml" {
  group         = akash_deployment.ml.groups["any"]
  price_ceiling = akash_gpu_profile.ml.price_ceiling
}
`

// TestAccGPUProfile_dropsIntoSDL leases what a profile chose, through the typed SDL and through a text, and never plans
// again when the market moves.
func TestAccGPUProfile_dropsIntoSDL(t *testing.T) {
	t.Parallel()
	s := newStage(t, acctest.NoRefusal())
	const text = `
resource "akash_deployment" "text" {
  sdl = <<-EOT
    version: "2.1"
    services:
      ml: {image: nginx:1.29.3, expose: [{port: 80, to: [{global: true}]}]}
    profiles:
      compute:
        ml:
          resources:
            cpu: {units: 100m}
            memory: {size: 512Mi}
            storage: {size: 1Gi}
            gpu: ${akash_gpu_profile.ml.sdl}
      placement:
        any: {pricing: {ml: {denom: uact, amount: 10000}}}
    deployment:
      ml: {any: {profile: ml, count: 1}}
  EOT
}
`
	const profile = `variants = [
    { model = "h100" },
    { model = "a100", vram = "80Gi", interface = "sxm", ceiling_usd_per_hour = "1.5" },
    { model = "t4" },
  ]
  cpu    = 0.5
  memory = "512Mi"
`
	var typedID, textID, lease string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: s.config(t, profile, typed, text),
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep("akash_deployment.ml", "id", &typedID), acctest.Keep("akash_deployment.text", "id", &textID),
					acctest.Keep("akash_lease.ml", "lease_id", &lease),
					acctest.Look(func() {
						for _, id := range []string{typedID, textID} {
							gpu := s.Deployment(t, id).Groups[0].GroupSpec.Resources[0].Resource.GPU
							require.Equal(t, "1", gpu.Units.Val.String())
							require.Len(t, gpu.Attributes, 1)
							require.Equal(t, "vendor/nvidia/model/a100/ram/80Gi/interface/sxm", gpu.Attributes[0].Key)
						}
						leases := s.Leases(t, typedID)
						require.Len(t, leases, 1)
						require.Equal(t, lease, fmt.Sprintf("%s/1/1/%s", typedID, leases[0].ID.Provider))
						require.Equal(t, s.Address(t, acctest.Dearest), leases[0].ID.Provider)
					}),
				),
			},
			{
				PreConfig:        func() { s.AllFaults(akashprovider.Faults{NeverBid: true}) },
				Config:           s.config(t, profile, typed, text),
				ConfigPlanChecks: acctest.NoChange(),
			},
		},
	})
	require.Empty(t, s.Deployments(t, s.owner, "active"))
}
