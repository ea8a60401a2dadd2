variable "domain" {
  description = "The name that people use, e.g. cloud.example.com. Point a DNS record at the output ingress_host."
  type        = string
}

variable "s3_host" {
  description = "Host of the S3-compatible service."
  type        = string
  default     = "s3.filebase.com"
}

variable "s3_region" {
  description = "Its region."
  type        = string
  default     = "us-east-1"
}

variable "s3_bucket" {
  description = "A bucket that nothing else uses. What is in it has no names or folders: those are in the database."
  type        = string
}

variable "s3_access_key" {
  description = "Access key of the bucket alone. Never stored; give the same value at every apply."
  type        = string
  ephemeral   = true
}

variable "s3_secret_key" {
  description = "Its secret. Never stored; give the same value at every apply."
  type        = string
  ephemeral   = true
}

variable "secrets_version" {
  description = "Any number. Change it together with the keys of the bucket, or Terraform does not know that they changed."
  type        = number
  default     = 1
}

variable "admin_user" {
  description = "Name of the first account, an administrator."
  type        = string
  default     = "admin"
}

variable "upload_limit" {
  description = "The largest file that PHP takes in one request. Clients upload in parts, see the README."
  type        = string
  default     = "512M"
}

variable "database_size" {
  description = "Size of the database's volume. A change replaces the deployment, and the database with it."
  type        = string
  default     = "10Gi"
}

variable "ceiling_usd_per_month" {
  description = "The most that Nextcloud and its database may cost together. Dearer bids are refused."
  type        = string
  default     = "20"
}

variable "deletion_protection" {
  description = "Whether the database is kept from being destroyed. Set false and apply before you destroy."
  type        = bool
  default     = true
}

variable "allow_data_loss" {
  description = "Whether a change may replace the deployment or end the lease, and database with it. Say so for one apply."
  type        = bool
  default     = false
}
