variable "auth_key" {
  description = "A pre-approved key of the tailnet, tskey-auth-…, reusable if the node shall survive the loss of its volume. Never stored; give the same value at every apply."
  type        = string
  ephemeral   = true
}

variable "secrets_version" {
  description = "Any number. Change it together with auth_key, or Terraform does not know that it changed."
  type        = number
  default     = 1
}

variable "hostname" {
  description = "The node's name in the tailnet."
  type        = string
  default     = "akash-exit"
}

variable "login_server" {
  description = "A Headscale of your own, https://…. Default: Tailscale's."
  type        = string
  default     = ""
}

variable "regions" {
  description = "Where the traffic may come out, as Akash providers declare it; * and ? match. Null is anywhere."
  type        = list(string)
  default     = null
}

variable "ceiling_usd_per_month" {
  description = "The most that it may cost. Dearer bids are refused."
  type        = string
  default     = "4"
}
