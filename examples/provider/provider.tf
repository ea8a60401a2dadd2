terraform {
  required_providers {
    akash = {
      source = "akash-iac/akash"
    }
  }
}

# The key comes from AKASH_MNEMONIC, AKASH_PRIVATE_KEY, AKASH_KEY_NAME and the Akash CLI's keyring, or AKASH_SIGNER.
provider "akash" {
  network = "mainnet"

  # No lease of this configuration may cost more, whatever its own ceiling says.
  price_ceiling = { usd_per_month = "25" }

  # What leases take for what their own bid_policy leaves out.
  bid_policy = { min_bids = 3 }

  # Nor may all deployments together.
  budget = { usd_per_month = "100" }
}
