# What a key in CI needs to create, change and close deployments of the configured account.
resource "akash_authz_grant" "ci" {
  for_each = toset([
    "/akash.deployment.v1beta4.MsgCreateDeployment",
    "/akash.deployment.v1beta4.MsgUpdateDeployment",
    "/akash.deployment.v1beta4.MsgCloseDeployment",
    "/akash.escrow.v1.MsgAccountDeposit",
  ])

  grantee      = "akash1lh6cxaa5hl0wv73jjct2mk7x2z6rq7deagy78u"
  message_type = each.value
  expires_at   = "2047-01-31T00:00:00Z"
}

# Another team may deposit up to 20 USD into deployments of its own.
resource "akash_authz_grant" "team" {
  grantee = "akash1htamarexaxhgdsp0xu6sppeyx7avtvqrqjhvdj"
  deposit = { spend_limit_uact = "20000000" }
}
