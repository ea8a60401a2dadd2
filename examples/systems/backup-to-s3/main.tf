# A shared folder (WebDAV) that copies itself to a bucket, encrypted, and fills itself from there on a new lease.
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
    folder = {
      RCLONE_USER                        = var.user
      RCLONE_PASS                        = var.password
      RCLONE_CONFIG_S3_ACCESS_KEY_ID     = var.s3_access_key
      RCLONE_CONFIG_S3_SECRET_ACCESS_KEY = var.s3_secret_key
      # rclone wants it in its own obscured form, which only rclone makes; the start script does that.
      BACKUP_PASSPHRASE = var.backup_passphrase
    }
  }
}

resource "akash_deployment" "folder" {
  sdl = templatefile("${path.module}/deploy.yaml.tftpl", {
    start           = file("${path.module}/start.sh")
    s3_url          = var.s3_url
    s3_region       = var.s3_region
    bucket_path     = var.s3_bucket_path
    backup_interval = var.backup_interval_seconds
    volume_size     = var.volume_size
  })

  env_wo         = local.secrets
  env_wo_version = var.secrets_version

  price_ceiling = { usd_per_month = var.ceiling_usd_per_month }
  deposit       = { runway = "720h" }
  min_runway    = "168h"

  # What is lost with the volume is what changed since the last copy.
  deletion_protection = var.deletion_protection
  allow_data_loss     = true
}

resource "akash_lease" "folder" {
  group           = akash_deployment.folder.groups["folder"]
  env_wo          = local.secrets
  allow_data_loss = true
}
