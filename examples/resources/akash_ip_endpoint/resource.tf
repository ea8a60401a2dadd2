locals {
  sdl = file("${path.module}/deploy.yaml") # declares endpoint "shop"
}

resource "akash_ip_endpoint" "shop" {
  name                = "shop"
  price_ceiling       = { usd_per_month = "12" }
  deposit             = { usd = "30" }
  deletion_protection = true

  # The deployment that has the ports now: change it to move them in place.
  attach = akash_deployment.blue.groups["dcloud"]
}

resource "akash_deployment" "blue" {
  sdl = local.sdl
}

resource "akash_lease" "blue" {
  group = akash_deployment.blue.groups["dcloud"]

  bid_policy = {
    allow = [akash_ip_endpoint.shop.provider_address]
  }
}

output "address" {
  value = akash_ip_endpoint.shop.address
}
