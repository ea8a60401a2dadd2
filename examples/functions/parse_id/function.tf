locals {
  lease = "akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c/1763800000000123/1/2/akash19tkvgvwht3n8pcqydrcq4cxwhr8rp2gejxetu7"
}

# The import id of the akash_lease that this lease belongs to.
output "slot" {
  value = provider::akash::parse_id(local.lease).group_id
}
