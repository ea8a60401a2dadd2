// SPDX-License-Identifier: Apache-2.0

package gateway

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/hashicorp/go-hclog"

	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

const (
	// DefaultTimeout bounds a call that reads.
	DefaultTimeout = 30 * time.Second
	// ManifestTimeout bounds the delivery of a manifest, which the gateway
	// answers only after it checked and deployed it.
	ManifestTimeout = 120 * time.Second

	dialTimeout = 10 * time.Second
	maxAnswer   = 8 << 20  // bytes of a success
	maxRefusal  = 64 << 10 // bytes of an error
)

// Config says which gateway to talk to and who asks.
type Config struct {
	// HostURI is the Akash provider's record on chain, https://host:port.
	HostURI string
	// ProviderAddr is the account the gateway has to prove to be.
	ProviderAddr string
	Certificates CertificateSource
	// Auth makes tokens. Without it and without ClientCertificate only public routes answer.
	Auth Authorizer
	// ClientCertificate is shown instead of a token: gateways refuse both at once. Its leaf must be parsed, as
	// [ParseClientCertificate] does, and its owner have it on chain.
	ClientCertificate *tls.Certificate
	// Timeout bounds a call that reads; 0 is [DefaultTimeout]. Manifests have
	// [ManifestTimeout], or Timeout when that is longer.
	Timeout time.Duration
	// RootCAs are the public authorities; nil is the system's.
	RootCAs *x509.CertPool
	// Clock tells the time for certificates, nil is [time.Now].
	Clock func() time.Time
	// Logger may be nil. Bodies and headers are never logged.
	Logger hclog.Logger
}

// Client talks to one gateway. It is safe for concurrent use; [Client.Close]
// frees its idle connections.
//
// Every method may return the context's error, [ErrUnavailable], [ErrIdentity],
// or a [*RefusedError], which is [ErrUnauthorized] where credentials are at fault.
type Client struct {
	base         string
	host         string
	providerAddr string
	auth         Authorizer
	certificate  *tls.Certificate
	clock        func() time.Time
	timeout      time.Duration
	log          hclog.Logger
	tls          *tls.Config
	http         *http.Client
	// grpc asks without credentials, screening shows the client certificate; nil where there is no such server or none
	// to show.
	grpc, screening *grpcLine
}

