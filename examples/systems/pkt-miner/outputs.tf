output "miners" {
  description = "The leases, with their Akash providers and prices in US dollars a month."
  value = [for lease in akash_lease.miner : {
    lease_id         = lease.lease_id
    provider_address = lease.provider_address
    usd_per_month    = lease.usd_per_month
  }]
}

output "usd_per_month" {
  description = "What all miners cost together in US dollars a month."
  value       = sum(concat([0], [for lease in akash_lease.miner : try(tonumber(lease.usd_per_month), 0)]))
}
