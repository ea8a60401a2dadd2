// SPDX-License-Identifier: Apache-2.0

package attest_test

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/attest"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/snp"
)

func read(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	return data
}

// amdPolicy is AMD's roots at a time when the certificates in testdata were good.
func amdPolicy(t testing.TB) attest.Policy {
	t.Helper()
	roots, err := attest.AMD()
	require.NoError(t, err)
	return attest.Policy{Roots: roots, Now: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)}
}

func certificates(t testing.TB, chain []byte) []*x509.Certificate {
	t.Helper()
	found, err := attest.Certificates(chain, nil)
	require.NoError(t, err)
	return found
}

// TestVerify_realChips accepts what a chip of AMD's signed, and refuses one of a guest that its host may debug for just
// that: its signature and chain are good.
func TestVerify_realChips(t *testing.T) {
	t.Parallel()
	policy := amdPolicy(t)
	report, err := attest.Parse(read(t, "milan-report.bin"))
	require.NoError(t, err)
	chain, err := attest.Verify(report, report.Data, certificates(t, read(t, "milan-vcek.der")), policy)
	require.NoError(t, err)
	require.Equal(t, "SEV-VCEK", chain[0].Subject.CommonName)
	require.Equal(t, "ARK-Milan", chain[len(chain)-1].Subject.CommonName)
	require.True(t, strings.HasPrefix(report.MeasurementText(), "7a1e5c266c0108db"), report.MeasurementText())
	requests := report.KeyRequests()
	require.Len(t, requests, 2, "a report of version 2 does not say which of two lines it is of")
	require.Equal(t, "/vcek/v1/Milan/"+hex.EncodeToString(report.ChipID[:])+
		"?blSPL=3&teeSPL=0&snpSPL=8&ucodeSPL=115", requests[0].Certificate)
	require.Equal(t, "/vcek/v1/Genoa/crl", requests[1].Revoked)

	other := certificates(t, read(t, "milan-debug-vcek.der"))
	_, err = attest.Verify(report, report.Data, other, policy)
	require.ErrorIs(t, err, attest.ErrChain)
	require.ErrorContains(t, err, "another chip")

	debugged, err := attest.Parse(read(t, "milan-debug-report.bin"))
	require.NoError(t, err)
	_, err = attest.Verify(debugged, debugged.Data, other, policy)
	require.ErrorIs(t, err, attest.ErrPolicy)
	require.ErrorContains(t, err, "debug")

	// A bit anywhere in what is signed makes it somebody else's words.
	for _, at := range []int{0x00, 0x08, 0x4f, 0x50, 0x8f, 0x90, 0xbf, 0x140, 0x160, 0x1f8, 0x29f, 0x2a0, 0x2e8} {
		forged := read(t, "milan-report.bin")
		forged[at] ^= 1
		report, err := attest.Parse(forged)
		if err == nil {
			_, err = attest.Verify(report, report.Data, certificates(t, read(t, "milan-vcek.der")), policy)
		}
		require.Error(t, err, "byte 0x%x", at)
		if at != 0 {
			require.ErrorIs(t, err, attest.ErrSignature, "byte 0x%x", at)
		}
	}
}

// TestAMD holds the embedded certificates to the fingerprints that two projects agree on, and a chip of the latest line
// to its root.
func TestAMD(t *testing.T) {
	t.Parallel()
	table := read(t, "../roots/README.md")
	for _, line := range []string{"milan", "genoa", "turin"} {
		rest := read(t, "../roots/"+line+".pem")
		for range 2 {
			var block *pem.Block
			block, rest = pem.Decode(rest)
			require.NotNil(t, block, line)
			sum := sha256.Sum256(block.Bytes)
			require.Contains(t, string(table), hex.EncodeToString(sum[:]), line)
		}
		require.Empty(t, strings.TrimSpace(string(rest)))
	}
	require.Equal(t, 6, strings.Count(string(table), "| `"))

	key, err := x509.ParseCertificate(read(t, "turin-vcek.der"))
	require.NoError(t, err)
	forged := read(t, "milan-report.bin") // a chip of Turin's, by what its certificate says; it never signed this
	forged[0], forged[0x188], forged[0x189] = 3, 0x1a, 0x02
	clear(forged[0x180:0x188])
	clear(forged[0x1a0:0x1e0])
	for _, e := range key.Extensions {
		switch id := e.Id.String(); {
		case id == "1.3.6.1.4.1.3704.1.4":
			require.Len(t, e.Value, 8)
			copy(forged[0x1a0:], e.Value)
		case strings.HasPrefix(id, "1.3.6.1.4.1.3704.1.3."):
			if at, ok := map[string]int{"9": 0, "1": 1, "2": 2, "3": 3, "8": 7}[id[len(id)-1:]]; ok {
				forged[0x180+at] = e.Value[len(e.Value)-1]
			}
		}
	}
	report, err := attest.Parse(forged)
	require.NoError(t, err)
	_, err = attest.Verify(report, report.Data, []*x509.Certificate{key}, amdPolicy(t))
	require.ErrorIs(t, err, attest.ErrSignature, "its chip, firmware level and chain are taken for good")
	require.Len(t, report.KeyRequests(), 1)
	require.Contains(t, report.KeyRequests()[0].Certificate,
		"/vcek/v1/Turin/"+hex.EncodeToString(forged[0x1a0:0x1a8])+"?fmcSPL=")
}