// New checks cfg. It does not connect.
func New(cfg Config) (*Client, error) {
	parsed, err := url.Parse(strings.TrimSpace(cfg.HostURI))
	if err != nil || parsed.Scheme != "https" || parsed.Hostname() == "" || parsed.User != nil {
		return nil, fmt.Errorf("gateway %q: want https://host:port", cfg.HostURI)
	}
	if err := ids.ValidateAddress(cfg.ProviderAddr); err != nil {
		return nil, fmt.Errorf("gateway %s: Akash provider: %w", parsed.Host, err)
	}
	if cfg.Certificates == nil {
		return nil, fmt.Errorf("gateway %s: no source of certificates", parsed.Host)
	}
	if cfg.Auth != nil && cfg.ClientCertificate != nil {
		return nil, fmt.Errorf("gateway %s: a token and a client certificate, which no gateway takes together", parsed.Host)
	}
	if cfg.ClientCertificate != nil && cfg.ClientCertificate.Leaf == nil {
		return nil, fmt.Errorf("gateway %s: the client certificate was not parsed", parsed.Host)
	}
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	if cfg.Timeout <= 0 {
		cfg.Timeout = DefaultTimeout
	}
	if cfg.Logger == nil {
		cfg.Logger = hclog.NewNullLogger()
	}
	trust := &verifier{
		host: parsed.Hostname(), providerAddr: cfg.ProviderAddr, certificates: cfg.Certificates,
		roots: cfg.RootCAs, clock: cfg.Clock, trusted: make(map[[32]byte]time.Time),
		patience: min(lookUpTimeout, cfg.Timeout),
	}
	dialer := &net.Dialer{Timeout: dialTimeout}
	trusting := withClientCertificate(trust.tlsConfig(), cfg.ClientCertificate)
	c := &Client{
		base: "https://" + parsed.Host, host: parsed.Host, providerAddr: cfg.ProviderAddr,
		auth: cfg.Auth, certificate: cfg.ClientCertificate, clock: cfg.Clock, timeout: cfg.Timeout, log: cfg.Logger,
		tls: trusting,
		http: &http.Client{
			Transport: &http.Transport{
				Proxy: http.ProxyFromEnvironment, DialContext: dialer.DialContext,
				TLSClientConfig:     trusting,
				TLSHandshakeTimeout: dialTimeout + lookUpTimeout,
				MaxIdleConnsPerHost: 2, IdleConnTimeout: trustFor,
			},
			// A redirect would carry token and manifest to another host.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	if address, err := grpcAddress(parsed); err == nil {
		c.grpc = newGRPCLine(address, trust.tlsConfig())
		if cfg.ClientCertificate != nil {
			c.screening = newGRPCLine(address, withClientCertificate(trust.tlsConfig(), cfg.ClientCertificate))
		}
	}
	return c, nil
}

// Close ends idle connections, and calls over gRPC that are under way. The client stays usable.
func (c *Client) Close() {
	c.http.CloseIdleConnections()
	for _, line := range []*grpcLine{c.grpc, c.screening} {
		if line != nil {
			line.close()
		}
	}
}

// SubmitManifest delivers the whole manifest of a deployment: the JSON array of
// its groups, byte for byte as it was hashed. Delivering it again is harmless.
//
// Errors: [ErrNoLease] (retry: the gateway has not seen the lease yet),
// [ErrManifestVersion] (the chain has another hash), [ErrManifestInvalid].
func (c *Client) SubmitManifest(ctx context.Context, dseq uint64, manifestJSON []byte) error {
	_, err := c.call(ctx, request{
		method: http.MethodPut, path: fmt.Sprintf("/deployment/%d/manifest", dseq), body: manifestJSON,
		protected: true, timeout: max(ManifestTimeout, c.timeout),
	})
	return c.wrap(err, "deliver the manifest of deployment %d", dseq)
}

// LeaseStatus asks for the state of a lease's services. It returns
// [ErrLeaseNotFound] before the manifest arrived and after the lease closed.
func (c *Client) LeaseStatus(ctx context.Context, id ids.LeaseID) (LeaseStatus, error) {
	return getLease(ctx, c, id, "/status", decodeLeaseStatus)
}

// ServiceStatus asks for one service of a lease. It returns [ErrServiceNotFound]
// when the lease has none of that name, and when the lease itself is unknown.
func (c *Client) ServiceStatus(ctx context.Context, id ids.LeaseID, service string) (ServiceStatus, error) {
	return getLease(ctx, c, id, "/service/"+url.PathEscape(service)+"/status", decodeServiceStatus)
}

// LeaseManifest returns what the Akash provider runs: a JSON array with the one
// group of the lease. It holds secrets. Some empty lists come back as null, so
// its bytes do not hash to the value on chain.
func (c *Client) LeaseManifest(ctx context.Context, id ids.LeaseID) ([]byte, error) {
	return getLease(ctx, c, id, "/manifest", func(body []byte) ([]byte, error) { return body, nil })
}

// ProviderStatus asks the gateway about itself, without credentials.
func (c *Client) ProviderStatus(ctx context.Context) (Status, error) {
	return get(ctx, c, request{method: http.MethodGet, path: "/status"}, decodeStatus)
}

// Version asks which software runs there, without credentials.
func (c *Client) Version(ctx context.Context) (Version, error) {
	return get(ctx, c, request{method: http.MethodGet, path: "/version"}, decodeVersion)
}

// Address asks which account the gateway says it is, without credentials. Who
// it is, was proved before: see [ErrIdentity].
func (c *Client) Address(ctx context.Context) (string, error) {
	return get(ctx, c, request{method: http.MethodGet, path: "/address"}, decodeAddress)
}

func getLease[T any](
	ctx context.Context, c *Client, id ids.LeaseID, suffix string, decode func([]byte) (T, error),
) (T, error) {
	if id.ProviderAddr != c.providerAddr {
		var none T
		return none, fmt.Errorf("lease %s is not with the Akash provider %s of this gateway", id, c.providerAddr)
	}
	path := fmt.Sprintf("/lease/%d/%d/%d%s", id.DSeq, id.GSeq, id.OSeq, suffix)
	answer, err := get(ctx, c, request{method: http.MethodGet, path: path, protected: true}, decode)
	if err != nil {
		return answer, fmt.Errorf("lease %s: %w", id, err)
	}
	return answer, nil
}

func get[T any](ctx context.Context, c *Client, r request, decode func([]byte) (T, error)) (T, error) {
	var answer T
	body, err := c.call(ctx, r)
	if err == nil {
		if answer, err = decode(body); err != nil {
			// Something else answers in place of a gateway, or half an answer.
			err = fmt.Errorf("%w: answer cannot be read: %w", ErrUnavailable, err)
		}
	}
	return answer, c.wrap(err, "%s", r.path)
}

func (c *Client) wrap(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("gateway %s: %s: %w", c.host, fmt.Sprintf(format, args...), err)
}

// request is one call.
type request struct {
	method, path string
	body         []byte
	protected    bool          // needs a token
	timeout      time.Duration // 0 is the client's
}

// call makes a request and returns the body of a success. A token that the
// gateway finds stale is renewed once.
func (c *Client) call(ctx context.Context, r request) ([]byte, error) {
	if r.timeout == 0 {
		r.timeout = c.timeout
	}
	body, err := c.once(ctx, r, false)
	if r.protected && c.mayRenew(err) {
		return c.once(ctx, r, true)
	}
	return body, err
}

// mayRenew reports whether err is a refusal that a new token may mend.
func (c *Client) mayRenew(err error) bool {
	var refused *RefusedError
	if c.auth == nil || !errors.As(err, &refused) || !staleToken(refused) {
		return false
	}
	c.log.Debug("gateway refused the token, trying a new one", "gateway", c.host, "status", refused.Status)
	return true
}

// authorize puts the token into a header, or finds what keeps the client certificate from being taken.
func (c *Client) authorize(header http.Header, renew bool) error {
	if c.certificate != nil {
		if err := checkTime(c.certificate, c.clock()); err != nil {
			return err
		}
	}
	if c.auth == nil {
		return nil
	}
	token, err := c.auth.Token(c.providerAddr, renew)
	if err != nil {
		return err
	}
	header.Set("Authorization", "Bearer "+token)
	return nil
}

func (c *Client) once(parent context.Context, r request, renew bool) ([]byte, error) {
	ctx, cancel := context.WithTimeout(parent, r.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, r.method, c.base+r.path, bytes.NewReader(r.body))
	if err != nil {
		return nil, err
	}
	if len(r.body) == 0 {
		req.Body, req.ContentLength = http.NoBody, 0
	} else {
		req.Header.Set("Content-Type", "application/json")
	}
	if r.protected {
		if err := c.authorize(req.Header, renew); err != nil {
			return nil, err
		}
	}
	response, err := c.http.Do(req)
	if err != nil {
		return nil, c.refusedCertificate(transportError(parent, err))
	}
	defer func() { _ = response.Body.Close() }() // read to the end or given up
	limit := maxRefusal
	ok := response.StatusCode >= 200 && response.StatusCode < 300
	if ok {
		limit = maxAnswer
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, int64(limit)+1))
	c.log.Debug("gateway answered", "gateway", c.host, "method", r.method, "path", r.path,
		"status", response.StatusCode, "bytes", len(body))
	switch {
	case err != nil && ok:
		return nil, transportError(parent, err)
	case !ok:
		return nil, newRefused(response.StatusCode, body)
	case len(body) > limit:
		return nil, fmt.Errorf("%w: answer above %d bytes", ErrUnavailable, limit)
	}
	return body, nil
}

// transportError tells the caller's own end from the gateway's silence and from
// a peer that is somebody else.
func transportError(parent context.Context, err error) error {
	if parent.Err() != nil {
		return parent.Err()
	}
	var identity *identityError
	if errors.As(err, &identity) {
		return identity
	}
	var lookUp *lookUpError
	if errors.As(err, &lookUp) {
		// Not wrapped: a time limit in there must not look like the caller's.
		return fmt.Errorf("%w: %s", ErrUnavailable, lookUp.Error())
	}
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	if errors.Is(err, context.DeadlineExceeded) {
		// Not the caller's deadline, so it must not look like one.
		return ErrSlow
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, err)
}
