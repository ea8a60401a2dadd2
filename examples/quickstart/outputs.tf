output "uri" {
  description = "Where WordPress answers."
  value       = "http://${akash_lease.wordpress.uris["wordpress"][0]}"
}

output "provider_address" {
  description = "The Akash provider that runs it."
  value       = akash_lease.wordpress.provider_address
}

output "price_per_block" {
  description = "The price in uact a block, exactly."
  value       = akash_lease.wordpress.price_per_block
}

output "usd_per_month" {
  description = "The same in US dollars a month, rounded to cents."
  value       = akash_lease.wordpress.usd_per_month
}

output "bids" {
  description = "Every bid, and why it won or lost."
  value       = akash_lease.wordpress.bids
}

output "deployment_id" {
  description = "The deployment on chain, owner/dseq."
  value       = akash_deployment.wordpress.id
}

output "lease_id" {
  description = "The lease on chain; it survives changes of the manifest."
  value       = akash_lease.wordpress.lease_id
}

output "hash" {
  description = "The manifest's hash on chain."
  value       = akash_deployment.wordpress.hash
}
