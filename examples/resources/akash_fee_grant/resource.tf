# The configured account pays the transaction fees of a key in CI. That key acts for it with authz_granter, so its
# transactions hold nothing but MsgExec.
resource "akash_fee_grant" "ci" {
  grantee          = "akash1lh6cxaa5hl0wv73jjct2mk7x2z6rq7deagy78u"
  spend_limit_uakt = "5000000" # 5 AKT
  expires_at       = "2047-01-31T00:00:00Z"
  allowed_messages = ["/cosmos.authz.v1beta1.MsgExec"]
}
