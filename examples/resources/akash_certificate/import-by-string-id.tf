import {
  to = akash_certificate.gateways
  id = "akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c/1795377600123456789"
}
