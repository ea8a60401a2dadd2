// SPDX-License-Identifier: Apache-2.0

package devnet

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"cosmossdk.io/x/feegrant"
	"github.com/cosmos/cosmos-sdk/client/grpc/cmtservice"
	nodeservice "github.com/cosmos/cosmos-sdk/client/grpc/node"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	grpctypes "github.com/cosmos/cosmos-sdk/types/grpc"
	authtx "github.com/cosmos/cosmos-sdk/x/auth/tx"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	"github.com/cosmos/cosmos-sdk/x/authz"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	gateway "github.com/cosmos/gogogateway"
	"github.com/grpc-ecosystem/grpc-gateway/runtime"
	"google.golang.org/grpc"

	auditv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/audit/v1"
	bmev1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/bme/v1"
	certv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/cert/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	discoveryv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/discovery/v1"
	escrowv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
	oraclev2 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/oracle/v2"
	providerv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1beta4"
)

// restHandler translates REST to gRPC as the network's nodes do: original field
// names, defaults written, errors as {code, message, details}.
func restHandler(
	ctx context.Context, conn *grpc.ClientConn, registry codectypes.InterfaceRegistry,
) (http.Handler, error) {
	mux := runtime.NewServeMux(
		runtime.WithMarshalerOption(runtime.MIMEWildcard, &gateway.JSONPb{
			EmitDefaults: true, OrigName: true, AnyResolver: registry,
		}),
		runtime.WithProtoErrorHandler(runtime.DefaultHTTPProtoErrorHandler),
		runtime.WithIncomingHeaderMatcher(func(key string) (string, bool) {
			if strings.EqualFold(key, grpctypes.GRPCBlockHeightHeader) {
				return grpctypes.GRPCBlockHeightHeader, true
			}
			return runtime.DefaultHeaderMatcher(key)
		}),
	)
	authtx.RegisterGRPCGatewayRoutes(conn, mux)
	cmtservice.RegisterGRPCGatewayRoutes(conn, mux)
	nodeservice.RegisterGRPCGatewayRoutes(conn, mux)
	for name, register := range map[string]func(context.Context, *runtime.ServeMux, *grpc.ClientConn) error{
		"auth": authtypes.RegisterQueryHandler, "bank": banktypes.RegisterQueryHandler,
		"authz": authz.RegisterQueryHandler, "feegrant": feegrant.RegisterQueryHandler,
		"deployment": deploymentv1beta4.RegisterQueryHandler, "market": marketv1beta5.RegisterQueryHandler,
		"escrow": escrowv1.RegisterQueryHandler, "cert": certv1.RegisterQueryHandler,
		"provider": providerv1beta4.RegisterQueryHandler, "audit": auditv1.RegisterQueryHandler,
		"bme": bmev1.RegisterQueryHandler, "oracle": oraclev2.RegisterQueryHandler,
		"discovery": discoveryv1.RegisterDiscoveryHandler,
	} {
		// The generated code only keeps this context for closing connections that it dials itself.
		if err := register(context.WithoutCancel(ctx), mux, conn); err != nil {
			return nil, fmt.Errorf("register REST routes of %s: %w", name, err)
		}
	}
	return mux, nil
}
