# Nextcloud with MariaDB; files are in a bucket of any S3-compatible service, so that they outlive a lease.
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

# Passwords that nobody has to think up, from the CLI's own random source: 122 bits each. They are kept in state, marked
# as sensitive, since the next apply needs them again. (triggers_replace is the one argument that terraform_data does not
# repeat as an output, where the mark would be lost.)
resource "terraform_data" "password" {
  for_each = toset(["admin", "database"])

  triggers_replace = sensitive(uuid())

  lifecycle {
    ignore_changes = [triggers_replace]
  }
}

locals {
  admin_password    = terraform_data.password["admin"].triggers_replace
  database_password = terraform_data.password["database"].triggers_replace

  # One place for both resources: the deployment hashes what the lease delivers.
  secrets = {
    nextcloud = {
      NEXTCLOUD_ADMIN_PASSWORD = local.admin_password
      MYSQL_PASSWORD           = local.database_password
      OBJECTSTORE_S3_KEY       = var.s3_access_key
      OBJECTSTORE_S3_SECRET    = var.s3_secret_key
    }
    db = {
      MARIADB_PASSWORD = local.database_password
    }
  }
}

resource "akash_deployment" "nextcloud" {
  sdl = templatefile("${path.module}/deploy.yaml.tftpl", {
    admin_user    = var.admin_user
    domain        = var.domain
    s3_host       = var.s3_host
    s3_region     = var.s3_region
    s3_bucket     = var.s3_bucket
    upload_limit  = var.upload_limit
    database_size = var.database_size
  })

  env_wo         = local.secrets
  env_wo_version = var.secrets_version

  price_ceiling       = { usd_per_month = var.ceiling_usd_per_month }
  deposit             = { runway = "720h" }
  min_runway          = "336h" # an apply tops up when less is left: an empty escrow loses the database
  deletion_protection = var.deletion_protection
  allow_data_loss     = var.allow_data_loss
}

resource "akash_lease" "nextcloud" {
  group           = akash_deployment.nextcloud.groups["nextcloud"]
  env_wo          = local.secrets
  allow_data_loss = var.allow_data_loss

  timeouts = { create = "20m", update = "20m" } # the first start installs
}
