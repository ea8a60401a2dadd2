# Every lease of the account that has ended, and why.
data "akash_leases" "ended" {
  state = "closed"
}

output "ended" {
  value = { for l in data.akash_leases.ended.leases : l.id => l.close_reason_text }
}

# Who is about to take a lease back.
data "akash_leases" "reclaiming" {
  state = "reclaiming"
}

output "move_before" {
  value = { for l in data.akash_leases.reclaiming.leases : l.group_id => l.reclaim_deadline }
}
