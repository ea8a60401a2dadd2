output "url" {
  description = "Where Nextcloud answers once the domain leads there."
  value       = "https://${var.domain}"
}

output "ingress_host" {
  description = "The Akash provider's name for it: what a CNAME record of the domain points at. Another after a new auction."
  value       = try([for host in akash_lease.nextcloud.uris["nextcloud"] : host if host != var.domain][0], null)
}

output "admin_password" {
  description = "Password of the first account."
  value       = local.admin_password
  sensitive   = true
}

output "provider_address" {
  description = "The Akash provider that runs it."
  value       = akash_lease.nextcloud.provider_address
}

output "usd_per_month" {
  description = "The price in US dollars a month, rounded to cents. The bucket is paid for elsewhere."
  value       = akash_lease.nextcloud.usd_per_month
}

output "lease_id" {
  description = "The lease on chain."
  value       = akash_lease.nextcloud.lease_id
}
