# The id is granter/grantee/message-type. Deposits stand under akash.escrow.v1.MsgAccountDeposit. The granter may be left
# out for a grant of the configured account.
terraform import akash_authz_grant.team akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c/akash1htamarexaxhgdsp0xu6sppeyx7avtvqrqjhvdj/akash.escrow.v1.MsgAccountDeposit
