// SPDX-License-Identifier: Apache-2.0

package attest_test

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/attest"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/snp"
)

func TestParse(t *testing.T) {
	t.Parallel()
	genuine := read(t, "milan-report.bin")
	for name, c := range map[string]struct {
		change func(r []byte) []byte
		says   string
	}{
		"short":             {func(r []byte) []byte { return r[:len(r)-1] }, "1183 bytes"},
		"long":              {func(r []byte) []byte { return append(r, 0) }, "1185 bytes"},
		"empty":             {func([]byte) []byte { return nil }, "0 bytes"},
		"long first part":   {func(r []byte) []byte { r[0x2a0+48] = 1; return r }, "longer than one of P-384"},
		"long second part":  {func(r []byte) []byte { r[0x2a0+72+71] = 1; return r }, "longer than one of P-384"},
		"behind the second": {func(r []byte) []byte { r[len(r)-1] = 1; return r }, "behind the signature"},
	} {
		_, err := attest.Parse(c.change(bytes.Clone(genuine)))
		require.ErrorIs(t, err, attest.ErrMalformed, name)
		require.ErrorContains(t, err, c.says, name)
	}
	report, err := attest.Parse(genuine)
	require.NoError(t, err)
	clear(genuine)
	again, err := attest.Parse(read(t, "milan-report.bin"))
	require.NoError(t, err)
	require.Equal(t, again, report, "a report keeps none of what it was read from")
}

// table is a host's table of certificates: an entry of another kind, the chip's, the empty one, then the data.
func table(der []byte, offset, length int) []byte {
	out := make([]byte, 3*24)
	copy(out, bytes.Repeat([]byte{7}, 16))
	copy(out[24:], []byte{0x63, 0xda, 0x75, 0x8d, 0xe6, 0x64, 0x45, 0x64, 0xad, 0xc5, 0xf4, 0xb9, 0x3b, 0xe8, 0xac, 0xcd})
	binary.LittleEndian.PutUint32(out[24+16:], uint32(offset))
	binary.LittleEndian.PutUint32(out[24+20:], uint32(length))
	return slices.Concat(out, der)
}

func TestCertificates(t *testing.T) {
	t.Parallel()
	vendor, err := snp.NewVendor(time.Now)
	require.NoError(t, err)
	der := read(t, "milan-vcek.der")
	for name, c := range map[string]struct {
		chain, table []byte
		want         int
		says         string
	}{
		"nothing":              {},
		"white space":          {chain: []byte("\n")},
		"DER":                  {chain: der, want: 1},
		"a table":              {table: table(der, 72, len(der)), want: 1},
		"both":                 {chain: der, table: table(der, 72, len(der)), want: 2},
		"authorities":          {chain: vendor.RootsPEM()},
		"no certificate":       {chain: []byte("nonsense"), says: "certificate chain"},
		"a key":                {chain: []byte("-----BEGIN KEY-----\nAAAA\n-----END KEY-----\n"), says: `type "KEY"`},
		"a table cut":          {table: table(der, 72, len(der)+1), says: "ends too early"},
		"a table that wraps":   {table: table(der, 0xffffffff, 0xffffffff), says: "ends too early"},
		"a table of rubbish":   {table: table(der, 0, 24), says: "in the host's table"},
		"half an entry":        {table: make([]byte, 23)},
		"a table without ours": {table: table(nil, 72, 0)[:24]},
	} {
		found, err := attest.Certificates(c.chain, c.table)
		if c.says != "" {
			require.ErrorIs(t, err, attest.ErrMalformed, name)
			require.ErrorContains(t, err, c.says, name)
			continue
		}
		require.NoError(t, err, name)
		require.Len(t, found, c.want, name)
	}
}

func TestReadRoots(t *testing.T) {
	t.Parallel()
	vendor, err := snp.NewVendor(time.Now)
	require.NoError(t, err)
	chip, err := vendor.NewChip(1)
	require.NoError(t, err)
	roots := vendor.RootsPEM()
	signing := roots[bytes.LastIndex(roots, []byte("-----BEGIN")):]
	_, err = attest.ReadRoots(roots)
	require.NoError(t, err)
	for says, text := range map[string][]byte{
		"no self-signed certificate": signing, "so no root": nil,
		"not of an authority": append(chip.CertificatePEM(), roots...),
		"certificate 1":       []byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
	} {
		_, err = attest.ReadRoots(text)
		require.ErrorIs(t, err, attest.ErrMalformed)
		require.ErrorContains(t, err, says)
	}
}

// FuzzParse reads foreign bytes: nothing panics, and nothing but a chip's own report is ever good.
func FuzzParse(f *testing.F) {
	genuine, key := read(f, "milan-report.bin"), certificates(f, read(f, "milan-vcek.der"))
	policy := amdPolicy(f)
	f.Add(genuine)
	f.Add(read(f, "milan-debug-report.bin"))
	f.Add(genuine[:0x2a0])
	f.Fuzz(func(t *testing.T, raw []byte) {
		report, err := attest.Parse(raw)
		if err != nil {
			return
		}
		report.KeyRequests()
		_, err = attest.Verify(report, report.Data, key, policy)
		if err == nil && !bytes.Equal(raw[:0x2a0], genuine[:0x2a0]) {
			t.Fatalf("a report that no chip signed was taken")
		}
	})
}

// FuzzCertificates reads foreign bytes.
func FuzzCertificates(f *testing.F) {
	der := read(f, "milan-vcek.der")
	f.Add(der, table(der, 72, len(der)))
	f.Add([]byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"), []byte{})
	f.Fuzz(func(t *testing.T, chain, hosts []byte) {
		found, err := attest.Certificates(chain, hosts)
		if err == nil {
			for _, c := range found {
				require.False(t, c.IsCA)
			}
		}
	})
}
