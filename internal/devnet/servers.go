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
	rpccore "github.com/cometbft/cometbft/rpc/core"
	rpcserver "github.com/cometbft/cometbft/rpc/jsonrpc/server"
	"github.com/cosmos/cosmos-sdk/server/grpc/gogoreflection"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/test/bufconn"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/door"
	discoveryv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/discovery/v1"
)

const (
	headerTimeout = 10 * time.Second
	stopTimeout   = time.Second
	// Lists of thousands of deployments are larger than gRPC's default of 4 MiB.
	maxMessageBytes = 64 << 20
	// pipeBytes is the buffer of connections inside the process.
	pipeBytes = 1 << 20
)

// servers are the network's three endpoints.
type servers struct {
	rpcAddr, grpcAddr, restAddr string

	rpc              *http.Server
	grpc, insideGRPC *grpc.Server
	rest             *http.Server
	conn, public     *grpc.ClientConn // conn does not leave the process
	env              *rpccore.Environment
}

// startServers serves an application and its node. On an error nothing is left running.
func startServers(
	ctx context.Context, opts Options, faults *faultBox, a *app.App, node *cmtnode.Node,
) (_ *servers, err error) {
	s := &servers{}
	defer func() {
		if err != nil {
			_ = s.stop() // the first error is the one to tell
		}
	}()
	front := localClient{
		Local: local.New(node), faults: faults, rpcAddr: &s.rpcAddr, latest: node.BlockStore().Height,
		decode: a.TxConfig().TxDecoder(), ask: a.Query, reading: a.Reading,
	}
	if err := s.startRPC(ctx, opts, node, front); err != nil {
		return nil, err
	}
	if err := s.startGRPC(ctx, opts, a, front); err != nil {
		return nil, err
	}
	handler, err := restHandler(ctx, s.public, a.Encoding().InterfaceRegistry)
	if err != nil {
		return nil, err
	}
	s.rest, s.restAddr, err = serveHTTP(ctx, opts.RESTAddr, func(in *door.Door) http.Handler {
		// The delay comes with the gRPC call behind it.
		return resettable(handler, EndpointREST, faults, in)
	})
	return s, err
}

func (s *servers) startRPC(ctx context.Context, opts Options, node *cmtnode.Node, front localClient) error {
	env, err := node.ConfigureRPC()
	if err != nil {
		return fmt.Errorf("configure RPC: %w", err)
	}
	s.env = env
	routes := env.GetRoutes()
	reroute(routes, front, discovery{chainID: opts.ChainID, faults: front.faults})
	logger := cmtLogger{opts.Logger.Named("rpc")}
	sockets := rpcserver.NewWebsocketManager(routes, rpcserver.OnDisconnect(func(remote string) {
		// The request is over, so its context is of no use; unknown subscribers are fine.
		_ = node.EventBus().UnsubscribeAll(context.WithoutCancel(ctx), remote)
	}))
	sockets.SetLogger(logger)
	mux := http.NewServeMux()
	mux.HandleFunc("/websocket", sockets.WebsocketHandler)
	rpcserver.RegisterRPCFuncs(mux, routes, logger)
	handler := rpcserver.RecoverAndLogHandler(mux, logger)
	s.rpc, _, err = serveHTTP(ctx, opts.RPCAddr, func(in *door.Door) http.Handler {
		s.rpcAddr = in.Addr().String()
		return delayed(resettable(handler, EndpointRPC, front.faults, in), front.faults)
	})
	return err
}

// startGRPC serves the public endpoint, and another one inside the process that
// knows no faults.
func (s *servers) startGRPC(ctx context.Context, opts Options, a *app.App, front localClient) error {
	registerNodeQueries(a, clientContext(opts, a, front), front)
	discoveryv1.RegisterDiscoveryServer(a.GRPCQueryRouter(), discovery{chainID: opts.ChainID, faults: front.faults})
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", opts.GRPCAddr)
	if err != nil {
		return fmt.Errorf("listen for gRPC: %w", err)
	}
	front.door = door.New(listener)
	clean := front
	clean.faults = nil
	s.grpc = makeGRPC(a, clientContext(opts, a, front), front)
	s.insideGRPC = makeGRPC(a, clientContext(opts, a, clean), clean)
	gogoreflection.Register(s.grpc)

	// REST has a way of its own to the public server, so that resets of gRPC's connections are not REST's, too.
	pipe, restPipe := bufconn.Listen(pipeBytes), bufconn.Listen(pipeBytes)
	s.grpcAddr = listener.Addr().String()
	go func() { _ = s.grpc.Serve(front.door) }() // all end with Stop
	go func() { _ = s.grpc.Serve(restPipe) }()
	go func() { _ = s.insideGRPC.Serve(pipe) }()
	codec := a.Encoding().Codec.GRPCCodec()
	if s.public, err = dialPipe("rest", restPipe, codec); err != nil {
		return err
	}
	s.conn, err = dialPipe("inside", pipe, codec)
	return err
}

// dialPipe connects inside the process.
func dialPipe(name string, pipe *bufconn.Listener, codec encoding.Codec) (*grpc.ClientConn, error) {
	return dial("passthrough:///"+name, codec, grpc.WithContextDialer(
		func(ctx context.Context, _ string) (net.Conn, error) { return pipe.DialContext(ctx) }))
}

func dial(target string, codec encoding.Codec, opts ...grpc.DialOption) (*grpc.ClientConn, error) {
	return grpc.NewClient(target, append(opts, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(codec), grpc.MaxCallRecvMsgSize(maxMessageBytes)))...)
}

// serveHTTP listens and serves what handle makes, which is told through which door requests come.
func serveHTTP(
	ctx context.Context, addr string, handle func(in *door.Door) http.Handler,
) (*http.Server, string, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, "", err
	}
	in := door.New(listener)
	server := &http.Server{Handler: handle(in), ReadHeaderTimeout: headerTimeout}
	go func() { _ = server.Serve(in) }() // ends with Close
	return server, listener.Addr().String(), nil
}

// stop closes what was started, connections included.
func (s *servers) stop() error {
	var errs []error
	for _, conn := range []*grpc.ClientConn{s.conn, s.public} {
		if conn != nil {
			errs = append(errs, conn.Close())
		}
	}
	for _, server := range []*http.Server{s.rest, s.rpc} {
		if server != nil {
			errs = append(errs, shutdown(server))
		}
	}
	for _, server := range []*grpc.Server{s.grpc, s.insideGRPC} {
		if server != nil {
			server.Stop()
		}
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
