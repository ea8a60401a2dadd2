output "rpc_url" {
  description = "The JSON-RPC endpoint over HTTP. Anybody can use it, see the README."
  value       = try("http://${akash_lease.polygon.uris["bor"][0]}", null)
}

output "p2p_address" {
  description = "Where other Bor nodes reach it."
  value       = try([for port in akash_lease.polygon.services["bor"].ports : "${port.host}:${port.external_port}" if port.port == 30303 && port.protocol == "TCP"][0], null)
}

output "provider_address" {
  description = "The Akash provider that runs it."
  value       = akash_lease.polygon.provider_address
}

output "usd_per_month" {
  description = "The price in US dollars a month, rounded to cents."
  value       = akash_lease.polygon.usd_per_month
}

output "lease_id" {
  description = "The lease on chain."
  value       = akash_lease.polygon.lease_id
}
