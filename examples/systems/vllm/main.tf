# A language model behind vLLM's OpenAI-compatible API, on the best GPU that is to be had under a ceiling.
#
# Network and key come from the environment, for example AKASH_NETWORK=mainnet and AKASH_MNEMONIC.

terraform {
  required_version = ">= 1.11" # for write-only and ephemeral values

  required_providers {
    akash = {
      source = "akash-iac/akash"
    }
  }
}

# Asks the market for real bids, best GPU first, and keeps the answer. Nothing is leased by this.
resource "akash_gpu_profile" "gpu" {
  variants = var.gpus

  # Bids are for everything together, so ask with what will run.
  cpu     = "8"
  memory  = "32Gi"
  storage = "64Gi"

  refresh_triggers = { ask_again = var.ask_for_gpus_again }
}

locals {
  # One place for both resources: the deployment hashes what the lease delivers.
  secrets = {
    vllm = merge(
      { VLLM_API_KEY = var.api_key },
      { for name, value in { HF_TOKEN = var.hugging_face_token } : name => value if value != null },
    )
  }
}

resource "akash_deployment" "vllm" {
  sdl = templatefile("${path.module}/deploy.yaml.tftpl", {
    gpu               = akash_gpu_profile.gpu.sdl
    gpus              = akash_gpu_profile.gpu.gpu.units
    model             = var.model
    max_model_len     = var.max_model_len
    memory_share      = var.gpu_memory_utilization
    model_volume_size = var.model_volume_size
  })

  env_wo         = local.secrets
  env_wo_version = var.secrets_version

  price_ceiling = { usd_per_month = var.ceiling_usd_per_month }
  deposit       = { runway = var.runway }

  # The volume holds a copy of the model, which is downloaded anew where it is missing.
  deletion_protection = false
  allow_data_loss     = true
}

resource "akash_lease" "vllm" {
  group           = akash_deployment.vllm.groups["vllm"]
  env_wo          = local.secrets
  allow_data_loss = true

  timeouts = { create = "45m", update = "45m" } # image and model are tens of gigabytes
}
