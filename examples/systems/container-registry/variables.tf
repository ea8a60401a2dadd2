variable "domain" {
  description = "The name in image references, e.g. registry.example.com. Point a DNS record at the output ingress_host."
  type        = string
}

variable "htpasswd" {
  description = "Who may log in: lines of `htpasswd -nB NAME` (bcrypt is the only kind that the registry takes). Never stored; give the same value at every apply."
  type        = string
  ephemeral   = true
}

variable "http_secret" {
  description = "Any long random text, the same for all replicas: it signs the state of uploads. Never stored; give the same value at every apply."
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

variable "s3_bucket" {
  description = "The bucket."
  type        = string
}

variable "replicas" {
  description = "How many registries answer. They share the bucket. A change replaces the deployment, which loses nothing."
  type        = number
  default     = 2
}

variable "read_only" {
  description = "Refuse pushes, for instance while garbage is collected."
  type        = bool
  default     = false
}

variable "ceiling_usd_per_month" {
  description = "The most that all replicas may cost together. Dearer bids are refused."
  type        = string
  default     = "8"
}
