terraform {
  required_providers {
    akash = {
      source = "akash-iac/akash"
    }
  }
}

# The key comes from AKASH_MNEMONIC, AKASH_PRIVATE_KEY, or AKASH_KEY_NAME and the Akash CLI's keyring.
provider "akash" {
  network = "mainnet"

  # No lease of this configuration may cost more, whatever its own ceiling says.
  price_ceiling = { usd_per_month = "25" }
}
