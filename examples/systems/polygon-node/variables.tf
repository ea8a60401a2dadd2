variable "ethereum_rpc_url" {
  description = "An Ethereum mainnet endpoint, which Heimdall reads checkpoints and deposits from. Never stored; give the same value at every apply."
  type        = string
  ephemeral   = true

  validation {
    condition     = can(regex("^https?://[^\"|\\\\\\s]+$", var.ethereum_rpc_url))
    error_message = "The endpoint begins with http:// or https:// and holds neither spaces, quotes, bars nor backslashes."
  }
}

variable "secrets_version" {
  description = "Any number. Change it together with ethereum_rpc_url, or Terraform does not know that it changed."
  type        = number
  default     = 1
}

variable "moniker" {
  description = "The node's name, which others see."
  type        = string
  default     = "akash-node"
}

variable "bor_snapshot_url" {
  description = "An archive of Bor's chaindata to start from (.tar, .tar.gz, .tar.zst or .tar.lz4). Left empty, Bor executes all of the chain's history, which takes weeks."
  type        = string
  default     = ""
}

variable "max_peers" {
  description = "How many other Bor nodes it talks to."
  type        = number
  default     = 50
}

variable "bor_volume_size" {
  description = "Size of Bor's volume. A change replaces the node."
  type        = string
  default     = "6Ti"
}

variable "heimdall_volume_size" {
  description = "Size of Heimdall's volume. A change replaces the node."
  type        = string
  default     = "500Gi"
}

variable "ceiling_usd_per_month" {
  description = "The most that the node may cost. Dearer bids are refused."
  type        = string
  default     = "600"
}

variable "deletion_protection" {
  description = "Whether days of syncing are kept from being destroyed. Set false and apply before you destroy."
  type        = bool
  default     = true
}

variable "allow_data_loss" {
  description = "Whether a change may replace the deployment or end the lease, and days of syncing with it. Say so for one apply."
  type        = bool
  default     = false
}
