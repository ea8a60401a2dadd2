output "address" {
  description = "What players type in: address and port."
  value       = "${akash_ip_endpoint.minecraft.address}:25565"
}

output "provider_address" {
  description = "The Akash provider that runs it."
  value       = akash_lease.minecraft.provider_address
}

output "usd_per_month" {
  description = "What the server costs in US dollars a month; holding the address is address_usd_per_month."
  value       = akash_lease.minecraft.usd_per_month
}

output "address_usd_per_month" {
  description = "What holding the address costs in US dollars a month."
  value       = akash_ip_endpoint.minecraft.usd_per_month
}

output "lease_id" {
  description = "The lease on chain."
  value       = akash_lease.minecraft.lease_id
}
