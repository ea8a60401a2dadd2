// SPDX-License-Identifier: Apache-2.0

package gateway_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/keys"
)

// seen is what a server saw of a client.
type seen struct {
	mu          sync.Mutex
	names       []string // of SNI
	subjects    []string
	credentials []string // Authorization
}

// strictGateway asks for a client certificate, naming an authority that has not issued it, and refuses it when told.
func strictGateway(t *testing.T, refuse func() error) (config gateway.Config, by *seen) {
	t.Helper()
	by = &seen{}
	shown, parsed := newCert(t, certOptions{cn: seller})
	foreign := x509.NewCertPool()
	foreign.AddCert(parsed)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		by.mu.Lock()
		defer by.mu.Unlock()
		by.names = append(by.names, r.TLS.ServerName)
		by.subjects = append(by.subjects, r.TLS.PeerCertificates[0].Subject.CommonName)
		by.credentials = append(by.credentials, r.Header.Get("Authorization"))
		_, _ = w.Write([]byte(`{"services":{}}`)) // a client that has gone fails its own test
	}))
	server.TLS = &tls.Config{
		Certificates: []tls.Certificate{shown}, MinVersion: tls.VersionTLS13,
		ClientAuth: tls.RequestClientCert, ClientCAs: foreign,
		VerifyConnection: func(tls.ConnectionState) error { return refuse() },
	}
	server.StartTLS()
	t.Cleanup(server.Close)
	chain := &chainCerts{}
	chain.put(seller, "valid", parsed)
	return gateway.Config{
		HostURI: server.URL, ProviderAddr: seller, Certificates: chain, RootCAs: x509.NewCertPool(),
	}, by
}

func clientCertificate(t *testing.T, now time.Time) *tls.Certificate {
	t.Helper()
	made, err := keys.NewClientCertificate(owner, now, time.Hour)
	require.NoError(t, err)
	pair, of, err := gateway.ParseClientCertificate(made.CertificatePEM, made.PrivateKeyPEM)
	require.NoError(t, err)
	require.Equal(t, owner, of)
	return &pair
}

func TestMTLS(t *testing.T) {
	t.Parallel()
	config, by := strictGateway(t, func() error { return nil })
	config.ClientCertificate = clientCertificate(t, time.Now())
	client, err := gateway.New(config)
	require.NoError(t, err)
	t.Cleanup(client.Close)
	_, err = client.LeaseStatus(t.Context(), lease)
	require.NoError(t, err)
	require.Equal(t, []string{"mtls.127.0.0.1"}, by.names)
	require.Equal(t, []string{owner}, by.subjects)
	require.Equal(t, []string{""}, by.credentials, "no token beside a certificate")
}

func TestMTLS_refused(t *testing.T) {
	t.Parallel()
	config, by := strictGateway(t, func() error { return errors.New("revoked") })
	config.ClientCertificate = clientCertificate(t, time.Now())
	client, err := gateway.New(config)
	require.NoError(t, err)
	t.Cleanup(client.Close)
	_, err = client.LeaseStatus(t.Context(), lease)
	require.ErrorIs(t, err, gateway.ErrUnauthorized)
	require.NotErrorIs(t, err, gateway.ErrUnavailable, "waiting does not help")
	require.ErrorContains(t, err, "on chain and not revoked: tls: bad certificate")
	require.Empty(t, by.names)

	for says, then := range map[string]time.Time{"ended at": time.Now().Add(2 * time.Hour), "begins at": {}} {
		config.Clock = func() time.Time { return then }
		client, err := gateway.New(config)
		require.NoError(t, err)
		_, err = client.LeaseStatus(t.Context(), lease)
		require.ErrorIs(t, err, gateway.ErrUnauthorized)
		require.ErrorContains(t, err, says)
	}
	config.Auth = gateway.NewJWT(tenantKey(t), nil)
	_, err = gateway.New(config)
	require.ErrorContains(t, err, "a token and a client certificate")
	config.Auth, config.ClientCertificate = nil, &tls.Certificate{}
	_, err = gateway.New(config)
	require.ErrorContains(t, err, "was not parsed")
}

func TestParseClientCertificate_refusals(t *testing.T) {
	t.Parallel()
	made, err := keys.NewClientCertificate(owner, time.Now(), time.Hour)
	require.NoError(t, err)
	other, err := keys.NewClientCertificate(owner, time.Now(), time.Hour)
	require.NoError(t, err)
	const encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\naGVsbG8=\n-----END ENCRYPTED PRIVATE KEY-----\n"
	for name, test := range map[string]struct{ certificate, key, says string }{
		"no PEM":          {"hello", made.PrivateKeyPEM, "one PEM block CERTIFICATE"},
		"two":             {made.CertificatePEM + other.CertificatePEM, made.PrivateKeyPEM, "nothing else"},
		"swapped":         {made.PrivateKeyPEM, made.CertificatePEM, "one PEM block CERTIFICATE"},
		"no key":          {made.CertificatePEM, "", "no PEM key of certificate " + owner},
		"another's key":   {made.CertificatePEM, other.PrivateKeyPEM, "no PEM key of certificate"},
		"garbage inside":  {"-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n", "", "client certificate"},
		"a public key":    {made.PublicKeyPEM, made.PrivateKeyPEM, "one PEM block CERTIFICATE"},
		"nothing at all":  {"", "", "one PEM block CERTIFICATE"},
		"akash's file":    {made.CertificatePEM + encrypted, made.CertificatePEM + encrypted, "akash_certificate resource"},
		"akash's key":     {made.CertificatePEM, encrypted, "the private key is encrypted"},
		"key is the cert": {made.CertificatePEM, made.CertificatePEM, "no PEM key"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := gateway.ParseClientCertificate(test.certificate, test.key)
			require.ErrorIs(t, err, keys.ErrClientCertificate)
			require.ErrorContains(t, err, test.says)
			body := strings.Split(made.PrivateKeyPEM, "\n")[1]
			require.NotContains(t, err.Error(), body)
		})
	}
}
