output "health_url" {
  description = "Answers 200 while the node is in the tailnet."
  value       = try("http://${akash_lease.vpn.uris["vpn"][0]}/healthz", null)
}

output "provider_address" {
  description = "The Akash provider that runs it."
  value       = akash_lease.vpn.provider_address
}

output "usd_per_month" {
  description = "The price in US dollars a month, rounded to cents."
  value       = akash_lease.vpn.usd_per_month
}

output "lease_id" {
  description = "The lease on chain."
  value       = akash_lease.vpn.lease_id
}
