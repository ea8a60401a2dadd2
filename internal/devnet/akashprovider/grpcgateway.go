// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"context"
	"strings"
	"time"

	"github.com/cosmos/cosmos-sdk/server/grpc/gogoreflection"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/token"
	"github.com/akash-iac/terraform-provider-akash/internal/pb"
	providerv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1"
)

// clientPingPause is the least time between two keepalive pings of a client; one in more of a hurry is sent away.
const clientPingPause = 30 * time.Second

// newGRPCServer makes the gateway's second server: status, and screening where it is switched on. It shows the same
// certificate as the first and checks client certificates in the same way, but wants no credentials.
func (p *AkashProvider) newGRPCServer(encoding pb.Encoding) *grpc.Server {
	server := grpc.NewServer(
		grpc.Creds(credentials.NewTLS(p.tlsConfig("h2"))),
		grpc.ForceServerCodec(encoding.Codec.GRPCCodec()),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: clientPingPause}),
		grpc.ChainUnaryInterceptor(p.refuseUnary),
		grpc.ChainStreamInterceptor(p.refuseStream),
	)
	providerv1.RegisterProviderRPCServer(server, &statusService{provider: p})
	gogoreflection.Register(server)
	return server
}

// refuseUnary stands for what goes wrong before a method is reached.
func (p *AkashProvider) refuseUnary(
	ctx context.Context, req any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler,
) (any, error) {
	if err := p.refuseDown(ctx); err != nil {
		return nil, err
	}
	if len(metadata.ValueFromIncomingContext(ctx, "authorization")) > 0 && !p.spec.BidScreening {
		// The daemon dies of it. A simulator that did would take the others with it; its caller sees the same.
		p.log.Error("a gRPC call with authorization metadata: the network's daemon crashes here")
		return nil, status.Error(codes.Unavailable, "error reading from server: EOF")
	}
	return next(ctx, req)
}

func (p *AkashProvider) refuseStream(
	srv any, stream grpc.ServerStream, _ *grpc.StreamServerInfo, next grpc.StreamHandler,
) error {
	if err := p.refuseDown(stream.Context()); err != nil {
		return err
	}
	return next(srv, stream)
}

func (p *AkashProvider) refuseDown(ctx context.Context) error {
	var from string
	if client, ok := peer.FromContext(ctx); ok {
		from = client.Addr.String()
	}
	if !p.hinder(ctx, grpcDoor, from) {
		return status.Error(codes.Unavailable, "fault: the connection was reset")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.faults.GatewayDown {
		return status.Error(codes.Unavailable, "fault: the gateway is down")
	}
	return nil
}

// statusService answers akash.provider.v1.ProviderRPC.
type statusService struct{ provider *AkashProvider }

var _ providerv1.ProviderRPCServer = (*statusService)(nil)

// GetStatus needs no credentials.
func (s *statusService) GetStatus(context.Context, *emptypb.Empty) (*providerv1.Status, error) {
	now, _ := s.provider.clusterNow()
	return now, nil
}

// StreamStatus sends the status now and after every change, until the client leaves.
func (s *statusService) StreamStatus(_ *emptypb.Empty, stream providerv1.ProviderRPC_StreamStatusServer) error {
	ctx, last := stream.Context(), ""
	for {
		now, changed := s.provider.clusterNow()
		if content := withoutTime(now); content != last {
			last = content
			if err := stream.Send(now); err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		}
	}
}

// withoutTime is a status as text for comparison.
func withoutTime(from *providerv1.Status) string {
	content := *from
	content.Timestamp = time.Time{}
	return content.String()
}

// BidScreening is not implemented on the network; where it is switched on it wants to know who asks.
func (s *statusService) BidScreening(
	ctx context.Context, req *providerv1.BidScreeningRequest,
) (*providerv1.BidScreeningResponse, error) {
	if !s.provider.spec.BidScreening {
		return nil, status.Error(codes.Unimplemented, "BidScreening not implemented")
	}
	owner, err := s.provider.callerOf(ctx)
	if err != nil {
		return nil, err
	}
	answer, err := s.provider.screen(ctx, owner, req)
	if err != nil {
		return nil, status.Error(codes.Unavailable, err.Error())
	}
	return answer, nil
}

// callerOf is who calls over gRPC, by client certificate or token.
func (p *AkashProvider) callerOf(ctx context.Context) (owner string, err error) {
	if from, ok := peer.FromContext(ctx); ok {
		if info, ok := from.AuthInfo.(credentials.TLSInfo); ok && len(info.State.PeerCertificates) == 1 {
			return info.State.PeerCertificates[0].Subject.CommonName, nil
		}
	}
	values := metadata.ValueFromIncomingContext(ctx, "authorization")
	if len(values) != 1 {
		return "", status.Error(codes.Unauthenticated, refusalUnauthorized.message)
	}
	claims, err := token.Verify(ctx, strings.TrimPrefix(values[0], "Bearer "), p.chain.publicKey, p.now())
	if err != nil || p.saysExpired() {
		p.log.Debug("token refused", "reason", err)
		return "", status.Error(codes.Unauthenticated, refusalUnauthorized.message)
	}
	return claims.Issuer, nil
}
