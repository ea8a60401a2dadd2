# terraform apply -invoke=action.akash_exec.vacuum
action "akash_exec" "vacuum" {
  config {
    lease_id    = akash_lease.db.lease_id
    service     = "db"
    command     = ["sh", "-c", "vacuumdb --all --username \"$POSTGRES_USER\""]
    show_output = true
  }
}
