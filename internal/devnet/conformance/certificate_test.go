// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
	certv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/cert/v1"
)

// clientCertificate is one as the network's CLI makes it. Source: observed.md 9.
type clientCertificate struct {
	serial string
	tls    tls.Certificate
	cert   []byte // PEM
	pubkey []byte // PEM
}

func newCertificate(t *testing.T, name string) clientCertificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	now := time.Now()
	subject := pkix.Name{CommonName: name, ExtraNames: []pkix.AttributeTypeAndValue{
		{Type: asn1.ObjectIdentifier{2, 23, 133, 2, 6}, Value: "v0.0.1"},
	}}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: subject, Issuer: subject,
		NotBefore: now.Add(-time.Minute), NotAfter: now.Add(24 * time.Hour),
		KeyUsage:              x509.KeyUsageDataEncipherment | x509.KeyUsageKeyEncipherment,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
		BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	require.NoError(t, err)
	return clientCertificate{
		serial: template.SerialNumber.String(), tls: tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key},
		cert:   pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pubkey: pem.EncodeToMemory(&pem.Block{Type: "EC PUBLIC KEY", Bytes: public}),
	}
}

func (a *actor) publication(c clientCertificate) *certv1.MsgCreateCertificate {
	return &certv1.MsgCreateCertificate{Owner: a.addr, Cert: c.cert, Pubkey: c.pubkey}
}

func TestCertificates(t *testing.T) {
	t.Parallel()
	a := newActor(t)
	one, two := newCertificate(t, a.addr), newCertificate(t, a.addr)
	check(t, "observed.md 5", "publishing tells no event of Akash's", func(t *testing.T) {
		require.Empty(t, story(a.do(t, a.publication(one))))
	})
	list := func(t *testing.T, query string) []any {
		t.Helper()
		items, ok := at(t, a.getOK(t, "/akash/cert/v1/certificates/list?filter.owner="+a.addr+query), "certificates").([]any)
		require.True(t, ok)
		return items
	}
	check(t, "observed.md 3, messages.md 5", "a certificate is listed, bytes in base64", func(t *testing.T) {
		require.Equal(t, []any{map[string]any{
			"certificate": map[string]any{
				"state": "valid", "cert": base64.StdEncoding.EncodeToString(one.cert),
				"pubkey": base64.StdEncoding.EncodeToString(one.pubkey),
			},
			"serial": one.serial,
		}}, list(t, "&filter.state=valid"))
	})
	revoke := func(serial string) *certv1.MsgRevokeCertificate {
		return &certv1.MsgRevokeCertificate{ID: certv1.ID{Owner: a.addr, Serial: serial}}
	}
	a.refuses(t,
		fails("observed.md 7a", "the same serial", a.publication(one), "cert", 3, "certificate exists"),
		fails("lifecycle.md 9", "revoking what is not there", revoke("12345"), "cert", 1, "certificate not found"),
	)
	a.do(t, a.publication(two))
	check(t, "observed.md 5", "revoking tells no event of Akash's", func(t *testing.T) {
		require.Empty(t, story(a.do(t, revoke(one.serial))))
	})
	check(t, "messages.md 0.4", "certificates by state and serial", func(t *testing.T) {
		require.Len(t, list(t, ""), 2)
		valid, revoked := list(t, "&filter.state=valid"), list(t, "&filter.state=revoked")
		require.Len(t, valid, 1)
		require.Equal(t, two.serial, at(t, valid, 0, "serial"))
		require.Len(t, revoked, 1)
		require.Equal(t, one.serial, at(t, revoked, 0, "serial"))
		require.Len(t, list(t, "&filter.serial="+two.serial), 1)
		require.Empty(t, list(t, "&filter.serial=12345"))
	})
	check(t, "conformance node/queries certs_bad_state", "a state that is none", func(t *testing.T) {
		a.misses(t, "/akash/cert/v1/certificates/list?filter.owner="+a.addr+"&filter.state=good",
			http.StatusBadRequest, 3, "invalid state value")
	})
	a.refuses(t,
		fails("lifecycle.md 9", "revoking again", revoke(one.serial), "cert", 4, "certificate already revoked"),
		fails("lifecycle.md 9", "publishing what was revoked", a.publication(one), "cert", 3, "certificate exists"),
	)
	unpaired := newCertificate(t, a.addr)
	unpaired.pubkey = two.pubkey
	for what, c := range map[string]struct {
		msg  *certv1.MsgCreateCertificate
		code uint32 // 0: any, the facts tell none
	}{
		"garbage":                   {&certv1.MsgCreateCertificate{Owner: a.addr, Cert: []byte("x"), Pubkey: two.pubkey}, 6},
		"a key that is garbage":     {&certv1.MsgCreateCertificate{Owner: a.addr, Cert: two.cert, Pubkey: []byte("x")}, 7},
		"a key of another one":      {a.publication(unpaired), 0},
		"somebody else's":           {a.publication(newCertificate(t, a.pool.funder.addr)), 0},
		"one for no account at all": {a.publication(newCertificate(t, "example.com")), 0},
	} {
		check(t, "lifecycle.md 9", "refused: "+what, func(t *testing.T) {
			res := a.try(t, wallet.Options{Gas: 300_000}, c.msg)
			require.NotZero(t, res.Code)
			if c.code != 0 {
				require.Equal(t, "cert", res.Codespace, res.RawLog)
				require.Equal(t, c.code, res.Code, res.RawLog)
			}
		})
	}
}
