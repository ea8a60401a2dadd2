# What an SDL's amount of 1000 uact a block allows: 438.3 USD a month.
output "usd_per_month" {
  value = provider::akash::uact_per_block_to_usd_per_month("1000")
}
