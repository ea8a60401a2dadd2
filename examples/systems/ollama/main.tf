# Ollama on the best GPU under a ceiling, behind a gate that wants a token: Ollama itself lets everybody in.
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
  cpu     = "4"
  memory  = "16Gi"
  storage = "32Gi"

  refresh_triggers = { ask_again = var.ask_for_gpus_again }
}

locals {
  # One place for both resources: the deployment hashes what the lease delivers.
  secrets = { gate = { API_TOKEN = var.api_token } }
}

# Typed attributes in place of a YAML template: the gate's configuration is a file, which SDLs do not have.
data "akash_sdl" "ollama" {
  services = {
    ollama = {
      image   = "ollama/ollama:0.12.11@sha256:3d8a05e3432d50ea57594fabe971e46cc8fe963a0f9f8c40400bd56cd5388e47"
      command = ["sh", "-c", file("${path.module}/start.sh")]
      env = {
        OLLAMA_HOST       = "0.0.0.0:11434"
        OLLAMA_KEEP_ALIVE = var.keep_alive
        MODELS            = join(" ", var.models)
      }
      expose = [{ port = 11434, to = [{ service = "gate" }] }]
      params = { storage = { models = { mount = "/root/.ollama" } } }
    }
    gate = {
      image   = "caddy:2.10.2-alpine@sha256:4c6e91c6ed0e2fa03efd5b44747b625fec79bc9cd06ac5235a779726618e530d"
      command = ["caddy", "run", "--config", "/etc/gate/Caddyfile", "--adapter", "caddyfile"]
      files   = { "/etc/gate/Caddyfile" = { content = file("${path.module}/Caddyfile") } }
      expose = [{
        port         = 8080
        as           = 80
        http_options = { read_timeout = 60000, send_timeout = 60000, max_body_size = 104857600 }
        to           = [{ global = true }]
      }]
    }
  }

  profiles = {
    compute = {
      ollama = {
        cpu    = "4"
        memory = "16Gi"
        gpu    = akash_gpu_profile.gpu.gpu
        storage = [
          { size = "32Gi" },
          { name = "models", size = var.model_volume_size, persistent = true, class = "beta3" },
        ]
      }
      gate = { cpu = "0.1", memory = "128Mi", storage = [{ size = "256Mi" }] }
    }
    placement = {
      ollama = {
        pricing = {
          ollama = { uact_per_block = "1150" }
          gate   = { uact_per_block = "25" }
        }
      }
    }
  }
}

resource "akash_deployment" "ollama" {
  sdl = nonsensitive(data.akash_sdl.ollama.yaml) # there is no secret in it

  env_wo         = local.secrets
  env_wo_version = var.secrets_version

  price_ceiling = { usd_per_month = var.ceiling_usd_per_month }
  deposit       = { runway = var.runway }

  # The volume holds copies of models, which are pulled anew where they are missing.
  deletion_protection = false
  allow_data_loss     = true
}

resource "akash_lease" "ollama" {
  group           = akash_deployment.ollama.groups["ollama"]
  env_wo          = local.secrets
  allow_data_loss = true

  timeouts = { create = "45m", update = "45m" } # image and models are gigabytes
}
