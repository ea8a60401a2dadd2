resource "akash_certificate" "gateways" {
  valid_for    = "2160h" # 90 days
  renew_before = "336h"  # the first plan in the last 14 of them shows the renewal
}