// TestVerify has one thing wrong at a time.
func TestVerify(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	vendor, err := snp.NewVendor(func() time.Time { return now })
	require.NoError(t, err)
	stranger, err := snp.NewVendor(func() time.Time { return now })
	require.NoError(t, err)
	roots, err := attest.ReadRoots(vendor.RootsPEM())
	require.NoError(t, err)
	made := func(v *snp.Vendor, years int) *snp.Chip {
		chip, err := v.NewChip(years)
		require.NoError(t, err)
		return chip
	}
	good, other, expired, foreign := made(vendor, 7), made(vendor, 7), made(vendor, -1), made(stranger, 7)
	older := made(vendor, 7)
	older.TCB[7]--
	hidden := made(vendor, 7)
	hidden.ID = [64]byte{}
	nonce := [attest.NonceBytes]byte{1, 2, 3}
	measured := [48]byte{9}
	for name, c := range map[string]struct {
		chip         *snp.Chip
		guest        snp.Guest
		certificates []byte // nil is the chip's
		policy       func(p *attest.Policy)
		want         error
		says         string
	}{
		"good":            {},
		"privilege":       {guest: snp.Guest{VMPL: 3}},
		"version 3":       {guest: snp.Guest{Version: 3, Family: 0x19, Model: 0x01}},
		"version 5":       {guest: snp.Guest{Version: 5, Family: 0x19, Model: 0x01}},
		"version 1":       {guest: snp.Guest{Version: 1}, want: attest.ErrUnsupported, says: "version 1, want 2 to 5"},
		"version 6":       {guest: snp.Guest{Version: 6}, want: attest.ErrUnsupported, says: "version 6, want 2 to 5"},
		"other CPU":       {guest: snp.Guest{Version: 3, Family: 0x17}, want: attest.ErrUnsupported, says: "family 0x17"},
		"algorithm":       {guest: snp.Guest{Algorithm: 2}, want: attest.ErrUnsupported, says: "algorithm 2"},
		"another nonce":   {guest: snp.Guest{Data: [64]byte{1, 2, 4}}, want: attest.ErrNonce},
		"no nonce":        {guest: snp.Guest{Data: [64]byte{63: 1}}, want: attest.ErrNonce},
		"debug":           {guest: snp.Guest{Policy: snp.DebugPolicy}, want: attest.ErrPolicy, says: "debug"},
		"migration":       {guest: snp.Guest{Policy: snp.MigratePolicy}, want: attest.ErrPolicy, says: "move the guest"},
		"impossible":      {guest: snp.Guest{Policy: 1 << 16}, want: attest.ErrPolicy, says: "lacks a bit"},
		"asked by host":   {guest: snp.Guest{VMPL: 0xffffffff}, want: attest.ErrPolicy, says: "the host asked for it"},
		"loaded key":      {guest: snp.Guest{KeyInfo: 1 << 2}, want: attest.ErrUnsupported, says: "VLEK"},
		"no key":          {guest: snp.Guest{KeyInfo: 7 << 2}, want: attest.ErrSignature, says: "keeps the chip"},
		"masked key":      {guest: snp.Guest{KeyInfo: 2}, want: attest.ErrSignature, says: "keeps the chip"},
		"masked chip":     {chip: hidden, want: attest.ErrUnsupported, says: "hides which chip"},
		"no certificate":  {certificates: []byte(" "), want: attest.ErrChain, says: "no certificate of it"},
		"another chip's":  {certificates: other.CertificatePEM(), want: attest.ErrChain, says: "another chip"},
		"older firmware":  {chip: older, want: attest.ErrChain, says: "byte 7 is 115, the report has 114"},
		"another vendor":  {chip: foreign, want: attest.ErrChain, says: "unknown authority"},
		"expired":         {chip: expired, want: attest.ErrExpired},
		"not yet":         {policy: func(p *attest.Policy) { p.Now = now.AddDate(0, 0, -2) }, want: attest.ErrExpired},
		"just in time":    {policy: func(p *attest.Policy) { p.Now = now.AddDate(7, 0, -1) }},
		"expired by then": {policy: func(p *attest.Policy) { p.Now = now.AddDate(7, 0, 1) }, want: attest.ErrExpired},
		"allowed": {
			guest:  snp.Guest{Measurement: measured},
			policy: func(p *attest.Policy) { p.Measurements = [][]byte{make([]byte, 48), measured[:]} },
		},
		"another measurement": {
			guest:  snp.Guest{Measurement: [48]byte{8}},
			policy: func(p *attest.Policy) { p.Measurements = [][]byte{measured[:]} },
			want:   attest.ErrMeasurement, says: "it is 08000000",
		},
		"no measurement": {
			policy: func(p *attest.Policy) { p.Measurements = [][]byte{measured[:], {}} }, want: attest.ErrMeasurement,
		},
		"AMD's roots": {
			policy: func(p *attest.Policy) { p.Roots = amdPolicy(t).Roots }, want: attest.ErrChain, says: "unknown authority",
		},
		"one good among others": {
			certificates: append(append(other.CertificatePEM(), vendor.RootsPEM()...), good.CertificatePEM()...),
		},
	} {
		t.Run(name, func(t *testing.T) {
			chip, guest := good, c.guest
			if c.chip != nil {
				chip = c.chip
			}
			if guest.Data == [64]byte{} {
				guest.Data = nonce
			}
			raw, err := chip.Report(guest)
			require.NoError(t, err)
			pems := c.certificates
			if pems == nil {
				pems = chip.CertificatePEM()
			}
			policy := attest.Policy{Roots: roots, Now: now}
			if c.policy != nil {
				c.policy(&policy)
			}
			report, err := attest.Parse(raw)
			if err == nil {
				_, err = attest.Verify(report, nonce, certificates(t, pems), policy)
			}
			if c.want == nil {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, c.want)
			require.ErrorContains(t, err, c.says)
		})
	}
}

