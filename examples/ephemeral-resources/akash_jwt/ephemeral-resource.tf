resource "akash_deployment" "web" {
  sdl = file("${path.module}/deploy.yaml")
}

resource "akash_lease" "web" {
  group = akash_deployment.web.groups["dcloud"]
}

# May read the logs of one lease for an hour, and nothing else.
ephemeral "akash_jwt" "logs" {
  access   = "granular"
  lease_id = akash_lease.web.lease_id
  scope    = ["logs", "events"]
  services = ["web"]
  lifetime = "1h"
}
