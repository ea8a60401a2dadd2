resource "akash_deployment" "web" {
  sdl = file("${path.module}/deploy.yaml")
}

resource "akash_lease" "web" {
  group         = akash_deployment.web.groups["dcloud"]
  price_ceiling = { usd_per_month = "10" }

  bid_policy = {
    window   = "90s"
    min_bids = 3
    strategy = "weighted"
    regions  = ["eu-*", "us-*"]
  }

  # Running is: the service web answers here.
  wait_for = {
    http = [{ service = "web", path = "/", timeout = "5m" }]
  }

  # Another value asks for bids again.
  rebid_triggers      = { quarter = "2026-Q4" }
  rebid_if_cheaper_by = "25"
}

output "uris" {
  value = akash_lease.web.uris["web"]
}
