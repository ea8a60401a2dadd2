# The id is the group's slot, owner/dseq/gseq. A whole lease id, owner/dseq/gseq/oseq/akash-provider, works too.
terraform import akash_lease.web akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c/1763800000000123/1
