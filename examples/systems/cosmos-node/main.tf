# A node of Akash, Osmosis or Kava from the Cosmos Omnibus images: to answer RPC, to shield a validator, or to make snapshots.
#
# Network and key come from the environment, for example AKASH_NETWORK=mainnet and AKASH_MNEMONIC.

terraform {
  required_version = ">= 1.11" # for write-only and ephemeral values

  required_providers {
    akash = {
      source = "akash-iac/akash"
    }
  }
}

locals {
  # What differs between the chains. The images take settings of config.toml as NAMESPACE_SECTION_KEY.
  chains = {
    akash = {
      image      = "ghcr.io/akash-network/cosmos-omnibus:v1.2.46-akash-v2.1.0"
      home       = "/root/.akash"
      namespace  = "AKASH"
      chain_json = "https://raw.githubusercontent.com/akash-network/net/main/mainnet/meta.json"
    }
    osmosis = {
      image      = "ghcr.io/akash-network/cosmos-omnibus:v1.2.46-osmosis-v31.0.0"
      home       = "/root/.osmosisd"
      namespace  = "OSMOSISD"
      chain_json = "https://raw.githubusercontent.com/cosmos/chain-registry/master/osmosis/chain.json"
    }
    kava = {
      image      = "ghcr.io/akash-network/cosmos-omnibus:v1.2.46-kava-v0.25.0"
      home       = "/root/.kava"
      namespace  = "KAVA"
      chain_json = "https://raw.githubusercontent.com/cosmos/chain-registry/master/kava/chain.json"
    }
  }
  chain = local.chains[var.chain]

  # A snapshot says where the chain is, so nothing has to be asked of strangers; else the node asks for recent state.
  start_from = var.start_from_snapshot_url != "" ? { SNAPSHOT_URL = var.start_from_snapshot_url } : { STATESYNC_POLKACHU = "1" }

  of_mode = {
    rpc = {}
    sentry = {
      "${local.chain.namespace}_P2P_PEX"                    = "true"
      "${local.chain.namespace}_P2P_ADDR_BOOK_STRICT"       = "false"
      "${local.chain.namespace}_P2P_PRIVATE_PEER_IDS"       = join(",", var.validator_node_ids)
      "${local.chain.namespace}_P2P_UNCONDITIONAL_PEER_IDS" = join(",", var.validator_node_ids)
    }
    snapshot = {
      S3_HOST         = var.s3_url
      SNAPSHOT_PATH   = var.snapshot_path
      SNAPSHOT_TIME   = var.snapshot_time
      SNAPSHOT_RETAIN = var.snapshot_retain
    }
  }

  settings = merge(
    {
      CHAIN_JSON        = local.chain.chain_json
      MONIKER           = var.moniker
      P2P_POLKACHU      = "1"
      ADDRBOOK_POLKACHU = "1"
      PRUNING           = "everything"
    },
    local.start_from,
    local.of_mode[var.mode],
    var.settings,
  )

  # One place for both resources: the deployment hashes what the lease delivers.
  secrets = var.mode == "snapshot" ? { node = { S3_KEY = var.s3_access_key, S3_SECRET = var.s3_secret_key } } : null
}

resource "akash_deployment" "node" {
  sdl = templatefile("${path.module}/deploy.yaml.tftpl", {
    image       = local.chain.image
    home        = local.chain.home
    rpc         = var.mode == "rpc"
    p2p         = var.mode != "snapshot"
    settings    = local.settings
    cores       = var.cores
    memory      = var.memory
    volume_size = var.volume_size
  })

  env_wo         = local.secrets
  env_wo_version = var.mode == "snapshot" ? var.secrets_version : null

  price_ceiling = { usd_per_month = var.ceiling_usd_per_month }
  deposit       = { runway = "336h" }
  min_runway    = "168h"

  # Everything on the volume can be had from the network again; it takes hours.
  deletion_protection = var.deletion_protection
  allow_data_loss     = true
}

resource "akash_lease" "node" {
  group           = akash_deployment.node.groups["node"]
  env_wo          = local.secrets
  allow_data_loss = true

  timeouts = { create = "30m", update = "30m" }
}
