data "akash_sdl" "everything" {
  services = {
    web = {
      image   = "ghcr.io/example/web:1.2.3"
      command = ["sh", "-c"]
      args    = ["exec web --port 8080"]
      env     = { PORT = "8080", GREETING = "hello: \"world\"" }
      expose = [
        {
          port   = 8080
          as     = 80
          proto  = "tcp"
          accept = ["www.example.com"]
          to     = [{ global = true }]
          http_options = {
            max_body_size = 2097152
            read_timeout  = 30000
            send_timeout  = 30000
            next_tries    = 2
            next_timeout  = 1000
            next_cases    = ["error", "502"]
          }
        },
        { port = 53, as = 53, proto = "udp", to = [{ global = true, ip = "dns" }] },
      ]
      params = {
        permissions = { read = ["logs"] }
        tee         = "cpu"
        storage     = { cache = { mount = "/cache" }, data = { mount = "/data", read_only = true } }
      }
      credentials = { host = "ghcr.io", email = "ops@example.com", username = "robot", password = "not a secret" }
    }
    train = {
      image  = "example/train:7"
      expose = [{ port = 9000, to = [{ service = "web" }] }]
    }
  }
  profiles = {
    compute = {
      web = {
        cpu    = "500m"
        arch   = "amd64"
        memory = "1Gi"
        storage = [
          { size = "1Gi" },
          { name = "cache", size = "512Mi", class = "ram" },
          { name = "data", size = "10Gi", persistent = true, class = "beta3" },
        ]
      }
      gpu = {
        cpu     = "8"
        memory  = "32Gi"
        storage = [{ size = "100Gi" }]
        gpu = {
          units  = 2
          models = [{ model = "a100", ram = "80Gi", interface = "sxm" }, { model = "h100" }]
        }
      }
    }
    placement = {
      west = {
        attributes = { region = "us-west" }
        signed_by  = { any_of = ["akash1365yvmc4s7awdyj3n2sav7xfx76adc6dnmlx63"] }
        pricing    = { web = { uact_per_block = "28.5" } }
      }
      gpus = { pricing = { gpu = { usd_per_month = "900" } } }
    }
  }
  deployment = [
    { service = "web", placement = "west", count = 2 },
    { service = "train", placement = "gpus", profile = "gpu" },
  ]
  reclamation = { min_window = "24h" }
}
