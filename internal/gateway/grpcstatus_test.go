// SPDX-License-Identifier: Apache-2.0

package gateway_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/keys"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	providerv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1"
)

// daemon is the gRPC side of a gateway.
type daemon struct {
	providerv1.UnimplementedProviderRPCServer
	status func(context.Context) (*providerv1.Status, error)
	screen func(context.Context, *providerv1.BidScreeningRequest) (*providerv1.BidScreeningResponse, error)
	served atomic.Int64
	tokens atomic.Int64 // calls with authorization metadata: a real one dies
	known  atomic.Int64 // calls with a client certificate
}

func (d *daemon) GetStatus(ctx context.Context, _ *emptypb.Empty) (*providerv1.Status, error) {
	return d.status(ctx)
}

func (d *daemon) BidScreening(
	ctx context.Context, question *providerv1.BidScreeningRequest,
) (*providerv1.BidScreeningResponse, error) {
	if d.screen == nil {
		return nil, status.Error(codes.Unimplemented, "BidScreening not implemented")
	}
	return d.screen(ctx, question)
}

func (d *daemon) count(
	ctx context.Context, question any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler,
) (any, error) {
	d.served.Add(1)
	if len(metadata.ValueFromIncomingContext(ctx, "authorization")) > 0 {
		d.tokens.Add(1)
	}
	if info, ok := credentialsOf(ctx); ok && len(info.State.PeerCertificates) > 0 {
		d.known.Add(1)
	}
	return next(ctx, question)
}

func credentialsOf(ctx context.Context) (credentials.TLSInfo, bool) {
	from, ok := peer.FromContext(ctx)
	if !ok {
		return credentials.TLSInfo{}, false
	}
	info, ok := from.AuthInfo.(credentials.TLSInfo)
	return info, ok
}

// twoPorts listens on two ports, the second above the first.
func twoPorts(t *testing.T) (rest, above net.Listener) {
	t.Helper()
	for {
		first, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		port := first.Addr().(*net.TCPAddr).Port
		second, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port+1)))
		if err == nil {
			return first, second
		}
		require.NoError(t, first.Close())
		require.NoError(t, t.Context().Err())
	}
}

// start serves d beside handler with one certificate and returns the host URI.
func (d *daemon) start(t *testing.T, config *tls.Config, handler http.Handler) string {
	t.Helper()
	rest, above := twoPorts(t)
	web := httptest.NewUnstartedServer(handler)
	require.NoError(t, web.Listener.Close())
	web.Listener, web.TLS = rest, config.Clone()
	web.StartTLS()
	t.Cleanup(web.Close)
	server := grpc.NewServer(grpc.Creds(credentials.NewTLS(config)), grpc.ForceServerCodec(gateway.WireCodec),
		grpc.UnaryInterceptor(d.count))
	providerv1.RegisterProviderRPCServer(server, d)
	go func() { _ = server.Serve(above) }()
	t.Cleanup(server.Stop)
	return web.URL
}

// clientOf starts d with a good certificate and returns a client that change may alter.
func (d *daemon) clientOf(t *testing.T, handler http.Handler, change func(*gateway.Config)) *gateway.Client {
	t.Helper()
	cert, parsed := newCert(t, certOptions{cn: seller})
	chain := &chainCerts{}
	chain.put(seller, "valid", parsed)
	config := gateway.Config{
		HostURI: d.start(t, &tls.Config{
			Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS13, ClientAuth: tls.RequestClientCert,
		}, handler),
		ProviderAddr: seller, Certificates: chain, RootCAs: x509.NewCertPool(),
	}
	if change != nil {
		change(&config)
	}
	client, err := gateway.New(config)
	require.NoError(t, err)
	t.Cleanup(client.Close)
	return client
}

func tell(hosts ...string) func(context.Context) (*providerv1.Status, error) {
	return func(context.Context) (*providerv1.Status, error) {
		return &providerv1.Status{PublicHostnames: hosts, Timestamp: time.Unix(1, 0)}, nil
	}
}

