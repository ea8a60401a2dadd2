data "akash_gpu_prices" "training" {
  models = ["h100", "a100"]
}

output "usd_per_gpu_hour" {
  value = { for p in data.akash_gpu_prices.training.prices : p.model => p.median_usd_per_gpu_hour }
}

# A plan that is only worth something while H100s are cheap says so.
check "cheap" {
  assert {
    condition = anytrue([
      for p in data.akash_gpu_prices.training.prices : p.model == "h100" && tonumber(p.min_usd_per_gpu_hour) <= 2.5
    ])
    error_message = "Nobody on the network offers an H100 for 2.50 USD an hour."
  }
}
