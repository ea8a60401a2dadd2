# Two containers of a task that call each other at localhost become two services that call each other by name.
locals {
  task = provider::akash::ecs_task_to_sdl(jsonencode({
    family = "shop"
    cpu    = "1 vCPU"
    memory = "2 GB"
    containerDefinitions = [
      {
        name         = "web"
        image        = "ghcr.io/example/shop:2.1.0"
        portMappings = [{ containerPort = 3000 }]
        environment  = [{ name = "REDIS_URL", value = "redis://localhost:6379" }]
        healthCheck  = { command = ["CMD", "true"] }
      },
      { name = "cache", image = "redis:7.4.1" },
    ]
  }))
}

output "sdl" {
  value = local.task.sdl # null if something keeps it from running
}

# containerDefinitions[0].healthCheck: Akash providers ask no container how it is
# containerDefinitions[0].portMappings: everybody reaches what is mapped: there is no security group in front of it
output "losses" {
  value = [for f in local.task.findings : "${f.path}: ${f.reason}" if f.severity == "dropped"]
}
