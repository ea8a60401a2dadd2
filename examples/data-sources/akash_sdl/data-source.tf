data "akash_sdl" "web" {
  services = {
    web = {
      image  = "nginx:1.29.3"
      env    = { LOG_LEVEL = "info" }
      expose = [{ port = 80, to = [{ global = true }] }]
    }
    db = {
      image  = "postgres:17.6"
      expose = [{ port = 5432, to = [{ service = "web" }] }]
      params = { storage = { data = { mount = "/var/lib/postgresql/data" } } }
    }
  }

  profiles = {
    compute = {
      web = { cpu = "0.5", memory = "512Mi", storage = [{ size = "1Gi" }] }
      db = {
        cpu    = "1"
        memory = "1Gi"
        storage = [
          { size = "1Gi" },
          { name = "data", size = "10Gi", persistent = true, class = "beta3" },
        ]
      }
    }
    placement = {
      dcloud = {
        pricing = {
          web = { usd_per_month = "5" }
          db  = { usd_per_month = "8" }
        }
      }
    }
  }
}

# resource "akash_deployment" "web" {
#   sdl = data.akash_sdl.web.yaml
#   env = { db = { POSTGRES_PASSWORD = var.db_password } }
# }

output "hash" {
  value = data.akash_sdl.web.hash
}
