output "ingress_host" {
  description = "The Akash provider's name for it: what a CNAME record of the domain points at. Another after a new auction."
  value       = try([for host in akash_lease.registry.uris["registry"] : host if host != var.domain][0], null)
}

output "provider_address" {
  description = "The Akash provider that runs it."
  value       = akash_lease.registry.provider_address
}

output "usd_per_month" {
  description = "The price in US dollars a month, rounded to cents."
  value       = akash_lease.registry.usd_per_month
}

output "lease_id" {
  description = "The lease on chain."
  value       = akash_lease.registry.lease_id
}
