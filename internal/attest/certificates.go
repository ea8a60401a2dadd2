// SPDX-License-Identifier: Apache-2.0

package attest

import (
	"bytes"
	"crypto/x509"
	"encoding/binary"
	"fmt"
)

const (
	// entryBytes is the length of an entry in a host's table of certificates: an id, where it begins, how long it is.
	entryBytes = 24
	// maxEntries is more than any host has; the table ends with an empty entry.
	maxEntries = 64
)

// vcekID is the id of the chip's certificate in a host's table: 63da758d-e664-4564-adc5-f4b93be8accd.
var vcekID = [16]byte{0x63, 0xda, 0x75, 0x8d, 0xe6, 0x64, 0x45, 0x64, 0xad, 0xc5, 0xf4, 0xb9, 0x3b, 0xe8, 0xac, 0xcd}

// Certificates finds what may be certificates of signing keys in the two places where evidence can carry them: a chain
// in PEM or one certificate in DER, and a host's table (AMD publication 56421). Either may be empty. Certificates of
// authorities are left out: nobody is trusted for having sent one. The error is an [ErrMalformed].
func Certificates(chain, table []byte) ([]*x509.Certificate, error) {
	var all []*x509.Certificate
	switch {
	case len(bytes.TrimSpace(chain)) == 0:
	case bytes.Contains(chain, []byte("-----BEGIN")):
		read, err := readPEM(chain)
		if err != nil {
			return nil, err
		}
		all = read
	default:
		c, err := x509.ParseCertificate(chain)
		if err != nil {
			return nil, fmt.Errorf("%w: the certificate chain: %w", ErrMalformed, err)
		}
		all = append(all, c)
	}
	der, err := inTable(table)
	if err != nil {
		return nil, err
	}
	if der != nil {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, fmt.Errorf("%w: the certificate in the host's table: %w", ErrMalformed, err)
		}
		all = append(all, c)
	}
	var out []*x509.Certificate
	for _, c := range all {
		if !c.IsCA {
			out = append(out, c)
		}
	}
	return out, nil
}

// inTable finds the chip's certificate in a host's table; nil when it has none.
func inTable(table []byte) ([]byte, error) {
	for i := range maxEntries {
		at := i * entryBytes
		if at+entryBytes > len(table) {
			break
		}
		entry := table[at : at+entryBytes]
		if !bytes.ContainsFunc(entry, func(r rune) bool { return r != 0 }) {
			break
		}
		from, length := binary.LittleEndian.Uint32(entry[16:]), binary.LittleEndian.Uint32(entry[20:])
		if !bytes.Equal(entry[:16], vcekID[:]) {
			continue
		}
		if uint64(from)+uint64(length) > uint64(len(table)) {
			return nil, fmt.Errorf("%w: the host's table of certificates ends too early", ErrMalformed)
		}
		return table[from : uint64(from)+uint64(length)], nil
	}
	return nil, nil
}
