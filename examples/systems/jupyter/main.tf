# JupyterLab with a token, its notebooks on a persistent volume.
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
  secrets = { jupyter = { JUPYTER_TOKEN = var.token } }
}

resource "akash_deployment" "jupyter" {
  sdl = templatefile("${path.module}/deploy.yaml.tftpl", {
    packages    = join(" ", var.packages)
    volume_size = var.volume_size
  })

  env_wo         = local.secrets
  env_wo_version = var.secrets_version

  price_ceiling       = { usd_per_month = var.ceiling_usd_per_month }
  deposit             = { runway = "336h" }
  min_runway          = "168h" # an apply tops up when less is left: an empty escrow loses the notebooks
  deletion_protection = var.deletion_protection
  allow_data_loss     = var.allow_data_loss
}

resource "akash_lease" "jupyter" {
  group           = akash_deployment.jupyter.groups["jupyter"]
  env_wo          = local.secrets
  allow_data_loss = var.allow_data_loss

  timeouts = { create = "20m", update = "20m" } # the image is large
}
