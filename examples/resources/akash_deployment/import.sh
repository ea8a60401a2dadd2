# The id is owner/dseq; the dseq alone is enough for a deployment of the configured account.
terraform import akash_deployment.web akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c/1763800000000123
