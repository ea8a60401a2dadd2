variable "db_password" {
  type      = string
  ephemeral = true
}

variable "registry_token" {
  type      = string
  ephemeral = true
}

locals {
  # One place for both resources: the deployment hashes what the lease delivers.
  secret_env = { web = { DB_PASSWORD = var.db_password } }
  logins     = { web = { host = "ghcr.io", username = "robot", password = var.registry_token } }
}

resource "akash_deployment" "web" {
  sdl = file("${path.module}/deploy.yaml")

  env_wo                          = local.secret_env
  env_wo_version                  = 1
  registry_credentials_wo         = local.logins
  registry_credentials_wo_version = 1
}

resource "akash_lease" "web" {
  group = akash_deployment.web.groups["dcloud"]

  env_wo                  = local.secret_env
  registry_credentials_wo = local.logins
}
