// SPDX-License-Identifier: Apache-2.0

package gateway

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/keys"
)

// mtlsPrefix before the host makes a gateway show its certificate of the chain and ask for the client's; under its
// plain name one with a public certificate does not ask. Source: protocol/observed.md section 10.
const mtlsPrefix = "mtls."

// ParseClientCertificate joins a certificate and its private key for TLS, and says whose it is. The certificate must be
// one that gateways can know by the chain: of an account, issued by itself, for client authentication.
func ParseClientCertificate(certificatePEM, privateKeyPEM string) (pair tls.Certificate, owner string, err error) {
	if strings.Contains(certificatePEM+privateKeyPEM, "-----BEGIN ENCRYPTED PRIVATE KEY-----") {
		return tls.Certificate{}, "", fmt.Errorf("%w: the private key is encrypted, as in the <address>.pem of the akash "+
			"command, whose password is a signature by the account; that is not read here: make another certificate with an "+
			"akash_certificate resource, or leave this out and let the account's key sign tokens", keys.ErrClientCertificate)
	}
	read, err := keys.ReadCertificate(certificatePEM)
	if err != nil {
		return tls.Certificate{}, "", err
	}
	if err := keys.ValidateOwner(read.Owner); err != nil {
		return tls.Certificate{}, "", fmt.Errorf("%w: its subject: %w", keys.ErrClientCertificate, err)
	}
	pair, err = tls.X509KeyPair([]byte(certificatePEM), []byte(privateKeyPEM))
	if err != nil {
		// What is in err saw the key: left out.
		return tls.Certificate{}, "", fmt.Errorf("%w: the private key is no PEM key of certificate %s",
			keys.ErrClientCertificate, read)
	}
	if leaf := pair.Leaf; leaf.Issuer.CommonName != read.Owner || !forClients(leaf) {
		return tls.Certificate{}, "", fmt.Errorf("%w: %s is not issued by its own account for client authentication",
			keys.ErrClientCertificate, read)
	}
	return pair, read.Owner, nil
}

func forClients(certificate *x509.Certificate) bool {
	for _, usage := range certificate.ExtKeyUsage {
		if usage == x509.ExtKeyUsageClientAuth || usage == x509.ExtKeyUsageAny {
			return true
		}
	}
	return false
}

// withClientCertificate makes config show a certificate; nil leaves it as it is.
func withClientCertificate(config *tls.Config, certificate *tls.Certificate) *tls.Config {
	if certificate == nil {
		return config
	}
	config.ServerName = mtlsPrefix + config.ServerName
	// Not config.Certificates: what a gateway names as its authorities would then keep a self-signed one back.
	config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return certificate, nil }
	return config
}

// checkTime finds what a gateway would refuse in the handshake without a word.
func checkTime(certificate *tls.Certificate, now time.Time) error {
	leaf := certificate.Leaf
	switch {
	case now.After(leaf.NotAfter):
		return fmt.Errorf("%w: client certificate %s/%s ended at %s; publish a new one",
			ErrUnauthorized, leaf.Subject.CommonName, leaf.SerialNumber, leaf.NotAfter.UTC().Format(time.RFC3339))
	case now.Before(leaf.NotBefore):
		return fmt.Errorf("%w: client certificate %s/%s begins at %s",
			ErrUnauthorized, leaf.Subject.CommonName, leaf.SerialNumber, leaf.NotBefore.UTC().Format(time.RFC3339))
	}
	return nil
}

// refusedCertificate tells a gateway that ends the handshake over our certificate from one that is down: the first will
// not change its mind. What the alert says is left to its text, since gateways say "bad certificate" of everything.
func (c *Client) refusedCertificate(err error) error {
	var alert *net.OpError
	if c.certificate == nil || !errors.As(err, &alert) || alert.Op != "remote error" {
		return err
	}
	leaf := c.certificate.Leaf
	return fmt.Errorf("%w: client certificate %s/%s, which has to be on chain and not revoked: %w",
		ErrUnauthorized, leaf.Subject.CommonName, leaf.SerialNumber, alert.Err)
}