func TestCheckRevoked(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	vendor, err := snp.NewVendor(clock)
	require.NoError(t, err)
	stranger, err := snp.NewVendor(clock)
	require.NoError(t, err)
	chip, err := vendor.NewChip(7)
	require.NoError(t, err)
	roots, err := attest.ReadRoots(vendor.RootsPEM())
	require.NoError(t, err)
	raw, err := chip.Report(snp.Guest{})
	require.NoError(t, err)
	report, err := attest.Parse(raw)
	require.NoError(t, err)
	chain, err := attest.Verify(report, report.Data, certificates(t, chip.CertificateDER()),
		attest.Policy{Roots: roots, Now: now})
	require.NoError(t, err)
	require.Len(t, chain, 3)
	list := func(v *snp.Vendor, at time.Time) []byte {
		made, err := v.RevokedList(at)
		require.NoError(t, err)
		return made
	}
	require.NoError(t, attest.CheckRevoked(chain, list(vendor, now), now))
	require.ErrorIs(t, attest.CheckRevoked(chain, list(stranger, now), now), attest.ErrChain)
	require.ErrorIs(t, attest.CheckRevoked(nil, list(vendor, now), now), attest.ErrChain)
	require.ErrorIs(t, attest.CheckRevoked(chain, list(vendor, now.AddDate(0, -2, 0)), now), attest.ErrExpired)
	require.ErrorIs(t, attest.CheckRevoked(chain, list(vendor, now.AddDate(0, 0, 1)), now), attest.ErrExpired)
	require.ErrorIs(t, attest.CheckRevoked(chain, []byte("list"), now), attest.ErrMalformed)
	// Every chip's certificate has serial number 0: the root's list of its own does not mean it.
	vendor.Revoked = []*x509.Certificate{chain[0]}
	require.NoError(t, attest.CheckRevoked(chain, list(vendor, now), now))
	vendor.Revoked = []*x509.Certificate{vendor.Signing()}
	err = attest.CheckRevoked(chain, list(vendor, now), now)
	require.ErrorIs(t, err, attest.ErrRevoked)
	require.ErrorContains(t, err, "SEV-Milan, serial number 2")
}

func TestCheckPlatform(t *testing.T) {
	t.Parallel()
	require.NoError(t, attest.CheckPlatform("snp"))
	for platform, says := range map[string]string{
		"tdx": "Intel TDX", "snp-gpu": "NVIDIA", "tdx-gpu": "NVIDIA", "": "not known", "SNP": "not known",
	} {
		err := attest.CheckPlatform(platform)
		require.ErrorIs(t, err, attest.ErrUnsupported, platform)
		require.ErrorContains(t, err, says, platform)
	}
}
