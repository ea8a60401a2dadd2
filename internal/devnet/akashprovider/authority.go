// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"time"
)

// authority is one made up for a gateway with a public hostname, which clients may trust as they do the web's.
type authority struct {
	pem         []byte
	certificate tls.Certificate // of the hostname
}

// newAuthority makes an authority and its certificate for a host name, in force from now on.
func newAuthority(hostname string, now time.Time) (*authority, error) {
	rootKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("certificate of %s: %w", hostname, err)
	}
	leafKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("certificate of %s: %w", hostname, err)
	}
	root := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "akash-devnet, trusted by nobody"},
		NotBefore: now.Truncate(time.Second), NotAfter: now.Add(certificateLife),
		KeyUsage: x509.KeyUsageCertSign, BasicConstraintsValid: true, IsCA: true,
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: hostname}, DNSNames: []string{hostname},
		NotBefore: root.NotBefore, NotAfter: root.NotAfter, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, BasicConstraintsValid: true,
	}
	rootDER, err := x509.CreateCertificate(rand.Reader, root, root, rootKey.Public(), rootKey)
	if err != nil {
		return nil, fmt.Errorf("certificate of %s: authority: %w", hostname, err)
	}
	leafDER, err := x509.CreateCertificate(rand.Reader, leaf, root, leafKey.Public(), rootKey)
	if err != nil {
		return nil, fmt.Errorf("certificate of %s: %w", hostname, err)
	}
	return &authority{
		pem:         pem.EncodeToMemory(&pem.Block{Type: certificateBlock, Bytes: rootDER}),
		certificate: tls.Certificate{Certificate: [][]byte{leafDER, rootDER}, PrivateKey: leafKey},
	}, nil
}

// AuthorityPEM is the certificate of the authority that vouches for [Spec.PublicHostname], made anew at every start;
// nil without a public hostname.
func (p *AkashProvider) AuthorityPEM() []byte {
	if p.authority == nil {
		return nil
	}
	return p.authority.pem
}
