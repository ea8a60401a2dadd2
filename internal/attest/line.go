// SPDX-License-Identifier: Apache-2.0

package attest

import (
	"encoding/asn1"
	"encoding/hex"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// amdArc is where AMD's own extensions of certificates are, as text.
const amdArc = "1.3.6.1.4.1.3704.1"

// line is a product line of AMD's. Its chips have their own root, and their own way to count firmware levels.
type line struct {
	name, file string
	// levels are the parts of a TCB by byte; the last arcs of extension 1.3.6.1.4.1.3704.1.3, 0 for none.
	levels [8]int
	// parts are the names of those parts that the key server wants to know, by byte.
	parts [8]string
	// idBytes of a chip's id are the id.
	idBytes int
	// is tells a CPU of the line.
	is func(family, model byte) bool
}

var lines = []line{
	{
		name: "Milan", file: "milan.pem", idBytes: 64,
		levels: [8]int{1, 2, 4, 5, 6, 7, 3, 8}, parts: [8]string{0: "blSPL", 1: "teeSPL", 6: "snpSPL", 7: "ucodeSPL"},
		is: func(family, model byte) bool { return family == 0x19 && model < 0x10 },
	},
	{
		name: "Genoa", file: "genoa.pem", idBytes: 64, // with Bergamo and Siena
		levels: [8]int{1, 2, 4, 5, 6, 7, 3, 8}, parts: [8]string{0: "blSPL", 1: "teeSPL", 6: "snpSPL", 7: "ucodeSPL"},
		is: func(family, model byte) bool {
			return family == 0x19 && (model >= 0x10 && model < 0x20 || model >= 0xa0 && model < 0xb0)
		},
	},
	{
		name: "Turin", file: "turin.pem", idBytes: 8,
		levels: [8]int{0: 9, 1: 1, 2: 2, 3: 3, 7: 8},
		parts:  [8]string{0: "fmcSPL", 1: "blSPL", 2: "teeSPL", 3: "snpSPL", 7: "ucodeSPL"},
		is:     func(family, model byte) bool { return family == 0x1a && model < 0x20 },
	},
}

// linesOf lists the product lines that a report may be of: one, or for reports that do not tell, all that made such.
func (r Report) linesOf() []line {
	var out []line
	for _, l := range lines {
		if l.is(r.Family, r.Model) || r.Version == oldestVersion && l.name != "Turin" {
			out = append(out, l)
		}
	}
	return out
}

// KeyRequest is where a key server that works as AMD's keeps the certificate of a report's signing key.
type KeyRequest struct {
	// Certificate is the path, with a query, of the certificate in DER.
	Certificate string
	// Revoked is the path of the list of revoked certificates of the product line in DER.
	Revoked string
}

// KeyRequests lists where the certificate of the signing key may be; none for a CPU that is not known.
func (r Report) KeyRequests() []KeyRequest {
	var out []KeyRequest
	for _, l := range r.linesOf() {
		var query []string
		for i, part := range l.parts {
			if part != "" {
				query = append(query, url.QueryEscape(part)+"="+strconv.Itoa(int(r.TCB[i])))
			}
		}
		base := "/vcek/v1/" + l.name
		out = append(out, KeyRequest{
			Certificate: base + "/" + hex.EncodeToString(r.ChipID[:l.idBytes]) + "?" + strings.Join(query, "&"),
			Revoked:     base + "/crl",
		})
	}
	return out
}

// belongs says why a signing key's extensions are not of the report's chip and firmware; nil when they are.
func (l line) belongs(extensions map[string][]byte, r Report) error {
	if string(extensions[amdArc+".4"]) != string(r.ChipID[:l.idBytes]) {
		return fmt.Errorf("%w: it belongs to another chip", ErrChain)
	}
	for i, arc := range l.levels {
		have := 0
		if arc != 0 {
			rest, err := asn1.Unmarshal(extensions[amdArc+".3."+strconv.Itoa(arc)], &have)
			if err != nil || len(rest) > 0 {
				return fmt.Errorf("%w: it does not say of which firmware level it is", ErrChain)
			}
		}
		if have != int(r.TCB[i]) {
			return fmt.Errorf("%w: it belongs to another firmware level (byte %d is %d, the report has %d)",
				ErrChain, i, have, r.TCB[i])
		}
	}
	return nil
}
