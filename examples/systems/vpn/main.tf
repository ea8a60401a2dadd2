# A Tailscale exit node: the devices of a tailnet reach the internet by way of the Akash provider's.
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
  secrets = { vpn = { TS_AUTHKEY = var.auth_key } }
}

resource "akash_deployment" "vpn" {
  sdl = templatefile("${path.module}/deploy.yaml.tftpl", {
    hostname     = var.hostname
    login_server = var.login_server
  })

  env_wo         = local.secrets
  env_wo_version = var.secrets_version

  price_ceiling = { usd_per_month = var.ceiling_usd_per_month }
  deposit       = { runway = "720h" }
  min_runway    = "168h"

  # The volume holds the node's key alone; without it the node joins again as a new one.
  deletion_protection = false
  allow_data_loss     = true
}

resource "akash_lease" "vpn" {
  group           = akash_deployment.vpn.groups["vpn"]
  env_wo          = local.secrets
  allow_data_loss = true

  # Where the traffic comes out is what it is for.
  bid_policy     = { regions = var.regions }
  rebid_triggers = { regions = var.regions == null ? "anywhere" : join(" ", var.regions) }
}
