// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"

	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

// tlsConfig shows the certificate that is on chain and asks for one of the client, without insisting; the public
// hostname has another one, and no client is asked for his there. Each connection checks a client certificate within
// its own context. Source: protocol/gateway.md section 1.
func (p *AkashProvider) tlsConfig(protocol string) *tls.Config {
	config := &tls.Config{
		MinVersion: tls.VersionTLS13,
		NextProtos: []string{protocol},
		ClientAuth: tls.RequestClientCert,
	}
	base := config.Clone()
	config.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		ctx, own := hello.Context(), base.Clone()
		if p.authority != nil && strings.EqualFold(hello.ServerName, p.spec.PublicHostname) {
			own.Certificates, own.ClientAuth = []tls.Certificate{p.authority.certificate}, tls.NoClientCert
			return own, nil
		}
		own.Certificates = []tls.Certificate{p.shownCertificate()}
		own.VerifyConnection = func(state tls.ConnectionState) error {
			if len(state.PeerCertificates) == 0 {
				return nil // a token may follow
			}
			err := p.checkClientCertificate(ctx, state.PeerCertificates)
			if err != nil {
				p.log.Debug("client certificate refused", "reason", err)
			}
			return err
		}
		return own, nil
	}
	return config
}

// checkClientCertificate wants exactly one certificate, self-signed in the name of an account, that is on chain
// and valid for that account under its serial, made for clients and in force now.
func (p *AkashProvider) checkClientCertificate(ctx context.Context, shown []*x509.Certificate) error {
	if len(shown) != 1 {
		return fmt.Errorf("%d client certificates, want one", len(shown))
	}
	leaf := shown[0]
	owner := leaf.Subject.CommonName
	if err := ids.ValidateAddress(owner); err != nil {
		return fmt.Errorf("client certificate: %w", err)
	}
	if leaf.Issuer.CommonName != owner || leaf.SerialNumber == nil {
		return errors.New("client certificate is not self-signed")
	}
	known, err := p.chain.certificate(ctx, owner, leaf.SerialNumber.String())
	if err != nil {
		return err
	}
	if known == nil {
		return errors.New("client certificate is not on chain or was revoked")
	}
	block, _ := pem.Decode(known.Cert)
	if block == nil || block.Type != certificateBlock {
		return errors.New("certificate on chain is not PEM")
	}
	stored, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return fmt.Errorf("certificate on chain: %w", err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(stored)
	if _, err := leaf.Verify(x509.VerifyOptions{
		Roots: roots, CurrentTime: p.now(), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}); err != nil {
		return fmt.Errorf("client certificate: %w", err)
	}
	return nil
}
