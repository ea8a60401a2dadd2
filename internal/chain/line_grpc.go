// SPDX-License-Identifier: Apache-2.0

package chain

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
)

const (
	// reconnectDelay is the longest pause between two attempts to connect. gRPC's own two minutes would keep an
	// endpoint that is back up for a failed one.
	reconnectDelay = 2 * time.Second
	connectTimeout = 5 * time.Second
	// silenceTime is when a connection without any sign of life is asked for one.
	silenceTime = 10 * time.Second
	// silentCalls in a row without an answer make a connection be given up: a firewall may have forgotten it.
	silentCalls = 2
)

// grpcLine is a connection to a gRPC server that is replaced when it is dead. It
// is safe for concurrent use.
//
// gRPC itself honours HTTPS_PROXY and NO_PROXY, for endpoints with and without TLS (by HTTP CONNECT), and the system's
// certificates or those of SSL_CERT_FILE.
type grpcLine struct {
	dial func() (*grpc.ClientConn, error)

	mu     sync.Mutex
	conn   *grpc.ClientConn
	silent int // calls in a row that ended without an answer in time
}

func newGRPCLine(endpoint string) (*grpcLine, error) {
	target, useTLS, err := grpcTarget(endpoint)
	if err != nil {
		return nil, err
	}
	creds := insecure.NewCredentials()
	if useTLS {
		creds = credentials.NewTLS(&tls.Config{MinVersion: tls.VersionTLS12})
	}
	reconnect := backoff.DefaultConfig
	reconnect.BaseDelay, reconnect.MaxDelay = 100*time.Millisecond, reconnectDelay
	l := &grpcLine{dial: func() (*grpc.ClientConn, error) {
		conn, err := grpc.NewClient(target,
			grpc.WithTransportCredentials(creds),
			grpc.WithConnectParams(grpc.ConnectParams{Backoff: reconnect, MinConnectTimeout: connectTimeout}),
			grpc.WithDisableServiceConfig(), // saves a DNS look-up for a TXT record nobody sets
			grpc.WithDefaultCallOptions(grpc.ForceCodec(wireCodec{}), grpc.MaxCallRecvMsgSize(maxReply)),
		)
		if err != nil {
			return nil, fmt.Errorf("gRPC endpoint %q: %w", redactURL(endpoint), err)
		}
		return conn, nil
	}}
	l.conn, err = l.dial()
	return l, err
}

func (l *grpcLine) invoke(ctx context.Context, method string, args, reply any, opts ...grpc.CallOption) error {
	l.mu.Lock()
	conn := l.conn
	l.mu.Unlock()
	err := conn.Invoke(ctx, method, args, reply, opts...)
	switch {
	case err == nil, ctx.Err() == nil:
		l.heard(conn, true)
	case errors.Is(context.Cause(ctx), errAttemptTimeout):
		l.heard(conn, false)
	}
	return err
}

// heard notes whether a call over conn was answered or ran out of time.
func (l *grpcLine) heard(conn *grpc.ClientConn, answered bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case conn != l.conn:
		return
	case answered:
		l.silent = 0
		return
	}
	if l.silent++; l.silent < silentCalls {
		return
	}
	fresh, err := l.dial()
	if err != nil {
		return // the next silence tries again
	}
	l.conn, l.silent = fresh, 0
	_ = conn.Close() // nothing comes over it any more
}

func (l *grpcLine) close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.conn.Close()
}
