variable "accept_eula" {
  description = "Whether you accept Minecraft's end user licence agreement, https://aka.ms/MinecraftEULA. The server does not start without."
  type        = bool

  validation {
    condition     = var.accept_eula
    error_message = "The server starts only for those who accept the agreement: set accept_eula = true once you have read it."
  }
}

variable "rcon_password" {
  description = "Password of the remote console, which is reached from inside the container alone. Never stored; give the same value at every apply."
  type        = string
  ephemeral   = true
}

variable "secrets_version" {
  description = "Any number. Change it together with rcon_password, or Terraform does not know that it changed."
  type        = number
  default     = 1
}

variable "endpoint_name" {
  description = "Name of the leased address, unique among those of the account."
  type        = string
  default     = "minecraft"
}

variable "minecraft_version" {
  description = "Version of the game. A world cannot go back to an older one."
  type        = string
  default     = "1.21.4"
}

variable "motd" {
  description = "The line that players see in their list of servers."
  type        = string
  default     = "Runs on Akash"
}

variable "max_players" {
  description = "How many can play at once."
  type        = number
  default     = 10
}

variable "operators" {
  description = "Names of the players who may administrate."
  type        = list(string)
  default     = []
}

variable "heap_mib" {
  description = "Memory of the game in MiB; the container gets 1024 more. A change replaces the deployment, and the world with it."
  type        = number
  default     = 4096
}

variable "world_size" {
  description = "Size of the volume with the world. A change replaces the deployment, and the world with it."
  type        = string
  default     = "20Gi"
}

variable "ceiling_usd_per_month" {
  description = "The most that the server may cost, its use of the address included. Dearer bids are refused."
  type        = string
  default     = "25"
}

variable "address_ceiling_usd_per_month" {
  description = "The most that holding the address may cost."
  type        = string
  default     = "12"
}

variable "deletion_protection" {
  description = "Whether world and address are kept from being destroyed. Set false and apply before you destroy."
  type        = bool
  default     = true
}

variable "address_deposit_usd" {
  description = "What is paid in for the address in all. It is not topped up by itself: raise this before the money ends, or the address is lost."
  type        = string
  default     = "36"
}

variable "allow_data_loss" {
  description = "Whether a change may replace the deployment or end the lease, and world with it. Say so for one apply."
  type        = bool
  default     = false
}
