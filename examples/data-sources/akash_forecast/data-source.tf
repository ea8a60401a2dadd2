locals {
  bid_policy = { regions = ["us-*", "eu-*"], strategy = "cheapest" }
}

data "akash_forecast" "web" {
  sdl           = file("${path.module}/deploy.yaml")
  price_ceiling = { usd_per_month = 12 }
  bid_policy    = local.bid_policy # and the same for the akash_lease to come
}

resource "akash_deployment" "web" {
  sdl = file("${path.module}/deploy.yaml")

  lifecycle {
    # Nothing is created when nobody is expected to take it at this price.
    precondition {
      condition     = !contains(["nobody", "too_dear"], data.akash_forecast.web.prospect)
      error_message = data.akash_forecast.web.groups["dcloud"].headline
    }
  }
}
