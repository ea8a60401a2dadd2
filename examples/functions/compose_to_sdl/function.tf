locals {
  converted = provider::akash::compose_to_sdl(<<-YAML
    services:
      web:
        image: ghcr.io/umami-software/umami:postgresql-v2.15.1
        ports: ["3000:3000"]
        depends_on: [db]
      db:
        image: postgres:17.2
        healthcheck: {test: [CMD, pg_isready]}
  YAML
  )
}

output "sdl" {
  value = local.converted.sdl # null if something keeps it from running
}

output "losses" {
  value = [for f in local.converted.findings : "${f.path}: ${f.reason}" if f.severity == "dropped"]
}
