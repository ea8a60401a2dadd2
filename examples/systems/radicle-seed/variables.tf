variable "external_address" {
  description = "Host and port that other nodes connect to: the output external_address of the apply before. Not for leased_address."
  type        = string
  default     = null
}

variable "leased_address" {
  description = "Lease an address and be reached at its port 8776, which needs one apply and costs more. A change replaces the seed."
  type        = bool
  default     = false
}

variable "endpoint_name" {
  description = "Name of the leased address, unique among those of the account."
  type        = string
  default     = "radicle"
}

variable "alias" {
  description = "The name that the node shows to others."
  type        = string
  default     = "akash-seed"
}

variable "repositories" {
  description = "Repositories to keep, rad:…, which the web page lists as well."
  type        = list(string)
  default     = ["rad:zNd4qti1Jc69mCBQAdBeK3Avzy4R"]
}

variable "seeding_policy" {
  description = "allow keeps whatever others ask for, block keeps the list of repositories alone."
  type        = string
  default     = "block"

  validation {
    condition     = contains(["allow", "block"], var.seeding_policy)
    error_message = "The policy is allow or block."
  }
}

variable "volume_size" {
  description = "Size of the volume with repositories and the node's key. A change replaces the deployment, and both with it."
  type        = string
  default     = "20Gi"
}

variable "address_ceiling_usd_per_month" {
  description = "The most that holding a leased address may cost."
  type        = string
  default     = "12"
}

variable "ceiling_usd_per_month" {
  description = "The most that the seed may cost. Dearer bids are refused."
  type        = string
  default     = "18"
}

variable "deletion_protection" {
  description = "Whether repositories and the node's key are kept from being destroyed. Set false and apply before you destroy."
  type        = bool
  default     = true
}

variable "address_deposit_usd" {
  description = "What is paid in for the address in all. It is not topped up by itself: raise this before the money ends, or the address is lost."
  type        = string
  default     = "36"
}

variable "allow_data_loss" {
  description = "Whether a change may replace the deployment or end the lease, and repositories and key with it. Say so for one apply."
  type        = bool
  default     = false
}
