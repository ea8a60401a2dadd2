# A probe that is closed, owner/dseq, or dseq alone for one of the configured account: akash_gpu_profile.NAME.probe_id
# tells it. Ceilings are not on chain; the next plan judges the offers by those of the configuration.
terraform import akash_gpu_profile.ml akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c/1763800000000123
