// SPDX-License-Identifier: Apache-2.0

package gateway_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
)

func okHandler(w http.ResponseWriter, _ *http.Request) {
	_, _ = w.Write([]byte(`{"address":"` + seller + `"}`))
}

func TestIdentity(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		options certOptions
		// publish says what the chain knows; nil means the shown certificate is valid there.
		publish func(t *testing.T, chain *chainCerts, shown *x509.Certificate)
		want    error
		text    string
	}{
		"good": {options: certOptions{cn: seller}},
		"another account's certificate": {
			options: certOptions{cn: otherSeller},
			publish: func(_ *testing.T, chain *chainCerts, shown *x509.Certificate) {
				chain.put(otherSeller, "valid", shown)
			},
			want: gateway.ErrIdentity, text: "belongs to " + otherSeller,
		},
		"revoked": {
			options: certOptions{cn: seller},
			publish: func(_ *testing.T, chain *chainCerts, shown *x509.Certificate) {
				chain.put(seller, "revoked", shown)
			},
			want: gateway.ErrIdentity, text: "not on chain or was revoked",
		},
		"never published": {
			options: certOptions{cn: seller}, publish: func(*testing.T, *chainCerts, *x509.Certificate) {},
			want: gateway.ErrIdentity, text: "not on chain",
		},
		"expired": {
			options: certOptions{cn: seller, notAfter: time.Now().Add(-time.Minute)},
			want:    gateway.ErrIdentity, text: "expired",
		},
		"same name and serial, other key": {
			options: certOptions{cn: seller},
			publish: func(t *testing.T, chain *chainCerts, _ *x509.Certificate) {
				_, genuine := newCert(t, certOptions{cn: seller})
				chain.put(seller, "valid", genuine)
			},
			want: gateway.ErrIdentity, text: "fails against the one on chain",
		},
		"other issuer": {
			options: certOptions{cn: seller, issuer: otherSeller},
			want:    gateway.ErrIdentity, text: "not issued by the account",
		},
		"no account": {
			options: certOptions{cn: "example.com"},
			want:    gateway.ErrIdentity, text: "names no Akash account",
		},
		"client certificate": {
			options: certOptions{cn: seller, usage: x509.ExtKeyUsageClientAuth},
			want:    gateway.ErrIdentity, text: "incompatible key usage",
		},
		"chain holds garbage": {
			options: certOptions{cn: seller},
			publish: func(_ *testing.T, chain *chainCerts, shown *x509.Certificate) {
				broken := *shown
				broken.Raw = []byte("garbage")
				chain.put(seller, "valid", &broken)
			},
			want: gateway.ErrIdentity, text: "cannot be read",
		},
		"chain does not answer": {
			options: certOptions{cn: seller},
			publish: func(_ *testing.T, chain *chainCerts, _ *x509.Certificate) {
				chain.err = errors.New("no endpoint")
			},
			want: gateway.ErrUnavailable, text: "look up the gateway's certificate on chain: no endpoint",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cert, parsed := newCert(t, tc.options)
			chain := &chainCerts{}
			if tc.publish != nil {
				tc.publish(t, chain, parsed)
			} else {
				chain.put(tc.options.cn, "valid", parsed)
			}
			served := false
			client, err := gateway.New(gateway.Config{
				HostURI: serve(t, cert, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					served = true
					okHandler(w, r)
				})),
				ProviderAddr: seller, Certificates: chain, RootCAs: x509.NewCertPool(),
			})
			require.NoError(t, err)
			address, err := client.Address(t.Context())
			if tc.want == nil {
				require.NoError(t, err)
				require.Equal(t, seller, address)
				return
			}
			require.ErrorIs(t, err, tc.want)
			require.ErrorContains(t, err, tc.text)
			require.False(t, served, "nothing may be sent to a stranger")
		})
	}
}

func TestIdentity_publicCertificate(t *testing.T) {
	t.Parallel()
	// A certificate of a known authority for the host needs no chain. The CN is
	// not an account here.
	cert, parsed := newCert(t, certOptions{cn: "gateway.example", ips: []net.IP{net.ParseIP("127.0.0.1")}})
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	chain := &chainCerts{err: errors.New("must not be asked")}
	client, err := gateway.New(gateway.Config{
		HostURI: serve(t, cert, http.HandlerFunc(okHandler)), ProviderAddr: seller, Certificates: chain, RootCAs: roots,
	})
	require.NoError(t, err)
	_, err = client.Address(t.Context())
	require.NoError(t, err)
	require.Zero(t, chain.asked)
}

func TestIdentity_revocationIsNoticed(t *testing.T) {
	t.Parallel()
	cert, parsed := newCert(t, certOptions{cn: seller})
	chain := &chainCerts{}
	chain.put(seller, "valid", parsed)
	now := time.Now()
	client, err := gateway.New(gateway.Config{
		HostURI: serve(t, cert, http.HandlerFunc(okHandler)), ProviderAddr: seller, Certificates: chain,
		RootCAs: x509.NewCertPool(), Clock: func() time.Time { return now },
	})
	require.NoError(t, err)
	for range 3 {
		_, err = client.Address(t.Context())
		require.NoError(t, err)
		client.Close() // the next call shakes hands again
	}
	require.Equal(t, 1, chain.asked, "a found certificate is trusted for a while")
	chain.put(seller, "revoked", parsed)
	now = now.Add(2 * time.Minute)
	_, err = client.Address(t.Context())
	require.ErrorIs(t, err, gateway.ErrIdentity)
}

func TestIdentity_oldTLSIsRefused(t *testing.T) {
	t.Parallel()
	cert, parsed := newCert(t, certOptions{cn: seller})
	chain := &chainCerts{}
	chain.put(seller, "valid", parsed)
	server := httptest.NewUnstartedServer(http.HandlerFunc(okHandler))
	server.TLS = &tls.Config{Certificates: []tls.Certificate{cert}, MaxVersion: tls.VersionTLS12}
	server.StartTLS()
	t.Cleanup(server.Close)
	client, err := gateway.New(gateway.Config{
		HostURI: server.URL, ProviderAddr: seller, Certificates: chain, RootCAs: x509.NewCertPool(),
	})
	require.NoError(t, err)
	_, err = client.Address(t.Context())
	require.ErrorIs(t, err, gateway.ErrUnavailable)
	require.ErrorContains(t, err, "protocol version")
}
