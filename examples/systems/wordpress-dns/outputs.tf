output "dns_record" {
  description = "The record that leads the name to the Akash provider. It is another after a new auction."
  value = {
    name  = var.domain
    type  = "CNAME"
    value = local.ingress_host
  }
}

output "provider_address" {
  description = "The Akash provider that runs it."
  value       = akash_lease.wordpress.provider_address
}

output "usd_per_month" {
  description = "The price in US dollars a month, rounded to cents."
  value       = akash_lease.wordpress.usd_per_month
}

output "lease_id" {
  description = "The lease on chain."
  value       = akash_lease.wordpress.lease_id
}
