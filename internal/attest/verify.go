// SPDX-License-Identifier: Apache-2.0

package attest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha512"
	"crypto/subtle"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"time"
)

// The platforms that gateways name.
const (
	SNP    = "snp"
	TDX    = "tdx"
	SNPGPU = "snp-gpu"
	TDXGPU = "tdx-gpu"
)

// CheckPlatform says whether evidence of a platform can be verified: nil, or an [ErrUnsupported] with the reason.
func CheckPlatform(platform string) error {
	switch platform {
	case SNP:
		return nil
	case TDX:
		return fmt.Errorf("%w: platform %q is Intel TDX, whose firmware levels only Intel's service can judge",
			ErrUnsupported, platform)
	case SNPGPU, TDXGPU:
		return fmt.Errorf("%w: platform %q has GPUs, whose evidence only NVIDIA's service can judge",
			ErrUnsupported, platform)
	default:
		return fmt.Errorf("%w: platform %q is not known", ErrUnsupported, platform)
	}
}

// Policy is what evidence has to fulfil.
type Policy struct {
	Roots Roots
	// Measurements are those allowed, 48 bytes each; none allows any.
	Measurements [][]byte
	Now          time.Time
}

// Verify judges a report: that it was made for nonce by a chip whose key one of the certificates is of, under the
// roots, and that the guest is closed to its host and launched as allowed. It returns the key's certificate and those
// above it up to a root, for [CheckRevoked]. Errors are this package's, the first of what is wrong.
func Verify(
	r Report, nonce [NonceBytes]byte, certificates []*x509.Certificate, policy Policy,
) ([]*x509.Certificate, error) {
	if err := r.checkKey(); err != nil {
		return nil, err
	}
	chain, err := r.signer(certificates, policy)
	if err != nil {
		return nil, err
	}
	if err := r.checkSignature(chain[0]); err != nil {
		return nil, err
	}
	if subtle.ConstantTimeCompare(r.Data[:], nonce[:]) != 1 {
		return nil, ErrNonce
	}
	if err := r.checkPolicy(); err != nil {
		return nil, err
	}
	allowed := func(m []byte) bool { return subtle.ConstantTimeCompare(m, r.Measurement[:]) == 1 }
	if len(policy.Measurements) > 0 && !slices.ContainsFunc(policy.Measurements, allowed) {
		return nil, fmt.Errorf("%w: it is %s", ErrMeasurement, r.MeasurementText())
	}
	return chain, nil
}

// signer finds the certificate of the report's signing key, and the way from it to a root. The error is of the one that
// came closest: a wrong time tells more than a wrong chain.
func (r Report) signer(certificates []*x509.Certificate, policy Policy) ([]*x509.Certificate, error) {
	if len(r.linesOf()) == 0 {
		return nil, fmt.Errorf("%w: the CPU (family 0x%x, model 0x%x) is of no product line that is known",
			ErrUnsupported, r.Family, r.Model)
	}
	worst := fmt.Errorf("%w: there is no certificate of it", ErrChain)
	for _, c := range certificates {
		chain, err := r.chainOf(c, policy)
		if err == nil {
			return chain, nil
		}
		if !errors.Is(worst, ErrExpired) {
			worst = err
		}
	}
	return nil, worst
}

// chainOf leads from a certificate to a root, when it speaks for the report's signing key.
func (r Report) chainOf(c *x509.Certificate, policy Policy) ([]*x509.Certificate, error) {
	extensions := map[string][]byte{}
	for _, e := range c.Extensions {
		extensions[e.Id.String()] = e.Value
	}
	var err error
	for _, l := range r.linesOf() {
		if err = l.belongs(extensions, r); err == nil {
			break
		}
	}
	if err != nil {
		return nil, err
	}
	chains, err := c.Verify(x509.VerifyOptions{
		Roots: policy.Roots.roots, Intermediates: policy.Roots.between, CurrentTime: policy.Now,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return nil, fmt.Errorf("%w: %w", ErrExpired, err)
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrChain, err)
	}
	return chains[0], nil
}

func (r Report) checkSignature(key *x509.Certificate) error {
	public, ok := key.PublicKey.(*ecdsa.PublicKey)
	if !ok || public.Curve != elliptic.P384() {
		return fmt.Errorf("%w: the certified key is not of P-384", ErrSignature)
	}
	digest := sha512.Sum384(r.raw[:signedBytes])
	if !ecdsa.Verify(public, digest[:], r.r, r.s) {
		return ErrSignature
	}
	return nil
}

// CheckRevoked reads a list of revoked certificates in DER and looks for those of a chain that [Verify] returned. The
// list has to be signed by the chain's root and to be of now. Errors are an [ErrRevoked], or an [ErrMalformed],
// [ErrChain] or [ErrExpired] for a list that says nothing.
func CheckRevoked(chain []*x509.Certificate, list []byte, now time.Time) error {
	revoked, err := x509.ParseRevocationList(list)
	if err != nil {
		return fmt.Errorf("%w: the list of revoked certificates: %w", ErrMalformed, err)
	}
	if len(chain) == 0 || revoked.CheckSignatureFrom(chain[len(chain)-1]) != nil {
		return fmt.Errorf("%w: the list of revoked certificates is not signed by the root", ErrChain)
	}
	if now.Before(revoked.ThisUpdate) || now.After(revoked.NextUpdate) {
		return fmt.Errorf("%w: the list of revoked certificates is of %s to %s", ErrExpired,
			revoked.ThisUpdate.UTC().Format(time.RFC3339), revoked.NextUpdate.UTC().Format(time.RFC3339))
	}
	for _, entry := range revoked.RevokedCertificateEntries {
		for _, c := range chain {
			// A serial number counts with its issuer: every chip's certificate has 0.
			if c.SerialNumber.Cmp(entry.SerialNumber) == 0 && bytes.Equal(c.RawIssuer, revoked.RawIssuer) {
				return fmt.Errorf("%w: %s, serial number %s", ErrRevoked, c.Subject.CommonName, c.SerialNumber)
			}
		}
	}
	return nil
}
