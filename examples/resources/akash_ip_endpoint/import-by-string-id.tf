import {
  to = akash_ip_endpoint.shop
  id = "akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c/1763800000000123"
}
