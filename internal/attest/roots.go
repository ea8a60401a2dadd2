// SPDX-License-Identifier: Apache-2.0

package attest

import (
	"crypto/x509"
	"embed"
	"encoding/pem"
	"fmt"
	"sync"
)

// AMD's certificates, one file a product line: the signing key (ASK) and the root key (ARK), as AMD's key server hands
// them out at /vcek/v1/LINE/cert_chain. roots/README.md says how they were checked.
//
//go:embed roots/*.pem
var amdFiles embed.FS

// Roots are the certificates that a signing key has to lead to.
type Roots struct {
	roots, between *x509.CertPool
}

// AMD gives the roots of the product lines Milan, Genoa (with Bergamo and Siena) and Turin.
var AMD = sync.OnceValues(func() (Roots, error) {
	var all []byte
	for _, line := range lines {
		text, err := amdFiles.ReadFile("roots/" + line.file)
		if err != nil {
			return Roots{}, err
		}
		all = append(all, text...)
	}
	return ReadRoots(all)
})

// ReadRoots reads certificates in PEM: self-signed ones become roots, the others may stand between. The error says what
// is wrong with the text, and is an [ErrMalformed].
func ReadRoots(text []byte) (Roots, error) {
	certificates, err := readPEM(text)
	if err != nil {
		return Roots{}, err
	}
	r := Roots{roots: x509.NewCertPool(), between: x509.NewCertPool()}
	found := false
	for i, c := range certificates {
		if !c.IsCA {
			return Roots{}, fmt.Errorf("%w: certificate %d (%s) is not of an authority", ErrMalformed, i+1, c.Subject)
		}
		if c.CheckSignatureFrom(c) == nil {
			r.roots.AddCert(c)
			found = true
		} else {
			r.between.AddCert(c)
		}
	}
	if !found {
		return Roots{}, fmt.Errorf("%w: there is no self-signed certificate, so no root", ErrMalformed)
	}
	return r, nil
}

// readPEM reads nothing but certificates.
func readPEM(text []byte) ([]*x509.Certificate, error) {
	var out []*x509.Certificate
	for {
		block, rest := pem.Decode(text)
		if block == nil {
			return out, nil
		}
		if block.Type != "CERTIFICATE" {
			return nil, fmt.Errorf("%w: a PEM block of type %q, want CERTIFICATE", ErrMalformed, block.Type)
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("%w: certificate %d: %w", ErrMalformed, len(out)+1, err)
		}
		out, text = append(out, c), rest
	}
}
