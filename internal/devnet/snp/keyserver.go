// SPDX-License-Identifier: Apache-2.0

package snp

import (
	"bytes"
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"math/big"
	"net/http"
	"time"
)

// listLife is how long a list of revoked certificates is good.
const listLife = 30 * 24 * time.Hour

// ServeHTTP is the vendor's key server: certificates of its chips by id and firmware level, and the list of revoked
// certificates, all in DER.
func (v *Vendor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/vcek/v1/"+Line+"/crl" {
		list, err := v.RevokedList(v.now())
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		answer(w, "application/pkix-crl", list)
		return
	}
	query := r.URL.Query()
	var asked []string
	for _, part := range []string{"blSPL", "teeSPL", "snpSPL", "ucodeSPL"} {
		asked = append(asked, query.Get(part))
	}
	for _, c := range v.chips {
		level := fmt.Sprint([]int{int(c.TCB[0]), int(c.TCB[1]), int(c.TCB[6]), int(c.TCB[7])})
		if r.URL.Path == "/vcek/v1/"+Line+"/"+hex.EncodeToString(c.ID[:]) && fmt.Sprint(asked) == level {
			answer(w, "application/pkix-cert", c.certificate.Raw)
			return
		}
	}
	http.NotFound(w, r)
}

func answer(w http.ResponseWriter, kind string, body []byte) {
	w.Header().Set("Content-Type", kind)
	_, _ = bytes.NewReader(body).WriteTo(w) // a client that has gone does not concern the simulator
}

// RevokedList is the list of revoked certificates of a moment, signed by the root.
func (v *Vendor) RevokedList(at time.Time) ([]byte, error) {
	list := &x509.RevocationList{
		Number: big.NewInt(1), ThisUpdate: at.Add(-time.Hour), NextUpdate: at.Add(listLife),
		SignatureAlgorithm: x509.SHA384WithRSAPSS,
	}
	for _, c := range v.Revoked {
		list.RevokedCertificateEntries = append(list.RevokedCertificateEntries, x509.RevocationListEntry{
			SerialNumber: c.SerialNumber, RevocationTime: list.ThisUpdate,
		})
	}
	return x509.CreateRevocationList(rand.Reader, list, v.root, v.rootKey)
}
