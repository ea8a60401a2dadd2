# A container registry whose images are in a bucket of any S3-compatible service; it keeps nothing itself.
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
    registry = {
      HTPASSWD                      = var.htpasswd
      REGISTRY_HTTP_SECRET          = var.http_secret
      REGISTRY_STORAGE_S3_ACCESSKEY = var.s3_access_key
      REGISTRY_STORAGE_S3_SECRETKEY = var.s3_secret_key
    }
  }
}

resource "akash_deployment" "registry" {
  sdl = templatefile("${path.module}/deploy.yaml.tftpl", {
    domain    = var.domain
    replicas  = var.replicas
    s3_url    = var.s3_url
    s3_region = var.s3_region
    s3_bucket = var.s3_bucket
    read_only = var.read_only
  })

  env_wo         = local.secrets
  env_wo_version = var.secrets_version

  price_ceiling = { usd_per_month = var.ceiling_usd_per_month }
  deposit       = { runway = "720h" }
  min_runway    = "168h"
}

resource "akash_lease" "registry" {
  group  = akash_deployment.registry.groups["registry"]
  env_wo = local.secrets
}
