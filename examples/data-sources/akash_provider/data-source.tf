resource "akash_deployment" "web" {
  sdl = file("${path.module}/deploy.yaml")
}

resource "akash_lease" "web" {
  group         = akash_deployment.web.groups["dcloud"]
  price_ceiling = { usd_per_month = "10" }
}

# Who runs it?
data "akash_provider" "web" {
  address = akash_lease.web.provider_address
}

output "runs_at" {
  value = "${data.akash_provider.web.host_uri}, ${lookup(data.akash_provider.web.attributes, "region", "somewhere")}"
}
