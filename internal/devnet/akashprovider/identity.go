// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

const (
	certificateBlock = "CERTIFICATE"
	publicKeyBlock   = "EC PUBLIC KEY"
	certificateLife  = 365 * 24 * time.Hour
)

// versionName is the extra name that the network's certificates carry in their subject.
var versionName = pkix.AttributeTypeAndValue{Type: asn1.ObjectIdentifier{2, 23, 133, 2, 6}, Value: "v0.0.1"}

// Identity is the account of an Akash provider with the certificate its gateway shows. The private key stays
// inside. Make one with [NewIdentity], before genesis, so that the chain can know the certificate from its start.
type Identity struct {
	Address   string
	CertPEM   []byte // for the chain: block CERTIFICATE
	PubKeyPEM []byte // for the chain: block EC PUBLIC KEY, PKIX
	Serial    string // decimal, as in queries

	certificate tls.Certificate
}

// NewIdentity makes a self-signed ECDSA P-256 certificate for address, as the network's tools do: subject and
// issuer are the address, the serial is the time in nanoseconds, it lasts a year and serves host (an IP
// address or a name) and clients alike. now should be the chain's time; the certificate is valid from then on.
func NewIdentity(address, host string, now time.Time) (Identity, error) {
	if err := ids.ValidateAddress(address); err != nil {
		return Identity{}, fmt.Errorf("identity: %w", err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return Identity{}, fmt.Errorf("identity: make key: %w", err)
	}
	name := pkix.Name{CommonName: address, ExtraNames: []pkix.AttributeTypeAndValue{versionName}}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(now.UnixNano()),
		Subject:               name,
		Issuer:                name,
		NotBefore:             now.Truncate(time.Second),
		NotAfter:              now.Add(certificateLife),
		KeyUsage:              x509.KeyUsageKeyEncipherment | x509.KeyUsageDataEncipherment,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
	}
	template.PermittedDNSDomainsCritical = true
	if ip := net.ParseIP(host); ip != nil {
		template.IPAddresses = []net.IP{ip}
		template.PermittedIPRanges = []*net.IPNet{{IP: ip, Mask: net.CIDRMask(8*len(ip), 8*len(ip))}}
	} else {
		template.DNSNames = []string{host}
		template.PermittedDNSDomains = []string{host}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return Identity{}, fmt.Errorf("identity: make certificate: %w", err)
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return Identity{}, fmt.Errorf("identity: write public key: %w", err)
	}
	return Identity{
		Address:     address,
		CertPEM:     pem.EncodeToMemory(&pem.Block{Type: certificateBlock, Bytes: der}),
		PubKeyPEM:   pem.EncodeToMemory(&pem.Block{Type: publicKeyBlock, Bytes: public}),
		Serial:      template.SerialNumber.String(),
		certificate: tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key},
	}, nil
}
