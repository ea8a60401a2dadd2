import {
  to = akash_authz_grant.team
  id = "akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c/akash1htamarexaxhgdsp0xu6sppeyx7avtvqrqjhvdj/akash.escrow.v1.MsgAccountDeposit"
}