func TestClusterStatus(t *testing.T) {
	t.Parallel()
	d := &daemon{status: tell("example.com")}
	client := d.clientOf(t, http.NotFoundHandler(), func(c *gateway.Config) {
		c.Auth = gateway.NewJWT(tenantKey(t), time.Now)
	})
	// Whatever comes along in a context must not reach a daemon either.
	ctx := metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer x")
	for range 2 {
		got, err := client.ClusterStatus(ctx)
		require.NoError(t, err)
		require.Equal(t, []string{"example.com"}, got.PublicHostnames)
		client.Close() // it stays usable
	}
	require.Equal(t, []int64{2, 0, 0}, []int64{d.served.Load(), d.tokens.Load(), d.known.Load()})
}

func TestClusterStatus_failures(t *testing.T) {
	t.Parallel()
	hang := func(ctx context.Context) (*providerv1.Status, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	for name, tc := range map[string]struct {
		status func(context.Context) (*providerv1.Status, error)
		change func(t *testing.T, c *gateway.Config)
		want   error
		text   string
		served int64
	}{
		"another account's certificate": {
			change: func(_ *testing.T, c *gateway.Config) { c.ProviderAddr = otherSeller },
			want:   gateway.ErrIdentity, text: "belongs to " + seller,
		},
		"revoked": {
			change: func(_ *testing.T, c *gateway.Config) { c.Certificates = &chainCerts{} },
			want:   gateway.ErrIdentity, text: "not on chain or was revoked",
		},
		"the chain does not answer": {
			change: func(_ *testing.T, c *gateway.Config) { c.Certificates = &chainCerts{err: errors.New("no endpoint")} },
			want:   gateway.ErrUnavailable, text: "look up the gateway's certificate on chain: no endpoint",
		},
		"hangs": {
			status: hang, change: func(_ *testing.T, c *gateway.Config) { c.Timeout = 100 * time.Millisecond },
			want: gateway.ErrSlow, text: "no answer in time", served: 1,
		},
		"unimplemented": {
			status: func(context.Context) (*providerv1.Status, error) {
				return nil, status.Error(codes.Unimplemented, "unknown service")
			},
			want: gateway.ErrNotOffered, served: 1,
		},
		"fails": {
			status: func(context.Context) (*providerv1.Status, error) {
				return nil, status.Error(codes.Internal, "kube\n is \xff down")
			},
			want: gateway.ErrUnavailable, text: "Internal: kube  is", served: 1,
		},
		"nobody listens": {
			change: func(t *testing.T, c *gateway.Config) {
				first, second := twoPorts(t)
				c.HostURI = "https://" + first.Addr().String()
				require.NoError(t, errors.Join(first.Close(), second.Close()))
			},
			want: gateway.ErrUnavailable, text: "refused",
		},
		"no TLS": {
			change: func(t *testing.T, c *gateway.Config) {
				first, second := twoPorts(t)
				require.NoError(t, first.Close())
				c.HostURI = "https://" + first.Addr().String()
				server := grpc.NewServer()
				go func() { _ = server.Serve(second) }()
				t.Cleanup(server.Stop)
			},
			want: gateway.ErrUnavailable,
		},
		"a web server": {
			change: func(t *testing.T, c *gateway.Config) {
				// The REST port of one is where the gRPC port of another is looked for.
				at, err := url.Parse(c.HostURI)
				require.NoError(t, err)
				port, err := strconv.Atoi(at.Port())
				require.NoError(t, err)
				c.HostURI = "https://127.0.0.1:" + strconv.Itoa(port-1)
			},
			want: gateway.ErrUnavailable,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := &daemon{status: tc.status}
			if d.status == nil {
				d.status = tell("x")
			}
			client := d.clientOf(t, http.NotFoundHandler(), func(c *gateway.Config) {
				c.Timeout = 5 * time.Second
				if tc.change != nil {
					tc.change(t, c)
				}
			})
			_, err := client.ClusterStatus(t.Context())
			require.ErrorIs(t, err, tc.want)
			require.ErrorContains(t, err, tc.text)
			require.Equal(t, tc.served, d.served.Load())
		})
	}
}

func TestClusterStatus_callerLeaves(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	d := &daemon{status: func(inner context.Context) (*providerv1.Status, error) {
		cancel()
		<-inner.Done()
		return nil, inner.Err()
	}}
	_, err := d.clientOf(t, http.NotFoundHandler(), nil).ClusterStatus(ctx)
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, gateway.ErrUnavailable)
}

