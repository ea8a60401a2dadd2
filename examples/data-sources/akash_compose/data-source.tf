data "akash_compose" "shop" {
  content       = file("compose.yaml")
  images        = { web = "registry.example.com/shop/web:2.3.1" } # Akash builds no images
  volume_sizes  = { db_data = "20Gi" }
  hosts         = { web = ["shop.example.com"] }
  accept_losses = ["services.web.volumes[0]"] # the source code that was mounted for development
}

resource "akash_deployment" "shop" {
  sdl = data.akash_compose.shop.sdl
}

resource "akash_lease" "shop" {
  group         = akash_deployment.shop.groups["dcloud"]
  price_ceiling = { usd_per_month = 30 }
}

output "what_changed" {
  value = [for f in data.akash_compose.shop.changed : "${f.path}: ${f.reason}"]
}
