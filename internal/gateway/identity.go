// SPDX-License-Identifier: Apache-2.0

package gateway

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	certv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/cert/v1"
)

// CertificateSource looks up certificates on chain; the chain client is one.
// Serial is a decimal number, state valid, revoked or empty for both; no match
// is an empty list.
type CertificateSource interface {
	FindCertificates(ctx context.Context, owner, serial, state string) ([]certv1.CertificateResponse, error)
}

const (
	// trustFor is how long a certificate found on chain is taken as valid
	// without asking again: short, since it can be revoked.
	trustFor = time.Minute
	// lookUpTimeout bounds the question to the chain inside a handshake, a shorter time limit of the client's more.
	lookUpTimeout = 20 * time.Second
)

// verifier decides whether a TLS peer is the Akash provider.
type verifier struct {
	host         string // of the host URI, no port
	providerAddr string
	certificates CertificateSource
	roots        *x509.CertPool // nil is the system's
	clock        func() time.Time
	patience     time.Duration // for the question to the chain

	mu      sync.Mutex
	trusted map[[sha256.Size]byte]time.Time // leaf to the end of its trust
}

// identityError is an [ErrIdentity] with its reason.
type identityError struct{ reason string }

func (e *identityError) Error() string { return ErrIdentity.Error() + ": " + e.reason }

func (e *identityError) Unwrap() error { return ErrIdentity }

// lookUpError says that the chain could not be asked, so nothing is known.
type lookUpError struct{ cause error }

func (e *lookUpError) Error() string {
	return "look up the gateway's certificate on chain: " + e.cause.Error()
}

func (e *lookUpError) Unwrap() error { return e.cause }

// tlsConfig makes Go hand every peer to the verifier, which replaces its own
// check; resumed sessions and connections through a proxy included.
func (v *verifier) tlsConfig() *tls.Config {
	return &tls.Config{
		MinVersion:         tls.VersionTLS13,
		ServerName:         v.host,
		InsecureSkipVerify: true, //nolint:gosec // VerifyConnection decides, see verify
		VerifyConnection: func(state tls.ConnectionState) error {
			//nolint:forbidigo // crypto/tls hands no context over, so the look-up has its own limit
			ctx, cancel := context.WithTimeout(context.Background(), v.patience)
			defer cancel()
			return v.verify(ctx, state.PeerCertificates)
		},
	}
}

// verify accepts a certificate of the public PKI for the host name, or the
// certificate that this Akash provider has on chain as valid.
func (v *verifier) verify(ctx context.Context, peer []*x509.Certificate) error {
	if len(peer) == 0 {
		return &identityError{"it showed no certificate"}
	}
	now := v.clock()
	leaf := peer[0]
	publicErr := v.verifyPublic(peer, now)
	if publicErr == nil {
		return nil
	}
	if len(peer) != 1 {
		return &identityError{fmt.Sprintf("its %d certificates are not valid for %s: %s", len(peer), v.host, publicErr)}
	}
	name := leaf.Subject.CommonName
	if ids.ValidateAddress(name) != nil {
		return &identityError{fmt.Sprintf("its certificate is not valid for %s (%s) and names no Akash account",
			v.host, publicErr)}
	}
	if name != leaf.Issuer.CommonName {
		return &identityError{"its certificate is not issued by the account it names"}
	}
	// Any account can publish a certificate: it has to be the seller's own.
	if name != v.providerAddr {
		return &identityError{fmt.Sprintf("its certificate belongs to %s, want %s", name, v.providerAddr)}
	}
	if leaf.SerialNumber == nil {
		return &identityError{"its certificate has no serial number"}
	}
	return v.verifyOnChain(ctx, leaf, now)
}

func (v *verifier) verifyPublic(peer []*x509.Certificate, now time.Time) error {
	intermediates := x509.NewCertPool()
	for _, certificate := range peer[1:] {
		intermediates.AddCert(certificate)
	}
	_, err := peer[0].Verify(x509.VerifyOptions{
		DNSName: v.host, Roots: v.roots, Intermediates: intermediates, CurrentTime: now,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	})
	return err
}

func (v *verifier) verifyOnChain(ctx context.Context, leaf *x509.Certificate, now time.Time) error {
	serial := leaf.SerialNumber.String()
	key := sha256.Sum256(leaf.Raw)
	v.mu.Lock()
	until, known := v.trusted[key]
	v.mu.Unlock()
	if known && now.Before(until) && now.Before(leaf.NotAfter) {
		return nil
	}
	found, err := v.certificates.FindCertificates(ctx, v.providerAddr, serial, certv1.State_valid.String())
	if err != nil {
		return &lookUpError{err}
	}
	if len(found) == 0 {
		return &identityError{fmt.Sprintf("its certificate (serial %s) is not on chain or was revoked", serial)}
	}
	var last error
	for _, onChain := range found {
		if last = verifyAgainst(leaf, onChain.Certificate.Cert, now); last == nil {
			v.mu.Lock()
			v.trusted[key] = now.Add(trustFor)
			v.mu.Unlock()
			return nil
		}
	}
	return &identityError{fmt.Sprintf("its certificate (serial %s) fails against the one on chain: %s", serial, last)}
}

// verifyAgainst takes the certificate on chain as the only root. Host names are
// not compared: the chain vouches for the account, not for a name.
func verifyAgainst(leaf *x509.Certificate, onChain []byte, now time.Time) error {
	block, _ := pem.Decode(onChain)
	if block == nil || block.Type != "CERTIFICATE" {
		return errors.New("the one on chain is not a PEM certificate")
	}
	root, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return fmt.Errorf("the one on chain cannot be read: %w", err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(root)
	_, err = leaf.Verify(x509.VerifyOptions{
		Roots: roots, CurrentTime: now, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	})
	return err
}
