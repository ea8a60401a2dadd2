// SPDX-License-Identifier: Apache-2.0

package gateway

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/cosmos/gogoproto/proto"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	protov2 "google.golang.org/protobuf/proto"
)

// The ports of a gateway's two servers. Nothing on chain tells the second: it is one above the first, and
// [usualGRPCPort] where the host URI names none. Source: protocol/gateway.md section 1.
const (
	usualPort     = "8443"
	usualGRPCPort = "8444"
)

var errNoGRPCPort = errors.New("no port above that of its host URI")

// grpcAddress is where the gRPC server of the gateway at a host URI listens.
func grpcAddress(host *url.URL) (string, error) {
	switch port := host.Port(); port {
	case "", usualPort:
		return net.JoinHostPort(host.Hostname(), usualGRPCPort), nil
	default:
		number, err := strconv.ParseUint(port, 10, 16)
		if err != nil || number == 0 || number == 65535 {
			return "", errNoGRPCPort
		}
		return net.JoinHostPort(host.Hostname(), strconv.FormatUint(number+1, 10)), nil
	}
}

// grpcLine is a connection to a gateway's gRPC server, made at the first call. Nothing but TLS ever says who calls: the
// daemons of the network die of authorization metadata. Source: protocol/observed.md section 10.
type grpcLine struct {
	address string
	config  *tls.Config

	mu     sync.Mutex
	conn   *grpc.ClientConn
	refuse error // why the last peer was not taken
}

func newGRPCLine(address string, config *tls.Config) *grpcLine {
	l := &grpcLine{address: address, config: config}
	verify := config.VerifyConnection
	config.VerifyConnection = func(state tls.ConnectionState) error {
		err := verify(state)
		l.mu.Lock()
		defer l.mu.Unlock()
		l.refuse = err // gRPC hands on no more than its text
		return err
	}
	return l
}

func (l *grpcLine) open() (*grpc.ClientConn, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn != nil {
		return l.conn, nil
	}
	conn, err := grpc.NewClient(l.address,
		grpc.WithTransportCredentials(credentials.NewTLS(l.config)),
		grpc.WithConnectParams(grpc.ConnectParams{Backoff: backoff.DefaultConfig, MinConnectTimeout: dialTimeout}),
		grpc.WithDisableServiceConfig(), // saves a DNS look-up for a TXT record nobody sets
		grpc.WithDefaultCallOptions(grpc.ForceCodec(wireCodec{}), grpc.MaxCallRecvMsgSize(maxAnswer)),
	)
	if err == nil {
		l.conn = conn
	}
	return conn, err
}

// close ends the connection; the next call makes another.
func (l *grpcLine) close() {
	l.mu.Lock()
	conn := l.conn
	l.conn = nil
	l.mu.Unlock()
	if conn != nil {
		_ = conn.Close() // nothing is under way that anybody waits for
	}
}

// call makes a call within limit. Errors are as [Client] says, and [ErrNotOffered].
func (l *grpcLine) call(
	parent context.Context, limit time.Duration, invoke func(context.Context, grpc.ClientConnInterface) error,
) error {
	conn, err := l.open()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	ctx, cancel := context.WithTimeout(metadata.NewOutgoingContext(parent, metadata.MD{}), limit)
	defer cancel()
	err = invoke(ctx, conn)
	if err == nil {
		return nil
	}
	if parent.Err() != nil {
		return parent.Err()
	}
	l.mu.Lock()
	refuse := l.refuse
	l.mu.Unlock()
	if refuse != nil {
		return transportError(parent, refuse)
	}
	told := status.Convert(err)
	switch {
	case told.Code() == codes.Unimplemented && plainGRPC(told.Message()):
		return ErrNotOffered
	case told.Code() == codes.Unauthenticated, told.Code() == codes.PermissionDenied:
		return fmt.Errorf("%w: %s", ErrUnauthorized, bodyText([]byte(told.Message())))
	case ctx.Err() != nil, told.Code() == codes.DeadlineExceeded: // the other side may notice first
		return ErrSlow
	}
	return fmt.Errorf("%w: %s: %s", ErrUnavailable, told.Code(), bodyText([]byte(told.Message())))
}

// plainGRPC tells a gRPC server's own "unimplemented" from that of a web server, which gRPC makes of its HTTP 404.
func plainGRPC(message string) bool { return !strings.Contains(message, "HTTP status code") }

// wireCodec marshals gogoproto and protobuf-go messages under gRPC's own name.
type wireCodec struct{}

func (wireCodec) Name() string { return "proto" }

func (wireCodec) Marshal(v any) ([]byte, error) {
	switch m := v.(type) {
	case protov2.Message:
		return protov2.Marshal(m)
	case proto.Message:
		return proto.Marshal(m)
	}
	return nil, fmt.Errorf("cannot marshal %T as protobuf", v)
}

func (wireCodec) Unmarshal(data []byte, v any) error {
	switch m := v.(type) {
	case protov2.Message:
		return protov2.Unmarshal(data, m)
	case proto.Message:
		return proto.Unmarshal(data, m)
	}
	return fmt.Errorf("cannot unmarshal protobuf into %T", v)
}
