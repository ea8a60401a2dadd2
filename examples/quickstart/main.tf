# WordPress with its database, on whichever Akash provider asks the least for both.
#
# Network and key come from the environment, for example AKASH_NETWORK=mainnet and AKASH_MNEMONIC.

terraform {
  required_providers {
    akash = {
      source = "akash-iac/akash"
    }
  }
}

provider "akash" {}

resource "akash_deployment" "wordpress" {
  sdl     = file("${path.module}/deploy.yaml")
  deposit = { usd = "5" }

  # The database keeps its files with the lease, so the default is true: nobody destroys it by mistake. This is a trial.
  deletion_protection = false

  # Laid over the SDL's own variables, so that secrets stay out of the file. A change is made in place.
  env = {
    wordpress = {
      WORDPRESS_DB_PASSWORD = var.db_password
      WORDPRESS_DEBUG       = var.debug ? "1" : "" # empty is off
    }
    db = {
      MARIADB_PASSWORD = var.db_password
    }
  }
}

resource "akash_lease" "wordpress" {
  group         = akash_deployment.wordpress.groups["dcloud"]
  price_ceiling = { usd_per_month = var.ceiling_usd_per_month }
}
