// SPDX-License-Identifier: Apache-2.0

package devnet

import (
	"context"
	"strconv"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/grpc/cmtservice"
	nodeservice "github.com/cosmos/cosmos-sdk/client/grpc/node"
	serverconfig "github.com/cosmos/cosmos-sdk/server/config"
	sdk "github.com/cosmos/cosmos-sdk/types"
	grpctypes "github.com/cosmos/cosmos-sdk/types/grpc"
	authtx "github.com/cosmos/cosmos-sdk/x/auth/tx"
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

const (
	simulateMethod = "Simulate"
	simulatePath   = "/cosmos.tx.v1beta1.Service/" + simulateMethod
)

// clientContext is what the SDK's node services are made with.
func clientContext(opts Options, a *app.App, front localClient) client.Context {
	enc := a.Encoding()
	return client.Context{}.
		WithChainID(opts.ChainID).WithClient(front).WithTxConfig(a.TxConfig()).WithCodec(enc.Codec).
		WithInterfaceRegistry(enc.InterfaceRegistry)
}

// registerNodeQueries puts the node's services on the application's router for
// queries over ABCI, which CometBFT keeps apart from blocks.
func registerNodeQueries(a *app.App, clientCtx client.Context, front localClient) {
	router, registry := a.GRPCQueryRouter(), a.Encoding().InterfaceRegistry
	authtx.RegisterTxService(router, clientCtx, front.simulate(a.Simulate), registry)
	cmtservice.RegisterTendermintService(clientCtx, router, registry, front.query(a.Query))
	nodeservice.RegisterNodeService(clientCtx, router, serverconfig.Config{
		// As the network's nodes answer by default; what is pruned here is nobody's business.
		BaseConfig: serverconfig.BaseConfig{PruningKeepRecent: "0", PruningInterval: "0"},
	})
}

// makeGRPC makes a server of the application's queries and the node's services,
// behind the faults of front.
func makeGRPC(a *app.App, clientCtx client.Context, front localClient) *grpc.Server {
	enc := a.Encoding()
	server := grpc.NewServer(
		grpc.ForceServerCodec(enc.Codec.GRPCCodec()),
		grpc.MaxRecvMsgSize(maxMessageBytes), grpc.MaxSendMsgSize(maxMessageBytes),
	)
	// The header check would refuse queries that meet a commit.
	a.RegisterGRPCServerWithSkipCheckHeader(appRegistrar{server: server, app: a, front: front}, true)
	services := nodeRegistrar{server: server, app: a, front: front}
	authtx.RegisterTxService(services, clientCtx, front.simulate(a.Simulate), enc.InterfaceRegistry)
	cmtservice.RegisterTendermintService(clientCtx, services, enc.InterfaceRegistry, front.query(a.Query))
	return server
}

// appRegistrar serves the application's queries, each while no block is applied,
// so that every answer is of one height.
type appRegistrar struct {
	server *grpc.Server
	app    *app.App
	front  localClient
}

// RegisterService wraps each method of an application service.
func (r appRegistrar) RegisterService(desc *grpc.ServiceDesc, impl any) {
	if nodeServices[desc.ServiceName] {
		return
	}
	r.server.RegisterService(wrapMethods(desc, func(method grpc.MethodDesc) unaryMethod {
		return func(srv any, ctx context.Context, dec func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
			if err := r.front.hinder(ctx); err != nil {
				return nil, err
			}
			defer r.app.Reading()()
			return method.Handler(srv, r.front.behind(ctx), dec, nil)
		}
	}), impl)
}

type nodeRegistrar struct {
	server *grpc.Server
	app    *app.App
	front  localClient
}

// RegisterService gives each method of a node service the context that it needs.
func (r nodeRegistrar) RegisterService(desc *grpc.ServiceDesc, impl any) {
	r.server.RegisterService(wrapMethods(desc, func(method grpc.MethodDesc) unaryMethod {
		return func(srv any, ctx context.Context, dec func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
			if err := r.front.hinder(ctx); err != nil {
				return nil, err
			}
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
