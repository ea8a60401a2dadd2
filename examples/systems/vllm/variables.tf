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
    { model = "h100", ceiling_usd_per_hour = "2.20" },
    { model = "a100", vram = "80Gi", ceiling_usd_per_hour = "1.60" },
    { model = "rtx4090", ceiling_usd_per_hour = "0.70" },
    { model = "rtx3090", ceiling_usd_per_hour = "0.50" },
  ]
}

variable "ask_for_gpus_again" {
  description = "Any text. Another one asks the market again, and moves to another GPU if the answer is another."
  type        = string
  default     = "first"
}

variable "model" {
  description = "The model's name at Hugging Face. It has to fit into the memory of every GPU in the list."
  type        = string
  default     = "Qwen/Qwen3-8B"
}

variable "max_model_len" {
  description = "The longest conversation in tokens. Longer ones take more of the GPU's memory."
  type        = number
  default     = 16384
}

variable "gpu_memory_utilization" {
  description = "The part of the GPU's memory that vLLM takes, up to 1."
  type        = string
  default     = "0.90"
}

variable "model_volume_size" {
  description = "Size of the volume for downloaded models. A change replaces the deployment."
  type        = string
  default     = "100Gi"
}

variable "api_key" {
  description = "What clients have to send as a bearer token. Never stored; give the same value at every apply."
  type        = string
  ephemeral   = true
}

variable "hugging_face_token" {
  description = "A read-only token, for models that ask for one. Never stored."
  type        = string
  ephemeral   = true
  default     = null
}

variable "secrets_version" {
  description = "Any number. Change it together with a secret, or Terraform does not know that it changed."
  type        = number
  default     = 1
}

variable "runway" {
  description = "How long the deposit lasts at the ceiling. GPUs are dear: what is deposited beyond use comes back when it is destroyed."
  type        = string
  default     = "24h"
}

variable "ceiling_usd_per_month" {
  description = "The most that the lease may cost, GPU and all. 730.5 hours make a month: 1825 is about 2.50 an hour."
  type        = string
  default     = "1825"
}
