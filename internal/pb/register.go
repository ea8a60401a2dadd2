// SPDX-License-Identifier: Apache-2.0

package pb

import (
	"strings"

	"cosmossdk.io/x/feegrant"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	cryptocodec "github.com/cosmos/cosmos-sdk/crypto/codec"
	"github.com/cosmos/cosmos-sdk/types/msgservice"
	"github.com/cosmos/cosmos-sdk/types/tx"
	"github.com/cosmos/cosmos-sdk/x/authz"
	"google.golang.org/grpc"

	// Blank imports put a package's files into the registry that RegisterInterfaces reads.
	_ "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/audit/v1"
	_ "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/bme/v1"
	_ "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/cert/v1"
	_ "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	escrowv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/v1"
	// As above; escrow/v1 has a name because its authorization is registered by hand.
	_ "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
	_ "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/oracle/v2"
	_ "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1beta4"
)

// msgServices are the protobuf packages with a Msg service, each declared in the package's msg.proto.
var msgServices = []string{
	"akash.audit.v1",
	"akash.bme.v1",
	"akash.cert.v1",
	"akash.deployment.v1beta4",
	"akash.escrow.v1",
	"akash.market.v1beta5",
	"akash.oracle.v2",
	"akash.provider.v1beta4",
}

// RegisterInterfaces tells the registry about the messages of Akash and of the cosmos-sdk modules that delegate (authz,
// feegrant). Those of auth and bank bring the application side of cosmos-sdk along, so who needs them registers them.
func RegisterInterfaces(registry codectypes.InterfaceRegistry) {
	cryptocodec.RegisterInterfaces(registry)
	tx.RegisterInterfaces(registry)
	authz.RegisterInterfaces(registry)
	feegrant.RegisterInterfaces(registry)
	for _, s := range msgServices {
		// Only the name and the file are read; the handlers are the chain's business.
		msgservice.RegisterMsgServiceDesc(registry, &grpc.ServiceDesc{
			ServiceName: s + ".Msg",
			Metadata:    strings.ReplaceAll(s, ".", "/") + "/msg.proto",
		})
	}
	registry.RegisterImplementations((*authz.Authorization)(nil), &escrowv1.DepositAuthorization{})
}
