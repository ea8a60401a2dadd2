// SPDX-License-Identifier: Apache-2.0

// Package snp stands in for chips with AMD SEV-SNP and for their manufacturer: a root that nobody trusts, certificates
// of chips, a key server and attestation reports. The shapes are those of AMD publications 56860 (reports) and 57230
// (certificates, key server); the keys are made up at every start.
package snp

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"math/big"
	"time"
)

const (
	// rsaBits are half of the real ones, which take seconds to make.
	rsaBits = 2048
	// Line is the product line that every chip says it is of.
	Line = "Milan"

	authorityYears, chipYears = 25, 7
)

// Vendor is a manufacturer of chips: its root key signs its signing key, which signs those of chips.
type Vendor struct {
	root, signing       *x509.Certificate
	rootKey, signingKey *rsa.PrivateKey
	now                 func() time.Time
	chips               []*Chip
	// Revoked are certificates that it has taken back.
	Revoked []*x509.Certificate
}

// NewVendor makes a manufacturer with keys of its own.
func NewVendor(now func() time.Time) (*Vendor, error) {
	v := &Vendor{now: now}
	var err error
	if v.root, v.rootKey, err = v.authority(1, "ARK-"+Line+", trusted by nobody", nil, nil); err != nil {
		return nil, fmt.Errorf("root of a chip vendor: %w", err)
	}
	if v.signing, v.signingKey, err = v.authority(2, "SEV-"+Line, v.root, v.rootKey); err != nil {
		return nil, fmt.Errorf("signing key of a chip vendor: %w", err)
	}
	return v, nil
}

// authority makes a key and its certificate; without a parent it is self-signed.
func (v *Vendor) authority(
	serial int64, name string, parent *x509.Certificate, parentKey *rsa.PrivateKey,
) (*x509.Certificate, *rsa.PrivateKey, error) {
	key, err := rsa.GenerateKey(rand.Reader, rsaBits)
	if err != nil {
		return nil, nil, err
	}
	is := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: subject(name), SignatureAlgorithm: x509.SHA384WithRSAPSS,
		NotBefore: v.now().AddDate(-1, 0, 0), NotAfter: v.now().AddDate(authorityYears, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	if parent == nil {
		parent, parentKey = is, key
	}
	der, err := x509.CreateCertificate(rand.Reader, is, parent, key.Public(), parentKey)
	if err != nil {
		return nil, nil, err
	}
	made, err := x509.ParseCertificate(der)
	return made, key, err
}

func subject(name string) pkix.Name {
	return pkix.Name{Organization: []string{"akash-devnet"}, CommonName: name}
}

// RootsPEM is the root and the signing key's certificate.
func (v *Vendor) RootsPEM() []byte {
	return append(encode(v.root), encode(v.signing)...)
}

// Signing is the certificate of the key that signs those of chips.
func (v *Vendor) Signing() *x509.Certificate { return v.signing }

func encode(c *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
}

// Chip is one chip with the firmware that it runs.
type Chip struct {
	// ID is its own.
	ID [64]byte
	// TCB is the level of its firmware: boot loader, TEE, four of nothing, SNP, microcode.
	TCB         [8]byte
	key         *ecdsa.PrivateKey
	certificate *x509.Certificate
}

// NewChip makes a chip whose certificate is good for so many years from now, or was when years is negative.
func (v *Vendor) NewChip(years int) (*Chip, error) {
	c := &Chip{TCB: [8]byte{0: 3, 1: 0, 6: 8, 7: 115}}
	var err error
	if c.key, err = ecdsa.GenerateKey(elliptic.P384(), rand.Reader); err != nil {
		return nil, fmt.Errorf("key of a chip: %w", err)
	}
	if _, err = rand.Read(c.ID[:]); err != nil {
		return nil, fmt.Errorf("id of a chip: %w", err)
	}
	from, to := v.now().Add(-time.Hour), v.now().AddDate(years, 0, 0)
	if years < 0 {
		from = to.AddDate(-chipYears, 0, 0)
	}
	is := &x509.Certificate{
		SerialNumber: new(big.Int), Subject: subject("SEV-VCEK"), SignatureAlgorithm: x509.SHA384WithRSAPSS,
		NotBefore: from, NotAfter: to, ExtraExtensions: c.extensions(),
	}
	der, err := x509.CreateCertificate(rand.Reader, is, v.signing, c.key.Public(), v.signingKey)
	if err != nil {
		return nil, fmt.Errorf("certificate of a chip: %w", err)
	}
	if c.certificate, err = x509.ParseCertificate(der); err != nil {
		return nil, fmt.Errorf("certificate of a chip: %w", err)
	}
	v.chips = append(v.chips, c)
	return c, nil
}

// CertificatePEM is the chip's certificate.
func (c *Chip) CertificatePEM() []byte { return encode(c.certificate) }

// CertificateDER is the chip's certificate.
func (c *Chip) CertificateDER() []byte { return c.certificate.Raw }

// arc is where the vendor's own extensions are.
func arc(more ...int) asn1.ObjectIdentifier {
	return append(asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 3704, 1}, more...)
}

// extensions say of which chip and firmware level the key is. All are DER but for the chip's id.
func (c *Chip) extensions() []pkix.Extension {
	out := []pkix.Extension{{Id: arc(1), Value: number(0)}, {Id: arc(2), Value: text(Line + "-B0")}}
	for i, last := range []int{1, 2, 4, 5, 6, 7, 3, 8} {
		out = append(out, pkix.Extension{Id: arc(3, last), Value: number(int(c.TCB[i]))})
	}
	return append(out, pkix.Extension{Id: arc(4), Value: c.ID[:]})
}

func number(n int) []byte {
	der, _ := asn1.Marshal(n) // a number always has a form
	return der
}

func text(s string) []byte {
	der, _ := asn1.MarshalWithParams(s, "ia5") // so has an ASCII text
	return der
}
