output "url" {
  description = "The folder, for a WebDAV client. Plain HTTP unless you use the https:// form, see the README."
  value       = try("http://${akash_lease.folder.uris["folder"][0]}", null)
}

output "provider_address" {
  description = "The Akash provider that runs it."
  value       = akash_lease.folder.provider_address
}

output "usd_per_month" {
  description = "The price in US dollars a month, rounded to cents."
  value       = akash_lease.folder.usd_per_month
}

output "lease_id" {
  description = "The lease on chain."
  value       = akash_lease.folder.lease_id
}
