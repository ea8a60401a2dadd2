// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	grpccredentials "google.golang.org/grpc/credentials"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	certv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/cert/v1"
	providerv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1"
)

func TestGatewayTLS(t *testing.T) {
	t.Parallel()
	w, g := chain(t), gatewayOf(t)
	check(t, "gateway.md 1, observed.md 10", "TLS 1.3 at least", func(t *testing.T) {
		config := g.config(credentials{})
		config.MinVersion, config.MaxVersion = tls.VersionTLS12, tls.VersionTLS12
		_, err := tls.Dial("tcp", g.host.Host, config)
		require.ErrorContains(t, err, "protocol version")
	})
	check(t, "gateway.md 1.1, observed.md 9", "the name for mTLS shows the certificate on chain", func(t *testing.T) {
		config := g.config(credentials{})
		config.ServerName = "mtls." + g.host.Hostname()
		conn, err := tls.Dial("tcp", g.host.Host, config)
		require.NoError(t, err)
		defer func() { _ = conn.Close() }()
		shown := conn.ConnectionState().PeerCertificates
		require.Len(t, shown, 1)
		leaf := shown[0]
		require.Equal(t, g.addr, leaf.Subject.CommonName)
		require.Equal(t, g.addr, leaf.Issuer.CommonName)
		require.False(t, leaf.IsCA)

		res, err := certv1.NewQueryClient(w.conn).Certificates(t.Context(), &certv1.QueryCertificatesRequest{
			Filter: certv1.CertificateFilter{Owner: g.addr, Serial: leaf.SerialNumber.String(), State: "valid"},
		})
		require.NoError(t, err)
		require.Len(t, res.Certificates, 1)
		block, _ := pem.Decode(res.Certificates[0].Certificate.Cert)
		require.Equal(t, "CERTIFICATE", block.Type)
		root, err := x509.ParseCertificate(block.Bytes)
		require.NoError(t, err)
		roots := x509.NewCertPool()
		roots.AddCert(root)
		_, err = leaf.Verify(x509.VerifyOptions{Roots: roots, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}})
		require.NoError(t, err)
	})
	check(t, "gateway.md 3", "a client certificate that is not on chain ends the connection", func(t *testing.T) {
		stranger := newCertificate(t, newActor(t).addr)
		client := http.Client{Timeout: patience, Transport: &http.Transport{
			TLSClientConfig: g.config(credentials{certificate: &stranger.tls}), DisableKeepAlives: true,
		}}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, g.host.String()+statusPath(1), nil)
		require.NoError(t, err)
		res, err := client.Do(req)
		if err == nil {
			_ = res.Body.Close()
		}
		require.Error(t, err)
	})
}

func TestGatewayPublic(t *testing.T) {
	t.Parallel()
	g := gatewayOf(t)
	nobody := credentials{}
	check(t, "conformance node/gateway address", "/address", func(t *testing.T) {
		got := g.ask(t, nobody, http.MethodGet, "/address", nil)
		require.Equal(t, http.StatusOK, got.status)
		require.Equal(t, "application/json; charset=UTF-8", got.contentType)
		require.Equal(t, map[string]any{"address": g.addr}, got.tree(t))
	})
	check(t, "gateway.md 4, conformance node/gateway version", "/version", func(t *testing.T) {
		got := g.ask(t, nobody, http.MethodGet, "/version", nil)
		require.Equal(t, http.StatusOK, got.status)
		require.Equal(t, "application/json; charset=UTF-8", got.contentType)
		for _, name := range []string{"name", "version", "commit", "go", "cosmos_sdk_version"} {
			require.IsType(t, "", at(t, got.tree(t), "akash", name), name)
		}
		require.IsType(t, "", at(t, got.tree(t), "kube", "gitVersion"))
	})
	check(t, "gateway.md 6.1, conformance node/gateway status", "/status", func(t *testing.T) {
		got := g.ask(t, nobody, http.MethodGet, "/status", nil)
		require.Equal(t, http.StatusOK, got.status)
		tree := got.tree(t)
		require.Equal(t, g.addr, at(t, tree, "address"))
		require.IsType(t, "", at(t, tree, "cluster_public_hostname"))
		require.IsType(t, 0.0, at(t, tree, "cluster", "leases"))
		require.IsType(t, 0.0, at(t, tree, "bidengine", "orders"))
		require.IsType(t, 0.0, at(t, tree, "manifest", "deployments"))
		node := at(t, tree, "cluster", "inventory", "available", "nodes", 0)
		for _, part := range []string{"allocatable", "available"} {
			for _, name := range []string{"cpu", "gpu", "memory", "storage_ephemeral"} {
				require.IsType(t, 0.0, at(t, node, part, name), part+" "+name)
			}
		}
	})
	for _, c := range []struct{ what, path string }{
		{"a route that is none", "/nothing"},
		{"/validate, which no gateway has", "/validate"},
	} {
		check(t, "conformance node/gateway validate_route", c.what, func(t *testing.T) {
			require.Equal(t, "404 404 page not found", g.ask(t, nobody, http.MethodGet, c.path, nil).said())
		})
	}
}

// The gateway's gRPC is one port above. No credentials are ever sent there: a token ends some daemons (observed.md 10).
func TestGatewayGRPC(t *testing.T) {
	t.Parallel()
	w, g := chain(t), gatewayOf(t)
	port, err := strconv.Atoi(g.host.Port())
	require.NoError(t, err)
	conn, err := grpc.NewClient(net.JoinHostPort(g.host.Hostname(), strconv.Itoa(port+1)),
		grpc.WithTransportCredentials(grpccredentials.NewTLS(g.config(credentials{}))),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(w.encoding.Codec.GRPCCodec())))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	client := providerv1.NewProviderRPCClient(conn)
	holds := func(t *testing.T, got *providerv1.Status) {
		t.Helper()
		require.NotEmpty(t, got.Cluster.Inventory.Cluster.Nodes)
		require.WithinDuration(t, time.Now(), got.Timestamp, time.Hour)
		for _, node := range got.Cluster.Inventory.Cluster.Nodes {
			require.NotEmpty(t, node.Name)
			require.NotEmpty(t, node.Resources.CPU.Quantity.Allocatable.String_)
			require.NotEmpty(t, node.Resources.Memory.Quantity.Allocatable.String_)
		}
	}
	check(t, "observed.md 10, gateway.md 6.2", "GetStatus without credentials", func(t *testing.T) {
		got, err := client.GetStatus(t.Context(), &emptypb.Empty{})
		require.NoError(t, err)
		holds(t, got)
	})
	check(t, "observed.md 10", "StreamStatus without credentials", func(t *testing.T) {
		stream, err := client.StreamStatus(t.Context(), &emptypb.Empty{})
		require.NoError(t, err)
		got, err := stream.Recv()
		require.NoError(t, err)
		holds(t, got)
	})
	check(t, "observed.md 10, gateway.md 6.3", "BidScreening is not implemented", func(t *testing.T) {
		spec := anybodysGroup("dcloud")
		_, err := client.BidScreening(t.Context(), &providerv1.BidScreeningRequest{GroupSpec: &spec})
		require.Equal(t, codes.Unimplemented, status.Code(err), "%v", err)
		require.True(t, strings.HasSuffix(status.Convert(err).Message(), "not implemented"), "%v", err)
	})
}
