resource "akash_deployment" "web" {
  sdl = file("${path.module}/deploy.yaml")
}

resource "akash_lease" "web" {
  group         = akash_deployment.web.groups["dcloud"]
  price_ceiling = { usd_per_month = "10" }

  bid_policy = {
    window   = "90s"
    min_bids = 3
  }
}

output "uris" {
  value = akash_lease.web.uris["web"]
}
