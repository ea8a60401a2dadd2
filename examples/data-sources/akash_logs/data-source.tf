resource "akash_deployment" "web" {
  sdl = file("${path.module}/deploy.yaml")
}

resource "akash_lease" "web" {
  group         = akash_deployment.web.groups["dcloud"]
  price_ceiling = { usd_per_month = "10" }
}

data "akash_logs" "web" {
  lease_id       = akash_lease.web.lease_id
  services       = ["web"]
  tail           = 20
  include_events = true
}

# terraform output -raw log
output "log" {
  value     = join("\n", [for line in data.akash_logs.web.lines : "${line.replica}: ${line.text}"])
  sensitive = true
}
