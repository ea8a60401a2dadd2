// SPDX-License-Identifier: Apache-2.0

package devnet

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	cmtnode "github.com/cometbft/cometbft/node"
	"github.com/cometbft/cometbft/rpc/client/local"
	rpcserver "github.com/cometbft/cometbft/rpc/jsonrpc/server"
	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/grpc/cmtservice"
	nodeservice "github.com/cosmos/cosmos-sdk/client/grpc/node"
	serverconfig "github.com/cosmos/cosmos-sdk/server/config"
	"github.com/cosmos/cosmos-sdk/server/grpc/gogoreflection"
	authtx "github.com/cosmos/cosmos-sdk/x/auth/tx"
	"github.com/hashicorp/go-hclog"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app"
	discoveryv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/discovery/v1"
)

const (
	headerTimeout = 10 * time.Second
	stopTimeout   = time.Second
	// Lists of thousands of deployments are larger than gRPC's default of 4 MiB.
	maxMessageBytes = 64 << 20
)

// servers are the network's three endpoints.
type servers struct {
	rpcAddr, grpcAddr, restAddr string

	rpc  *http.Server
	grpc *grpc.Server
	rest *http.Server
	conn *grpc.ClientConn
}

// startServers serves an application and its node. On an error nothing is left running.
func startServers(
	ctx context.Context, opts Options, a *app.App, node *cmtnode.Node, log hclog.Logger,
) (_ *servers, err error) {
	s := &servers{}
	defer func() {
		if err != nil {
			_ = s.stop() // the first error is the one to tell
		}
	}()
	rpcClient := localClient{Local: local.New(node), faults: opts.Faults}
	if err := s.startRPC(ctx, opts, node, rpcClient, log); err != nil {
		return nil, err
	}
	if err := s.startGRPC(ctx, opts, a, rpcClient); err != nil {
		return nil, err
	}
	return s, s.startREST(ctx, opts, a)
}

func (s *servers) startRPC(
	ctx context.Context, opts Options, node *cmtnode.Node, rpcClient localClient, log hclog.Logger,
) error {
	env, err := node.ConfigureRPC()
	if err != nil {
		return fmt.Errorf("configure RPC: %w", err)
	}
	routes := env.GetRoutes()
	routes["akash"] = rpcserver.NewRPCFunc(discovery{chainID: opts.ChainID}.rpc, "")
	routes["broadcast_tx_sync"] = rpcserver.NewRPCFunc(rpcClient.rpcSync, "tx")
	routes["broadcast_tx_async"] = rpcserver.NewRPCFunc(rpcClient.rpcAsync, "tx")
	logger := cmtLogger{log.Named("rpc")}
	sockets := rpcserver.NewWebsocketManager(routes, rpcserver.OnDisconnect(func(remote string) {
		// The request is over, so its context is of no use; unknown subscribers are fine.
		_ = node.EventBus().UnsubscribeAll(context.WithoutCancel(ctx), remote)
	}))
	sockets.SetLogger(logger)
	mux := http.NewServeMux()
	mux.HandleFunc("/websocket", sockets.WebsocketHandler)
	rpcserver.RegisterRPCFuncs(mux, routes, logger)
	s.rpc, s.rpcAddr, err = serveHTTP(ctx, opts.RPCAddr, rpcserver.RecoverAndLogHandler(mux, logger))
	return err
}

func (s *servers) startGRPC(ctx context.Context, opts Options, a *app.App, rpcClient localClient) error {
	enc := a.Encoding()
	clientCtx := client.Context{}.
		WithChainID(opts.ChainID).WithClient(rpcClient).WithTxConfig(a.TxConfig()).WithCodec(enc.Codec).
		WithInterfaceRegistry(enc.InterfaceRegistry)
	router := a.GRPCQueryRouter()
	// On the router for queries over ABCI, which CometBFT keeps apart from blocks.
	authtx.RegisterTxService(router, clientCtx, a.Simulate, enc.InterfaceRegistry)
	cmtservice.RegisterTendermintService(clientCtx, router, enc.InterfaceRegistry, a.Query)
	nodeservice.RegisterNodeService(clientCtx, router, serverconfig.Config{
		// As the network's nodes answer by default; what is pruned here is nobody's business.
		BaseConfig: serverconfig.BaseConfig{PruningKeepRecent: "0", PruningInterval: "0"},
	})
	discoveryv1.RegisterDiscoveryServer(router, discovery{chainID: opts.ChainID})

	codec := enc.Codec.GRPCCodec()
	s.grpc = grpc.NewServer(
		grpc.ForceServerCodec(codec), grpc.MaxRecvMsgSize(maxMessageBytes), grpc.MaxSendMsgSize(maxMessageBytes),
	)
	registerAppServices(s.grpc, a)
	nodeServices := nodeRegistrar{server: s.grpc, app: a}
	authtx.RegisterTxService(nodeServices, clientCtx, a.Simulate, enc.InterfaceRegistry)
	cmtservice.RegisterTendermintService(clientCtx, nodeServices, enc.InterfaceRegistry, a.Query)
	gogoreflection.Register(s.grpc)
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", opts.GRPCAddr)
	if err != nil {
		return fmt.Errorf("listen for gRPC: %w", err)
	}
	s.grpcAddr = listener.Addr().String()
	go func() { _ = s.grpc.Serve(listener) }() // ends with Stop
	s.conn, err = grpc.NewClient(s.grpcAddr, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(codec), grpc.MaxCallRecvMsgSize(maxMessageBytes)))
	return err
}

func (s *servers) startREST(ctx context.Context, opts Options, a *app.App) (err error) {
	handler, err := restHandler(ctx, s.conn, a.Encoding().InterfaceRegistry)
	if err != nil {
		return err
	}
	s.rest, s.restAddr, err = serveHTTP(ctx, opts.RESTAddr, handler)
	return err
}

func serveHTTP(ctx context.Context, addr string, handler http.Handler) (*http.Server, string, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, "", err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: headerTimeout}
	go func() { _ = server.Serve(listener) }() // ends with Close
	return server, listener.Addr().String(), nil
}

// stop closes what was started, connections included.
func (s *servers) stop() error {
	var errs []error
	if s.conn != nil {
		errs = append(errs, s.conn.Close())
	}
	for _, server := range []*http.Server{s.rest, s.rpc} {
		if server != nil {
			errs = append(errs, shutdown(server))
		}
	}
	if s.grpc != nil {
		s.grpc.Stop()
	}
	return errors.Join(errs...)
}

// shutdown lets running requests end for a moment, then cuts them; websockets
// would stay open otherwise.
func shutdown(server *http.Server) error {
	// Stopping goes on when the caller's context is over.
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout) //nolint:forbidigo // Stop takes none
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		return server.Close()
	}
	return nil
}
