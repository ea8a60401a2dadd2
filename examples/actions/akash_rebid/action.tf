# terraform apply -invoke=action.akash_rebid.web, then terraform apply
action "akash_rebid" "web" {
  config {
    lease_id = akash_lease.web.lease_id
  }
}
