resource "akash_deployment" "web" {
  sdl = <<-YAML
    version: "2.0"
    services:
      web:
        image: ghcr.io/example/shop:2.4.1
        env: ["DATABASE_URL=postgres://shop@db/shop"]
        expose:
          - port: 80
            to: [{ global: true }]
    profiles:
      compute:
        web: { resources: { cpu: { units: 500m }, memory: { size: 512Mi }, storage: [{ size: 1Gi }] } }
      placement:
        dcloud: { pricing: { web: { denom: uact, amount: 100 } } }
    deployment:
      web: { dcloud: { profile: web, count: 1 } }
  YAML
}

resource "akash_lease" "web" {
  group = akash_deployment.web.groups["dcloud"]
}

# A migration, once when the lease begins and again with each new manifest. The shell in the container reads the
# address from its environment, so that it is in no plan of this resource.
resource "akash_exec" "migrate" {
  lease_id = akash_lease.web.lease_id
  service  = "web"
  command  = ["sh", "-c", "bin/migrate --url \"$DATABASE_URL\""]
  triggers = { manifest = akash_lease.web.manifest_delivered_hash }
  timeouts = { create = "20m" }
}
