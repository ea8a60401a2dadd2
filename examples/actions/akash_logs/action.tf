# terraform apply -invoke=action.akash_logs.web
action "akash_logs" "web" {
  config {
    lease_id = akash_lease.web.lease_id
    tail     = 50
  }
}
