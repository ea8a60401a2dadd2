# Miners of PKT, as many as count says, each a lease of its own and spread over Akash providers.
#
# Network and key come from the environment, for example AKASH_NETWORK=mainnet and AKASH_MNEMONIC.

terraform {
  required_providers {
    akash = {
      source = "akash-iac/akash"
    }
  }
}

resource "akash_deployment" "miner" {
  count = var.miners

  sdl = templatefile("${path.module}/deploy.yaml.tftpl", {
    wallet = var.wallet
    pools  = var.pools
    cores  = var.cores
  })

  price_ceiling = { usd_per_month = var.ceiling_usd_per_month }
  deposit       = { runway = var.runway }
  labels        = { miner = tostring(count.index) }
}

resource "akash_lease" "miner" {
  count = var.miners

  group = akash_deployment.miner[count.index].groups["miner"]

  # With whoever has the fewest leases of the account, so that no single Akash provider takes all miners with it.
  bid_policy = { strategy = "spread" }
}
