data "akash_network" "this" {}

# The least that a deployment can be opened with.
output "min_deposit_uact" {
  value = data.akash_network.this.min_deposits["uact"]
}

check "minting" {
  assert {
    condition     = try(data.akash_network.this.mint.allowed, false)
    error_message = "The network mints no ACT now: fund deposits with ACT that you have."
  }
}
