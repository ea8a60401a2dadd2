variable "api_token" {
  type      = string
  sensitive = true
}

resource "akash_deployment" "web" {
  sdl     = file("${path.module}/deploy.yaml")
  deposit = { usd = "5" }

  env = {
    web = {
      API_TOKEN = var.api_token
    }
  }
}

# Paid for 30 days; topped up to 30 days again by an apply that finds less than a week.
resource "akash_deployment" "lasting" {
  sdl        = file("${path.module}/deploy.yaml")
  deposit    = { runway = "720h" }
  min_runway = "168h"
}
