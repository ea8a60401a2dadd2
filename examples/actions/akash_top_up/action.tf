# terraform apply -invoke=action.akash_top_up.web
action "akash_top_up" "web" {
  config {
    deployment_id = akash_deployment.web.id
    balance_usd   = "20"
  }
}
