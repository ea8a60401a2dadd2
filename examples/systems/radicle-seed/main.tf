# A Radicle seed that tells the network under which address it is reached. With an address of its own that is one apply, with a forwarded port it is two: the port is known once there is a lease.
#
# Network and key come from the environment, for example AKASH_NETWORK=mainnet and AKASH_MNEMONIC.

terraform {
  required_providers {
    akash = {
      source = "akash-iac/akash"
    }
  }
}

resource "akash_ip_endpoint" "seed" {
  count = var.leased_address ? 1 : 0

  name                = var.endpoint_name
  price_ceiling       = { usd_per_month = var.address_ceiling_usd_per_month }
  deposit             = { usd = var.address_deposit_usd }
  deletion_protection = var.deletion_protection
}

locals {
  # In turn: the leased address, known before the deployment is made; what the first apply's output said; nothing yet.
  external_address = var.leased_address ? "${akash_ip_endpoint.seed[0].address}:8776" : coalesce(var.external_address, "none")
}

resource "akash_deployment" "seed" {
  sdl = templatefile("${path.module}/deploy.yaml.tftpl", {
    endpoint    = var.leased_address ? var.endpoint_name : ""
    alias       = var.alias
    repos       = join(";", var.repositories)
    policy      = var.seeding_policy
    volume_size = var.volume_size
  })

  # Laid over the SDL here and not in it, since only this part may be unknown in the first plan. The groups are not.
  env = local.external_address == "none" ? null : { seed = { RAD_EXTERNAL_ADDR = local.external_address } }

  price_ceiling       = { usd_per_month = var.ceiling_usd_per_month }
  deposit             = { runway = "720h" }
  min_runway          = "336h" # an apply tops up when less is left: an empty escrow loses the seed's identity
  deletion_protection = var.deletion_protection
  allow_data_loss     = var.allow_data_loss
}

resource "akash_lease" "seed" {
  group           = akash_deployment.seed.groups["seed"]
  allow_data_loss = var.allow_data_loss

  bid_policy = {
    # An address belongs to the Akash provider that leases it out.
    allow = var.leased_address ? [akash_ip_endpoint.seed[0].provider_address] : null
  }
}

locals {
  # Null once the lease has ended.
  forwarded_to = try([for port in akash_lease.seed.services["seed"].ports : "${port.host}:${port.external_port}" if port.port == 8776][0], null)
}
