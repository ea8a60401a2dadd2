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
