// SPDX-License-Identifier: Apache-2.0

package akashprovider_test

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
)

// A client that names the public hostname is shown an authority's certificate and not asked for its own; any other
// name gets the certificate that is on chain. Source: protocol/gateway.md section 1.
func TestPublicHostname(t *testing.T) {
	t.Parallel()
	w := start(t, func(s *akashprovider.Spec) { s.PublicHostname = "localhost" })
	at, err := url.Parse(w.HostURI())
	require.NoError(t, err)
	require.Equal(t, "localhost", at.Hostname())
	trusted := x509.NewCertPool()
	require.True(t, trusted.AppendCertsFromPEM(w.AuthorityPEM()))

	handshake := func(address, serverName, protocol string) (subject string, authority bool, asked bool) {
		t.Helper()
		config := &tls.Config{
			MinVersion: tls.VersionTLS13, ServerName: serverName, NextProtos: []string{protocol},
			InsecureSkipVerify: true,
			GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
				asked = true
				return &tls.Certificate{}, nil
			},
		}
		config.VerifyConnection = func(state tls.ConnectionState) error {
			leaf := state.PeerCertificates[0]
			_, err := leaf.Verify(x509.VerifyOptions{DNSName: "localhost", Roots: trusted, CurrentTime: w.clock.Now()})
			subject, authority = leaf.Subject.CommonName, err == nil
			return nil
		}
		dialer := tls.Dialer{Config: config}
		conn, err := dialer.DialContext(t.Context(), "tcp", address)
		require.NoError(t, err)
		require.NoError(t, conn.Close())
		return subject, authority, asked
	}
	for protocol, address := range map[string]string{
		"http/1.1": net.JoinHostPort("127.0.0.1", at.Port()), "h2": w.GRPCAddr(),
	} {
		for serverName, public := range map[string]bool{
			"localhost": true, "LocalHost": true, "mtls.localhost": false, "other.test": false, "": false,
		} {
			subject, authority, asked := handshake(address, serverName, protocol)
			require.Equal(t, public, authority, "%s as %q", protocol, serverName)
			require.Equal(t, !public, asked, "%s as %q", protocol, serverName)
			if !public {
				require.Equal(t, w.identity.Address, subject, "%s as %q", protocol, serverName)
			}
		}
	}
	require.Nil(t, start(t, nil).AuthorityPEM())
}
