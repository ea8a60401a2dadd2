data "akash_account" "me" {}

check "fees" {
  assert {
    condition     = tonumber(data.akash_account.me.uakt) >= 500000
    error_message = "Less than 0.5 AKT is left for transaction fees."
  }
}

output "spendable_usd" {
  value = format("%.2f", tonumber(data.akash_account.me.uact) / 1000000)
}
