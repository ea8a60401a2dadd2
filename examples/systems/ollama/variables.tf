variable "gpus" {
  description = "What will do, the best first, with the most that one GPU may cost in US dollars an hour."
  type = list(object({
    model                = optional(string)
    vram                 = optional(string)
    min_vram             = optional(string)
    interface            = optional(string)
    units                = optional(number)
    ceiling_usd_per_hour = optional(string)
  }))
  default = [
    { model = "rtx4090", ceiling_usd_per_hour = "0.60" },
    { model = "rtx3090", ceiling_usd_per_hour = "0.40" },
    { min_vram = "16Gi", ceiling_usd_per_hour = "0.35" },
  ]
}

variable "ask_for_gpus_again" {
  description = "Any text. Another one asks the market again, and moves to another GPU if the answer is another."
  type        = string
  default     = "first"
}

variable "models" {
  description = "Models to pull, names of Ollama's library with their tags."
  type        = list(string)
  default     = ["qwen3:8b"]
}

variable "keep_alive" {
  description = "How long a model stays in the GPU's memory after its last answer."
  type        = string
  default     = "30m"
}

variable "model_volume_size" {
  description = "Size of the volume for models. A change replaces the deployment."
  type        = string
  default     = "50Gi"
}

variable "api_token" {
  description = "What clients have to send as a bearer token: letters, digits and the like, no quotes or spaces. Never stored; give the same value at every apply."
  type        = string
  ephemeral   = true

  validation {
    condition     = can(regex("^[A-Za-z0-9._~+/=-]{16,}$", var.api_token))
    error_message = "A token has at least 16 of the characters that bearer tokens consist of: A-Z, a-z, 0-9 and . _ ~ + / = -."
  }
}

variable "secrets_version" {
  description = "Any number. Change it together with api_token, or Terraform does not know that it changed."
  type        = number
  default     = 1
}

variable "runway" {
  description = "How long the deposit lasts at the ceiling. GPUs are dear: what is deposited beyond use comes back when it is destroyed."
  type        = string
  default     = "24h"
}

variable "ceiling_usd_per_month" {
  description = "The most that the lease may cost, GPU and all. 730.5 hours make a month: 511 is about 0.70 an hour."
  type        = string
  default     = "511"
}