func TestGRPCAddress(t *testing.T) {
	t.Parallel()
	for uri, want := range map[string]string{
		"https://a.example:8443":  "a.example:8444",
		"https://a.example":       "a.example:8444",
		"https://a.example:28443": "a.example:28444",
		"https://[::1]:8443":      "[::1]:8444",
		"https://a.example:65535": "",
		"https://a.example:0":     "",
	} {
		at, err := url.Parse(uri)
		require.NoError(t, err)
		got, err := gateway.GRPCAddress(at)
		require.Equal(t, want, got)
		require.Equal(t, want == "", err != nil)
	}
}

func TestScreenBid(t *testing.T) {
	t.Parallel()
	price := sdk.NewDecCoinFromDec("uact", math.LegacyMustNewDecFromStr("12.5"))
	offers := func(
		_ context.Context, question *providerv1.BidScreeningRequest,
	) (*providerv1.BidScreeningResponse, error) {
		if question.GroupSpec == nil {
			return nil, status.Error(codes.InvalidArgument, "missing group spec")
		}
		return &providerv1.BidScreeningResponse{
			Passed: question.GroupSpec.Name == "web", Reasons: question.Hostnames, Price: &price,
		}, nil
	}
	group := deploymentv1beta4.GroupSpec{Name: "web"}
	ask := func(c *gateway.Client) (*providerv1.BidScreeningResponse, error) {
		return c.ScreenBid(t.Context(), group, []string{"a.example"})
	}
	want := &providerv1.BidScreeningResponse{Passed: true, Reasons: []string{"a.example"}, Price: &price}
	token := func(c *gateway.Config) { c.Auth = gateway.NewJWT(tenantKey(t), time.Now) }

	t.Run("not offered", func(t *testing.T) {
		t.Parallel()
		d := &daemon{}
		for _, change := range []func(*gateway.Config){nil, token} {
			_, err := ask(d.clientOf(t, http.NotFoundHandler(), change))
			require.ErrorIs(t, err, gateway.ErrNotOffered)
		}
	})
	t.Run("by certificate over gRPC", func(t *testing.T) {
		t.Parallel()
		d := &daemon{screen: offers}
		made, err := keys.NewClientCertificate(owner, time.Now(), time.Hour)
		require.NoError(t, err)
		pair, _, err := gateway.ParseClientCertificate(made.CertificatePEM, made.PrivateKeyPEM)
		require.NoError(t, err)
		got, err := ask(d.clientOf(t, http.NotFoundHandler(), func(c *gateway.Config) { c.ClientCertificate = &pair }))
		require.NoError(t, err)
		require.Equal(t, want, got)
		require.Equal(t, []int64{1, 1}, []int64{d.served.Load(), d.known.Load()})
	})
	t.Run("by token over REST", func(t *testing.T) {
		t.Parallel()
		d := &daemon{}
		got, err := ask(d.clientOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/v1/bid-screening" || r.Method != http.MethodPost || r.Header.Get("Authorization") == "" {
				http.Error(w, "unauthorized access", http.StatusUnauthorized)
				return
			}
			_, _ = w.Write([]byte(`{"passed":true,"reasons":["a.example"],"price":{"denom":"uact","amount":"12.5"}}`))
		}), token))
		require.NoError(t, err)
		require.Equal(t, want, got)
		require.Zero(t, d.served.Load())
	})
	t.Run("without credentials", func(t *testing.T) {
		t.Parallel()
		d := &daemon{screen: func(
			context.Context, *providerv1.BidScreeningRequest,
		) (*providerv1.BidScreeningResponse, error) {
			return nil, status.Error(codes.Unauthenticated, "unauthorized access")
		}}
		_, err := ask(d.clientOf(t, http.NotFoundHandler(), nil))
		require.ErrorIs(t, err, gateway.ErrUnauthorized)
	})
	t.Run("nonsense", func(t *testing.T) {
		t.Parallel()
		d := &daemon{}
		_, err := ask(d.clientOf(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`{"passed":"yes"}`))
		}), token))
		require.ErrorIs(t, err, gateway.ErrUnavailable)
	})
}
