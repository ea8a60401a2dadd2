# A Minecraft (Java Edition) server: the world on a persistent volume, players come in at an address of its own.
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

locals {
  # One place for both resources: the deployment hashes what the lease delivers.
  secrets = { minecraft = { RCON_PASSWORD = var.rcon_password } }
}

# Held by a deployment of its own, so that the address outlives the server's.
resource "akash_ip_endpoint" "minecraft" {
  name                = var.endpoint_name
  price_ceiling       = { usd_per_month = var.address_ceiling_usd_per_month }
  deposit             = { usd = var.address_deposit_usd }
  deletion_protection = var.deletion_protection
}

resource "akash_deployment" "minecraft" {
  sdl = templatefile("${path.module}/deploy.yaml.tftpl", {
    endpoint    = var.endpoint_name
    eula        = var.accept_eula
    version     = var.minecraft_version
    motd        = var.motd
    max_players = var.max_players
    operators   = join(",", var.operators)
    heap_mib    = var.heap_mib
    memory_mib  = var.heap_mib + 1024 # the Java machine itself, and what plugins allocate outside of the heap
    world_size  = var.world_size
  })

  env_wo         = local.secrets
  env_wo_version = var.secrets_version

  price_ceiling       = { usd_per_month = var.ceiling_usd_per_month }
  deposit             = { runway = "720h" }
  min_runway          = "336h" # an apply tops up when less is left: an empty escrow loses the world
  deletion_protection = var.deletion_protection
  allow_data_loss     = var.allow_data_loss
}

resource "akash_lease" "minecraft" {
  group           = akash_deployment.minecraft.groups["minecraft"]
  env_wo          = local.secrets
  allow_data_loss = var.allow_data_loss

  # An address belongs to the Akash provider that leases it out.
  bid_policy = {
    allow = [akash_ip_endpoint.minecraft.provider_address]
  }

  timeouts = { create = "20m", update = "20m" } # the image is large
}
