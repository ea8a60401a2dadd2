variable "wallet" {
  description = "The PKT address that is paid, pkt1…. An address is no secret."
  type        = string

  validation {
    condition     = startswith(var.wallet, "pkt1")
    error_message = "A PKT address begins with pkt1."
  }
}

variable "miners" {
  description = "How many miners there are. The last ones go first when it shrinks."
  type        = number
  default     = 2
}

variable "pools" {
  description = "Pools in the order of preference, at most four."
  type        = list(string)
  default     = ["http://pool.pkt.world", "http://pool.pkteer.com"]

  validation {
    condition     = length(var.pools) >= 1 && length(var.pools) <= 4
    error_message = "The image takes one to four pools."
  }
}

variable "cores" {
  description = "Processor cores of a miner. A change replaces the miners."
  type        = number
  default     = 4
}

variable "runway" {
  description = "How long each deposit lasts at the ceiling. The miner ends with it; an apply does not top it up."
  type        = string
  default     = "168h"
}

variable "ceiling_usd_per_month" {
  description = "The most that each miner may cost. Set it below what a miner earns, which changes with difficulty and price."
  type        = string
  default     = "12"
}
