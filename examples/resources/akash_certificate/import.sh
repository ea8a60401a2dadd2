# owner/serial, or the serial alone for a certificate of the configured account. The private key is not on chain, so the
# next apply publishes another certificate and revokes this one.
terraform import akash_certificate.gateways akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c/1795377600123456789
