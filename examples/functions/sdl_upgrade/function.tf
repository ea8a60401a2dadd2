# 10000 uakt at 0.85 USD per AKT becomes 8500 uact, and 512mi becomes 512Mi. The comments stay.
output "sdl" {
  value = provider::akash::sdl_upgrade(<<-YAML
    version: "2.0"
    services:
      web:
        image: nginx:1.29.3 # pinned
        expose: [{port: 80, to: [{global: true}]}]
    profiles:
      compute:
        web: {resources: {cpu: {units: 0.5}, memory: {size: 512mi}, storage: {size: 1Gi}}}
      placement:
        dcloud: {pricing: {web: {denom: uakt, amount: 10000}}}
    deployment:
      web: {dcloud: {profile: web, count: 1}}
  YAML
  , "0.85")
}
