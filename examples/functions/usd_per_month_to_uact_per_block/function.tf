# The most a block may cost for 12.50 USD a month, for an SDL's amount: 28.519279032626055213.
output "amount" {
  value = provider::akash::usd_per_month_to_uact_per_block("12.50")
}
