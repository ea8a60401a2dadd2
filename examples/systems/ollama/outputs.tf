output "url" {
  description = "Where Ollama's API answers, with api_token as bearer token. Plain HTTP unless you use the https:// form, see the README."
  value       = try("http://${akash_lease.ollama.uris["gate"][0]}", null)
}

output "gpu" {
  description = "The GPU that was chosen, and why others were not."
  value = {
    chosen  = akash_gpu_profile.gpu.chosen.variant
    results = akash_gpu_profile.gpu.results
  }
}

output "provider_address" {
  description = "The Akash provider that runs it."
  value       = akash_lease.ollama.provider_address
}

output "usd_per_month" {
  description = "The price in US dollars a month, rounded to cents."
  value       = akash_lease.ollama.usd_per_month
}

output "lease_id" {
  description = "The lease on chain."
  value       = akash_lease.ollama.lease_id
}
