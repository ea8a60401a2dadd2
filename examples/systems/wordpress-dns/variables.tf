variable "domain" {
  description = "The name that visitors use, e.g. blog.example.com. Not a bare domain unless its DNS can flatten CNAME records."
  type        = string
}

variable "db_password" {
  description = "Password of the database, which only the two services use. Never stored; give the same value at every apply."
  type        = string
  ephemeral   = true
}

variable "secrets_version" {
  description = "Any number. Change it together with db_password, or Terraform does not know that it changed."
  type        = number
  default     = 1
}

variable "debug" {
  description = "Turn WordPress's debug mode on."
  type        = bool
  default     = false
}

variable "ceiling_usd_per_month" {
  description = "The most that WordPress and its database may cost together. Dearer bids are refused."
  type        = string
  default     = "12"
}

variable "deletion_protection" {
  description = "Whether posts and pictures are kept from being destroyed. Set false and apply before you destroy."
  type        = bool
  default     = true
}

variable "allow_data_loss" {
  description = "Whether a change may replace the deployment or end the lease, and posts and pictures with it. Say so for one apply."
  type        = bool
  default     = false
}
