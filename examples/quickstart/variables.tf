variable "db_password" {
  description = "Password of the database, which only the two services use. There is no default."
  type        = string
  sensitive   = true
}

variable "ceiling_usd_per_month" {
  description = "The most that WordPress and its database may cost together. Dearer bids are refused."
  type        = string
  default     = "2.25"
}

variable "debug" {
  description = "Turn WordPress's debug mode on."
  type        = bool
  default     = false
}
