variable "chain" {
  description = "akash, osmosis or kava."
  type        = string
  default     = "akash"

  validation {
    condition     = contains(["akash", "osmosis", "kava"], var.chain)
    error_message = "The chain is akash, osmosis or kava. For another one, add its image to local.chains."
  }
}

variable "mode" {
  description = "rpc answers queries over HTTP; sentry stands between a validator and the network and answers nobody; snapshot copies its data to a bucket at a fixed time."
  type        = string
  default     = "rpc"

  validation {
    condition     = contains(["rpc", "sentry", "snapshot"], var.mode)
    error_message = "The mode is rpc, sentry or snapshot."
  }
}

variable "moniker" {
  description = "The node's name, which others see."
  type        = string
  default     = "akash-node"
}

variable "start_from_snapshot_url" {
  description = "A .tar, .tar.gz or .lz4 to start from. Left empty, the node asks Polkachu's servers for recent state (state sync)."
  type        = string
  default     = ""
}

variable "validator_node_ids" {
  description = "For sentry: node ids of the validators behind it, which it does not tell anybody."
  type        = list(string)
  default     = []
}

variable "settings" {
  description = "More of what the image takes, name → value, e.g. { AKASH_RPC_MAX_OPEN_CONNECTIONS = \"900\" }. Not for secrets."
  type        = map(string)
  default     = {}
}

variable "s3_url" {
  description = "For snapshot: address of the S3-compatible service."
  type        = string
  default     = "https://s3.filebase.com"
}

variable "snapshot_path" {
  description = "For snapshot: bucket and folder."
  type        = string
  default     = ""
}

variable "snapshot_time" {
  description = "For snapshot: when, in UTC. The node stands still meanwhile."
  type        = string
  default     = "03:00:00"
}

variable "snapshot_retain" {
  description = "For snapshot: for how long old ones are kept."
  type        = string
  default     = "2 days"
}

variable "s3_access_key" {
  description = "For snapshot: access key of the bucket alone. Never stored; give the same value at every apply."
  type        = string
  ephemeral   = true
  default     = null
}

variable "s3_secret_key" {
  description = "For snapshot: its secret. Never stored; give the same value at every apply."
  type        = string
  ephemeral   = true
  default     = null
}

variable "secrets_version" {
  description = "Any number. Change it together with the keys of the bucket, or Terraform does not know that they changed."
  type        = number
  default     = 1
}

variable "cores" {
  description = "Processor cores. A change replaces the node."
  type        = number
  default     = 4
}

variable "memory" {
  description = "Main memory. A change replaces the node."
  type        = string
  default     = "16Gi"
}

variable "volume_size" {
  description = "Size of the chain's volume. A pruned node starts with a fraction of this and grows until it is synced anew. A change replaces the node."
  type        = string
  default     = "400Gi"
}

variable "ceiling_usd_per_month" {
  description = "The most that the node may cost. Dearer bids are refused."
  type        = string
  default     = "80"
}

variable "deletion_protection" {
  description = "Whether the node is kept from being destroyed. Set false and apply before you destroy."
  type        = bool
  default     = true
}
