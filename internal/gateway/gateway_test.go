// SPDX-License-Identifier: Apache-2.0

package gateway_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/keys"
	certv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/cert/v1"
)

const (
	owner       = "akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c"
	seller      = "akash19tkvgvwht3n8pcqydrcq4cxwhr8rp2gejxetu7"
	otherSeller = "akash164cy6j05j3kaqlzqgzn9mjz95vqjhxmhh804yt"
	devMnemonic = "test test test test test test test test test test test junk"
)

var lease = ids.LeaseID{Owner: owner, DSeq: 2001, GSeq: 1, OSeq: 1, ProviderAddr: seller}

// chainCerts stands for the chain's certificate module.
type chainCerts struct {
	mu    sync.Mutex
	certs map[string]certv1.CertificateResponse // by owner/serial/state
	err   error
	asked int
}

func (c *chainCerts) FindCertificates(
	_ context.Context, owner, serial, state string,
) ([]certv1.CertificateResponse, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked++
	if c.err != nil {
		return nil, c.err
	}
	if found, ok := c.certs[owner+"/"+serial+"/"+state]; ok {
		return []certv1.CertificateResponse{found}, nil
	}
	return nil, nil
}

func (c *chainCerts) put(owner, state string, cert *x509.Certificate) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.certs == nil {
		c.certs = make(map[string]certv1.CertificateResponse)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw})
	serial := cert.SerialNumber.String()
	delete(c.certs, owner+"/"+serial+"/valid")
	c.certs[owner+"/"+serial+"/"+state] = certv1.CertificateResponse{
		Certificate: certv1.Certificate{Cert: text}, Serial: serial,
	}
}

type certOptions struct {
	cn, issuer string
	serial     int64
	notAfter   time.Time
	usage      x509.ExtKeyUsage
	ips        []net.IP
}

// newCert makes a certificate as an Akash provider does: P-256, self-signed.
func newCert(t *testing.T, o certOptions) (tls.Certificate, *x509.Certificate) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	if o.notAfter.IsZero() {
		o.notAfter = time.Now().Add(time.Hour)
	}
	if o.usage == 0 {
		o.usage = x509.ExtKeyUsageServerAuth
	}
	if o.serial == 0 {
		o.serial = 1700000000000000001
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(o.serial), Subject: pkix.Name{CommonName: o.cn},
		NotBefore: time.Now().Add(-2 * time.Hour), NotAfter: o.notAfter,
		KeyUsage: x509.KeyUsageDataEncipherment | x509.KeyUsageKeyEncipherment, BasicConstraintsValid: true,
		ExtKeyUsage: []x509.ExtKeyUsage{o.usage}, IPAddresses: o.ips,
	}
	parent := template
	if o.issuer != "" {
		parent = &x509.Certificate{Subject: pkix.Name{CommonName: o.issuer}}
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, key)
	require.NoError(t, err)
	parsed, err := x509.ParseCertificate(raw)
	require.NoError(t, err)
	return tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key}, parsed
}

func serve(t *testing.T, cert tls.Certificate, handler http.Handler) string {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS13}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.URL
}

// gatewayOf starts a well-behaved TLS server with handler and a client for it.
func gatewayOf(t *testing.T, handler http.Handler, auth gateway.Authorizer) *gateway.Client {
	t.Helper()
	cert, parsed := newCert(t, certOptions{cn: seller})
	chain := &chainCerts{}
	chain.put(seller, "valid", parsed)
	client, err := gateway.New(gateway.Config{
		HostURI: serve(t, cert, handler), ProviderAddr: seller, Certificates: chain, Auth: auth,
		RootCAs: x509.NewCertPool(),
	})
	require.NoError(t, err)
	t.Cleanup(client.Close)
	return client
}

func tenantKey(t *testing.T) keys.Key {
	t.Helper()
	key, err := keys.FromMnemonic(devMnemonic, "m/44'/118'/0'/0/1")
	require.NoError(t, err)
	return key
}

func TestNew_refusals(t *testing.T) {
	t.Parallel()
	good := gateway.Config{HostURI: "https://host:8443", ProviderAddr: seller, Certificates: &chainCerts{}}
	_, err := gateway.New(good)
	require.NoError(t, err)
	for name, change := range map[string]func(*gateway.Config){
		"http":     func(c *gateway.Config) { c.HostURI = "http://host:8443" },
		"empty":    func(c *gateway.Config) { c.HostURI = "" },
		"user":     func(c *gateway.Config) { c.HostURI = "https://a:b@host" },
		"provider": func(c *gateway.Config) { c.ProviderAddr = "akash1x" },
		"chain":    func(c *gateway.Config) { c.Certificates = nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := good
			change(&cfg)
			_, err := gateway.New(cfg)
			require.Error(t, err)
		})
	}
}
