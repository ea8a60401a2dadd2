data "akash_forecast" "web" {
  sdl           = file("${path.module}/deploy.yaml")
  price_ceiling = { usd_per_month = 12 }
}

resource "akash_deployment" "web" {
  sdl = file("${path.module}/deploy.yaml")

  lifecycle {
    # Nothing is created unless somebody is expected to take it.
    precondition {
      condition     = data.akash_forecast.web.prospect == "likely"
      error_message = data.akash_forecast.web.groups["dcloud"].headline
    }
  }
}
