// SPDX-License-Identifier: Apache-2.0

package chain

import (
	"cosmossdk.io/x/feegrant"
	"github.com/cosmos/cosmos-sdk/x/authz"
	"github.com/cosmos/gogoproto/proto"

	escrowv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/v1"
)

// grantRoutes are the REST paths of what grants are read by. Source: the http options of cosmos-sdk's .proto files.
var grantRoutes = map[string]string{
	"/cosmos.feegrant.v1beta1.Query/Allowance":  "/cosmos/feegrant/v1beta1/allowance/{granter}/{grantee}",
	"/cosmos.authz.v1beta1.Query/Grants":        "/cosmos/authz/v1beta1/grants",
	"/cosmos.authz.v1beta1.Query/GranteeGrants": "/cosmos/authz/v1beta1/grants/grantee/{grantee}",
}

// grantKinds resolves what REST packs with its "@type": the kinds that this package reads. Any other becomes an empty
// message under its own type URL, since only its kind is told.
type grantKinds struct{}

// Resolve implements jsonpb.AnyResolver.
func (grantKinds) Resolve(typeURL string) (proto.Message, error) {
	for _, known := range []proto.Message{
		&feegrant.BasicAllowance{}, &feegrant.AllowedMsgAllowance{}, &authz.GenericAuthorization{},
		&escrowv1.DepositAuthorization{},
	} {
		if typeURL == "/"+proto.MessageName(known) {
			return known, nil
		}
	}
	return &feegrant.MsgGrantAllowanceResponse{}, nil
}
