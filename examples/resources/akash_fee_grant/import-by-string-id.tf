import {
  to = akash_fee_grant.ci
  id = "akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c/akash1lh6cxaa5hl0wv73jjct2mk7x2z6rq7deagy78u"
}
