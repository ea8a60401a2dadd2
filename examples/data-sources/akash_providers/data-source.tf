data "akash_providers" "europe" {
  attributes = {
    region = "eu-central"
  }
}

# Only these may win the lease.
output "allow" {
  value = data.akash_providers.europe.providers[*].address
}
