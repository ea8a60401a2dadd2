output "url" {
  description = "The login page. Plain HTTP unless you use the https:// form, see the README."
  value       = try("http://${akash_lease.jupyter.uris["jupyter"][0]}/lab", null)
}

output "provider_address" {
  description = "The Akash provider that runs it."
  value       = akash_lease.jupyter.provider_address
}

output "usd_per_month" {
  description = "The price in US dollars a month, rounded to cents."
  value       = akash_lease.jupyter.usd_per_month
}

output "lease_id" {
  description = "The lease on chain."
  value       = akash_lease.jupyter.lease_id
}
