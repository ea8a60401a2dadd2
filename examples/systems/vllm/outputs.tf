output "base_url" {
  description = "What OpenAI clients take as base URL, with api_key as key. Plain HTTP unless you use the https:// form, see the README."
  value       = try("http://${akash_lease.vllm.uris["vllm"][0]}/v1", null)
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
  value       = akash_lease.vllm.provider_address
}

output "usd_per_month" {
  description = "The price in US dollars a month, rounded to cents."
  value       = akash_lease.vllm.usd_per_month
}

output "lease_id" {
  description = "The lease on chain."
  value       = akash_lease.vllm.lease_id
}
