# A full node of Polygon PoS: Bor, which executes, and Heimdall, which Bor asks for the consensus.
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
  # The Ethereum endpoint's address mostly holds a key, so it is treated as one.
  # One place for both resources: the deployment hashes what the lease delivers.
  secrets = { heimdall = { ETH_RPC_URL = var.ethereum_rpc_url } }
}

resource "akash_deployment" "polygon" {
  sdl = templatefile("${path.module}/deploy.yaml.tftpl", {
    start_bor            = file("${path.module}/start-bor.sh")
    start_heimdall       = file("${path.module}/start-heimdall.sh")
    heimdall_version     = "0.6.0"
    moniker              = var.moniker
    bor_snapshot_url     = var.bor_snapshot_url
    bor_volume_size      = var.bor_volume_size
    heimdall_volume_size = var.heimdall_volume_size
    max_peers            = var.max_peers
  })

  env_wo         = local.secrets
  env_wo_version = var.secrets_version

  price_ceiling = { usd_per_month = var.ceiling_usd_per_month }
  deposit       = { runway = "336h" }
  min_runway    = "168h"

  # Everything on the volumes can be had from the network again; it takes days.
  deletion_protection = var.deletion_protection
  allow_data_loss     = var.allow_data_loss
}

resource "akash_lease" "polygon" {
  group           = akash_deployment.polygon.groups["polygon"]
  env_wo          = local.secrets
  allow_data_loss = var.allow_data_loss

  timeouts = { create = "30m", update = "30m" }
}
