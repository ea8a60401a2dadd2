output "rpc_url" {
  description = "The RPC endpoint over HTTP; null in the other modes."
  value       = try("http://${akash_lease.node.uris["node"][0]}", null)
}

output "p2p_address" {
  description = "Where other nodes reach it, host:port, to be put behind its node id and an @; null for snapshot."
  value       = try([for port in akash_lease.node.services["node"].ports : "${port.host}:${port.external_port}" if port.port == 26656][0], null)
}

output "provider_address" {
  description = "The Akash provider that runs it."
  value       = akash_lease.node.provider_address
}

output "usd_per_month" {
  description = "The price in US dollars a month, rounded to cents."
  value       = akash_lease.node.usd_per_month
}

output "lease_id" {
  description = "The lease on chain."
  value       = akash_lease.node.lease_id
}
