locals {
  verdict = provider::akash::sdl_validate(<<-YAML
    version: "2.0"
    services:
      web:
        image: nginx:1.29.3
        expose: [{port: 80, to: [{global: true}]}]
    profiles:
      compute:
        web: {resources: {cpu: {units: 0.5}, memory: {size: 512mi}, storage: {size: 1Gi}}}
      placement:
        dcloud: {pricing: {web: {denom: uact, amount: 100}}}
    deployment:
      web: {dcloud: {profile: web, count: 1}}
  YAML
  )
}

# ["line 8: \"512mi\" is not a size; write 512Mi"], more or less
output "problems" {
  value = [for p in local.verdict.errors : "line ${p.line}: ${p.message}; ${p.remedy}"]
}
