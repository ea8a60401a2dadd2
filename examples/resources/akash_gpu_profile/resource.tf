# An H100 if there is one for 2.20 USD an hour, else an A100 with 80 GiB for 1.50, else any GPU with 24 GiB for 0.60.
resource "akash_gpu_profile" "ml" {
  variants = [
    { model = "h100", ceiling_usd_per_hour = "2.20" },
    { model = "a100", vram = "80Gi", ceiling_usd_per_hour = "1.50" },
    { min_vram = "24Gi", ceiling_usd_per_hour = "0.60" },
  ]

  # Bids are for everything together, so ask with what will run.
  cpu     = "8"
  memory  = "32Gi"
  storage = "100Gi"

  # The chosen GPU stays until this changes.
  refresh_triggers = { month = "2026-12" }
}

data "akash_sdl" "ml" {
  services = {
    ml = {
      image  = "vllm/vllm-openai:v0.11.0"
      expose = [{ port = 8000, as = 80, to = [{ global = true }] }]
    }
  }
  profiles = {
    compute = {
      ml = { cpu = "8", memory = "32Gi", storage = [{ size = "100Gi" }], gpu = akash_gpu_profile.ml.gpu }
    }
    placement = {
      dcloud = { pricing = { ml = { usd_per_month = "1800" } } }
    }
  }
}

resource "akash_deployment" "ml" {
  sdl = data.akash_sdl.ml.yaml
}

resource "akash_lease" "ml" {
  group         = akash_deployment.ml.groups["dcloud"]
  price_ceiling = akash_gpu_profile.ml.price_ceiling
}

output "gpu" {
  value = "${akash_gpu_profile.ml.chosen.variant} from ${akash_gpu_profile.ml.chosen.usd_per_gpu_hour} USD per GPU-hour"
}
