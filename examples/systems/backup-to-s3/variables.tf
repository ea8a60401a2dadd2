variable "user" {
  description = "Name to log in with."
  type        = string
  default     = "me"
}

variable "password" {
  description = "Password to log in with. Never stored; give the same value at every apply."
  type        = string
  ephemeral   = true
}

variable "backup_passphrase" {
  description = "What the copies are encrypted with. Without it they are lost; keep it where the bucket is not. Never stored; give the same value at every apply."
  type        = string
  ephemeral   = true
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
  description = "Any number. Change it together with any of the secrets, or Terraform does not know that they changed."
  type        = number
  default     = 1
}

variable "s3_url" {
  description = "Address of the S3-compatible service."
  type        = string
  default     = "https://s3.filebase.com"
}

variable "s3_region" {
  description = "Its region."
  type        = string
  default     = "us-east-1"
}

variable "s3_bucket_path" {
  description = "Bucket and folder for the copies, e.g. my-bucket/shared-folder."
  type        = string
}

variable "backup_interval_seconds" {
  description = "Pause between two copies: what may be lost."
  type        = number
  default     = 3600
}

variable "volume_size" {
  description = "Size of the folder. A change replaces the deployment; the new one fills itself from the bucket."
  type        = string
  default     = "20Gi"
}

variable "ceiling_usd_per_month" {
  description = "The most that it may cost. Dearer bids are refused."
  type        = string
  default     = "8"
}

variable "deletion_protection" {
  description = "Whether the volume is kept from being destroyed. Set false and apply before you destroy."
  type        = bool
  default     = true
}
