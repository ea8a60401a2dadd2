// SPDX-License-Identifier: Apache-2.0

package keys_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/keys"
)

const certificateOwner = "akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c"

// TestNewClientCertificate wants what the network's command line makes, and nothing more.
func TestNewClientCertificate(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 20, 0, 0, 123456789, time.UTC)
	made, err := keys.NewClientCertificate(certificateOwner, now, 365*24*time.Hour)
	require.NoError(t, err)
	block, rest := pem.Decode([]byte(made.CertificatePEM))
	require.Empty(t, rest)
	require.Equal(t, "CERTIFICATE", block.Type)
	parsed, err := x509.ParseCertificate(block.Bytes)
	require.NoError(t, err)
	require.Equal(t, parsed.RawSubject, parsed.RawIssuer)
	require.Equal(t, certificateOwner, parsed.Subject.CommonName)
	require.Len(t, parsed.Subject.Names, 2)
	require.Equal(t, "2.23.133.2.6", parsed.Subject.Names[1].Type.String())
	require.Equal(t, "v0.0.1", parsed.Subject.Names[1].Value)
	require.Equal(t, "1795377600123456789", parsed.SerialNumber.String())
	require.Equal(t, made.Serial, parsed.SerialNumber.String())
	require.Equal(t, x509.KeyUsageKeyEncipherment|x509.KeyUsageDataEncipherment, parsed.KeyUsage)
	require.Equal(t, []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}, parsed.ExtKeyUsage)
	require.True(t, parsed.BasicConstraintsValid)
	require.False(t, parsed.IsCA)
	require.Equal(t, x509.ECDSAWithSHA256, parsed.SignatureAlgorithm)
	require.Equal(t, elliptic.P256(), parsed.PublicKey.(*ecdsa.PublicKey).Curve)
	require.Equal(t, "2026-11-22 19:59:30 +0000 UTC", parsed.NotBefore.String())
	require.Equal(t, "2027-11-22 19:59:30 +0000 UTC", parsed.NotAfter.String())
	require.Equal(t, parsed.NotAfter, made.NotAfter)
	require.Empty(t, parsed.DNSNames)
	require.True(t, strings.HasPrefix(made.PublicKeyPEM, "-----BEGIN EC PUBLIC KEY-----\n"))

	read, err := keys.ReadCertificate(made.CertificatePEM)
	require.NoError(t, err)
	require.Empty(t, read.PrivateKeyPEM)
	read.PrivateKeyPEM = made.PrivateKeyPEM
	require.Equal(t, made, read)

	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		require.NotContains(t, fmt.Sprintf(verb, made), "PRIVATE", verb)
	}
	_, err = keys.NewClientCertificate("akash1x", time.Now(), time.Hour)
	require.ErrorIs(t, err, keys.ErrAddress)
}

func FuzzReadCertificate(f *testing.F) {
	made, err := keys.NewClientCertificate(certificateOwner, time.Now(), time.Hour)
	require.NoError(f, err)
	f.Add(made.CertificatePEM)
	f.Add(made.PublicKeyPEM)
	f.Fuzz(func(t *testing.T, text string) {
		if read, err := keys.ReadCertificate(text); err == nil && read.Serial == "" {
			t.Fatal("no serial")
		}
	})
}
