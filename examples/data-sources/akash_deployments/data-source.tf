resource "akash_deployment" "web" {
  sdl = file("deploy.yaml")
}

data "akash_deployments" "active" {
  state = "active"
}

# What is yours and not in this configuration: an orphan, or another configuration's. Each with what it costs and the
# block that imports it.
output "not_mine" {
  value = {
    for d in data.akash_deployments.active.deployments : d.id => {
      usd_per_month = d.usd_per_month
      import        = d.import_block
    } if !contains([akash_deployment.web.id], d.id)
  }
}

# A plan that warns of every deployment that runs out of money within three days, and of not knowing.
check "funded" {
  assert {
    condition     = data.akash_deployments.active.complete
    error_message = "The deployments could not be read, so nobody knows how long they last."
  }
  assert {
    condition = alltrue([
      for d in data.akash_deployments.active.deployments :
      d.funded_until == null || timecmp(coalesce(d.funded_until, plantimestamp()), timeadd(plantimestamp(), "72h")) > 0
    ])
    error_message = "A deployment runs out of money within three days, and is then closed for good."
  }
}
