variable "api_token" {
  type      = string
  ephemeral = true # or read it with an ephemeral aws_secretsmanager_secret_version
}

data "akash_ecs_task" "shop" {
  content           = file("task.json")
  images            = { shop = "ghcr.io/example/shop:2.1.0" } # logins to ECR last for hours alone
  http_ports        = { shop = 3000 }
  ephemeral_storage = "2Gi"
  aws_usd_month     = "44.00" # what the bill says
}

locals {
  secrets = { shop = { API_TOKEN = var.api_token } }
}

resource "akash_deployment" "shop" {
  sdl            = data.akash_ecs_task.shop.sdl
  env_wo         = local.secrets
  env_wo_version = 1
  # deletion_protection = false
}

resource "akash_lease" "shop" {
  group         = akash_deployment.shop.groups["dcloud"]
  env_wo        = local.secrets
  price_ceiling = { usd_per_month = 40 }
}

output "uri" {
  value = akash_lease.shop.uris["shop"][0]
}

output "what_changed" {
  value = { for finding in data.akash_ecs_task.shop.changed : finding.path => finding.reason... }
}

output "cost" {
  value = data.akash_ecs_task.shop.est_usd_month
}
