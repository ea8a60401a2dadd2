// SPDX-License-Identifier: Apache-2.0

package gateway

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"
)

// mtlsPrefix before the host makes a gateway show its certificate of the chain and ask for the client's; under its plain
// name one with a public certificate does not ask. Source: protocol/observed.md section 10.
const mtlsPrefix = "mtls."

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
	return fmt.Errorf("%w: client certificate %s/%s, which has to be on chain and not revoked: %s",
		ErrUnauthorized, leaf.Subject.CommonName, leaf.SerialNumber, alert.Err)
}
