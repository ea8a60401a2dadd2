import {
  to = akash_authz_grant.team
  identity = {
    granter      = "akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c"
    grantee      = "akash1htamarexaxhgdsp0xu6sppeyx7avtvqrqjhvdj"
    message_type = "/akash.escrow.v1.MsgAccountDeposit"
  }
}
