# WordPress and its database behind a name of your own; what the DNS record has to say is an output.
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
  secrets = {
    wordpress = { WORDPRESS_DB_PASSWORD = var.db_password }
    db        = { MARIADB_PASSWORD = var.db_password }
  }
}

resource "akash_deployment" "wordpress" {
  sdl = templatefile("${path.module}/deploy.yaml.tftpl", {
    domain = var.domain
    debug  = var.debug
  })

  env_wo         = local.secrets
  env_wo_version = var.secrets_version

  price_ceiling       = { usd_per_month = var.ceiling_usd_per_month }
  deposit             = { runway = "720h" }
  min_runway          = "336h" # an apply tops up when less is left: an empty escrow loses posts and pictures
  deletion_protection = var.deletion_protection
  allow_data_loss     = var.allow_data_loss
}

resource "akash_lease" "wordpress" {
  group           = akash_deployment.wordpress.groups["wordpress"]
  env_wo          = local.secrets
  allow_data_loss = var.allow_data_loss
}

locals {
  ingress_host = try([for host in akash_lease.wordpress.uris["wordpress"] : host if host != var.domain][0], null)
}
