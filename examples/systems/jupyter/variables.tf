variable "token" {
  description = "What the login page asks for. Whoever has it runs programs there. Never stored; give the same value at every apply."
  type        = string
  ephemeral   = true
}

variable "secrets_version" {
  description = "Any number. Change it together with token, or Terraform does not know that it changed."
  type        = number
  default     = 1
}

variable "packages" {
  description = "Python packages to install at each start, with their versions."
  type        = list(string)
  default     = ["jupyterlab==4.4.10", "pandas==2.3.3"]
}

variable "volume_size" {
  description = "Size of the volume with the notebooks. A change replaces the deployment, and the notebooks with it."
  type        = string
  default     = "20Gi"
}

variable "ceiling_usd_per_month" {
  description = "The most that it may cost. Dearer bids are refused."
  type        = string
  default     = "25"
}

variable "deletion_protection" {
  description = "Whether the notebooks are kept from being destroyed. Set false and apply before you destroy."
  type        = bool
  default     = true
}

variable "allow_data_loss" {
  description = "Whether a change may replace the deployment or end the lease, and notebooks with it. Say so for one apply."
  type        = bool
  default     = false
}
