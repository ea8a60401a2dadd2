# For tools without ephemeral resources. The token is in the state.
data "akash_jwt" "status" {
  access   = "scoped"
  scope    = ["status", "logs"]
  lifetime = "1h"
}

output "status_token" {
  value     = data.akash_jwt.status.token
  sensitive = true
}
