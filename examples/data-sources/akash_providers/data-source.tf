# Who in Europe has two H100 free on one machine, beside 64 GiB of memory?
data "akash_providers" "h100" {
  attributes = { region = "eu-central" }
  gpu        = { model = "h100" }
  free       = { gpus = 2, memory = "64Gi" }
}

# Only these may win the lease.
output "allow" {
  value = data.akash_providers.h100.providers[*].address
}
