# The hash that akash_deployment puts on chain for this text.
output "hash" {
  value = provider::akash::sdl_hash(<<-YAML
    version: "2.0"
    services:
      web:
        image: nginx:1.29.3
        expose: [{port: 80, to: [{global: true}]}]
    profiles:
      compute:
        web: {resources: {cpu: {units: 0.5}, memory: {size: 512Mi}, storage: {size: 1Gi}}}
      placement:
        dcloud: {pricing: {web: {denom: uact, amount: 100}}}
    deployment:
      web: {dcloud: {profile: web, count: 1}}
  YAML
  )
}
