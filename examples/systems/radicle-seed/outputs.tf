output "external_address" {
  description = "Where other nodes connect to. Without leased_address, give it back as external_address and apply once more."
  value       = var.leased_address ? local.external_address : local.forwarded_to
}

output "announced" {
  description = "Whether the seed tells others the address under which it is reached now. False after the first of two applies, and after a new auction."
  value       = var.leased_address || (var.external_address != null && var.external_address == local.forwarded_to)
}

output "url" {
  description = "The node's HTTP API."
  value       = try("http://${akash_lease.seed.uris["seed"][0]}/api/v1", null)
}

output "provider_address" {
  description = "The Akash provider that runs it."
  value       = akash_lease.seed.provider_address
}

output "usd_per_month" {
  description = "The price in US dollars a month, rounded to cents."
  value       = akash_lease.seed.usd_per_month
}

output "lease_id" {
  description = "The lease on chain."
  value       = akash_lease.seed.lease_id
}
