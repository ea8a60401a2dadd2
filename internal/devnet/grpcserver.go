// SPDX-License-Identifier: Apache-2.0

package devnet

import (
	"context"
	"strconv"

	sdk "github.com/cosmos/cosmos-sdk/types"
	grpctypes "github.com/cosmos/cosmos-sdk/types/grpc"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app"
)

// nodeServices ask the node, which may be waiting for a block to be committed:
// they must not hold blocks off while they run. Simulate alone asks only the application.
var nodeServices = map[string]bool{
	"cosmos.tx.v1beta1.Service":              true,
	"cosmos.base.tendermint.v1beta1.Service": true,
}

const simulateMethod = "Simulate"

// registerAppServices serves the application's queries, each while no block is
// applied, so that every answer is of one height.
func registerAppServices(server *grpc.Server, a *app.App) {
	// The header check would refuse queries that meet a commit.
	a.RegisterGRPCServerWithSkipCheckHeader(appRegistrar{server: server, app: a}, true)
}

type appRegistrar struct {
	server *grpc.Server
	app    *app.App
}

// RegisterService wraps each method of an application service.
func (r appRegistrar) RegisterService(desc *grpc.ServiceDesc, impl any) {
	if nodeServices[desc.ServiceName] {
		return
	}
	r.server.RegisterService(wrapMethods(desc, func(method grpc.MethodDesc) unaryMethod {
		return func(srv any, ctx context.Context, dec func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
			defer r.app.Reading()()
			return method.Handler(srv, ctx, dec, nil)
		}
	}), impl)
}

type nodeRegistrar struct {
	server *grpc.Server
	app    *app.App
}

// RegisterService gives each method of a node service the context that it needs.
func (r nodeRegistrar) RegisterService(desc *grpc.ServiceDesc, impl any) {
	r.server.RegisterService(wrapMethods(desc, func(method grpc.MethodDesc) unaryMethod {
		return func(srv any, ctx context.Context, dec func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
			return method.Handler(srv, ctx, dec,
				func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (_ any, err error) {
					defer func() {
						if r := recover(); r != nil { // as the SDK does for the services it registers itself
							err = status.Errorf(codes.Internal, "%v", r)
						}
					}()
					done := r.app.Reading()
					sdkCtx, err := r.context(ctx)
					if method.MethodName == simulateMethod {
						defer done()
					} else {
						done()
					}
					if err != nil {
						return nil, err
					}
					return next(sdkCtx, req)
				})
		}
	}), impl)
}

// context carries the state at the height asked for, or the latest.
func (r nodeRegistrar) context(ctx context.Context) (context.Context, error) {
	var height int64
	if md, ok := metadata.FromIncomingContext(ctx); ok {
		if values := md.Get(grpctypes.GRPCBlockHeightHeader); len(values) == 1 {
			var err error
			if height, err = strconv.ParseInt(values[0], 10, 64); err != nil || height < 0 {
				return nil, status.Errorf(codes.InvalidArgument, "invalid height header %q", values[0])
			}
		}
	}
	state, err := r.app.CreateQueryContextWithCheckHeader(height, false, false)
	if err != nil {
		return nil, err
	}
	header := metadata.Pairs(grpctypes.GRPCBlockHeightHeader, strconv.FormatInt(state.BlockHeight(), 10))
	if err := grpc.SetHeader(ctx, header); err != nil {
		return nil, err
	}
	return context.WithValue(ctx, sdk.SdkContextKey, state), nil
}

// unaryMethod is the type of [grpc.MethodDesc.Handler].
type unaryMethod = func(any, context.Context, func(any) error, grpc.UnaryServerInterceptor) (any, error)

func wrapMethods(desc *grpc.ServiceDesc, wrap func(grpc.MethodDesc) unaryMethod) *grpc.ServiceDesc {
	wrapped := *desc
	wrapped.Methods = nil
	for _, method := range desc.Methods {
		wrapped.Methods = append(wrapped.Methods, grpc.MethodDesc{MethodName: method.MethodName, Handler: wrap(method)})
	}
	return &wrapped
}
