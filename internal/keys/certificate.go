// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"time"
)

const (
	// certificateBackdate makes up for a gateway whose clock is behind.
	certificateBackdate = 30 * time.Second
	// certificateVersion is the value of [certificateOID].
	certificateVersion = "v0.0.1"

	blockCertificate = "CERTIFICATE"
	blockPrivateKey  = "PRIVATE KEY"
	// blockPublicKey is what the chain wants around a key in PKIX form.
	blockPublicKey = "EC PUBLIC KEY"
)

// certificateOID is the extra attribute that the reference client puts into the subject.
var certificateOID = asn1.ObjectIdentifier{2, 23, 133, 2, 6}

// ErrClientCertificate says that PEM texts are no certificate of an account with its private key.
var ErrClientCertificate = errors.New("client certificate")

// ClientCertificate is a certificate that an account publishes, so that gateways know it over mTLS. It formats as its
// owner and serial, never with its key.
type ClientCertificate struct {
	Owner  string // bech32, the common name of subject and issuer
	Serial string // decimal
	// NotBefore and NotAfter are in UTC, in whole seconds.
	NotBefore, NotAfter time.Time
	// CertificatePEM and PublicKeyPEM go on chain.
	CertificatePEM, PublicKeyPEM string
	// PrivateKeyPEM is PKCS #8, not encrypted: a secret.
	PrivateKeyPEM string
}

// String is owner and serial.
func (c *ClientCertificate) String() string { return c.Owner + "/" + c.Serial }

// GoString is [ClientCertificate.String]: %#v must not show the key either.
func (c *ClientCertificate) GoString() string { return "keys.ClientCertificate(" + c.String() + ")" }

// NewClientCertificate makes a key pair and a certificate as the network's command line does: P-256, self-signed, for
// client authentication, the serial from the clock. validFor counts from half a minute before now.
// Source: protocol/observed.md section 9.
func NewClientCertificate(owner string, now time.Time, validFor time.Duration) (*ClientCertificate, error) {
	if err := ValidateOwner(owner); err != nil {
		return nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("%w: make a key: %w", ErrClientCertificate, err)
	}
	begin := now.UTC().Add(-certificateBackdate).Truncate(time.Second)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()),
		Subject: pkix.Name{
			CommonName: owner,
			ExtraNames: []pkix.AttributeTypeAndValue{{Type: certificateOID, Value: certificateVersion}},
		},
		NotBefore: begin, NotAfter: begin.Add(validFor).Truncate(time.Second),
		KeyUsage:              x509.KeyUsageDataEncipherment | x509.KeyUsageKeyEncipherment,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
		BasicConstraintsValid: true,
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrClientCertificate, err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("%w: encode its private key: %w", ErrClientCertificate, err)
	}
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return nil, fmt.Errorf("%w: encode its public key: %w", ErrClientCertificate, err)
	}
	return &ClientCertificate{
		Owner: owner, Serial: template.SerialNumber.String(), NotBefore: begin, NotAfter: template.NotAfter,
		CertificatePEM: pemText(blockCertificate, raw), PublicKeyPEM: pemText(blockPublicKey, public),
		PrivateKeyPEM: pemText(blockPrivateKey, private),
	}, nil
}

func pemText(kind string, raw []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: raw}))
}

// ReadCertificate reads a certificate as the chain has it, without its private key.
func ReadCertificate(certificatePEM string) (*ClientCertificate, error) {
	block, rest := pem.Decode([]byte(certificatePEM))
	if block == nil || block.Type != blockCertificate || len(rest) > 0 {
		return nil, fmt.Errorf("%w: want one PEM block %s and nothing else", ErrClientCertificate, blockCertificate)
	}
	parsed, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrClientCertificate, err)
	}
	public, err := x509.MarshalPKIXPublicKey(parsed.PublicKey)
	if err != nil {
		return nil, fmt.Errorf("%w: its public key: %w", ErrClientCertificate, err)
	}
	return &ClientCertificate{
		Owner: parsed.Subject.CommonName, Serial: parsed.SerialNumber.String(),
		NotBefore: parsed.NotBefore.UTC(), NotAfter: parsed.NotAfter.UTC(),
		CertificatePEM: certificatePEM, PublicKeyPEM: pemText(blockPublicKey, public),
	}, nil
}
