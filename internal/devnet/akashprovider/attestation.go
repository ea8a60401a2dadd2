// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/manifest"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/snp"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

// The ways in which an attestation can be wrong, for [Faults.Attestation].
const (
	// AttestOldNonce answers with a report for another nonce.
	AttestOldNonce = "old-nonce"
	// AttestForged changes a signed report.
	AttestForged = "forged"
	// AttestForeignChip signs with a chip of another vendor that says it is one of this.
	AttestForeignChip = "foreign-chip"
	// AttestDebug answers for a guest that its host may look into.
	AttestDebug = "debug"
	// AttestTDX says that the guest is of Intel's.
	AttestTDX = "tdx"
	// AttestOneGuest answers for the first pod, whichever was asked for, as gateways of mid 2026 did.
	AttestOneGuest = "one-guest"
	// AttestNone has pods without a sidecar.
	AttestNone = "none"
	// AttestLater has a sidecar that is not up: 503.
	AttestLater = "later"
)

// AttestationFaults lists the values of [Faults.Attestation].
func AttestationFaults() []string {
	return []string{
		AttestOldNonce, AttestForged, AttestForeignChip, AttestDebug, AttestTDX, AttestOneGuest, AttestNone, AttestLater,
	}
}

// quoteBytes is what a gateway reads of a question.
const quoteBytes = 4096

// hardware is the chip that guests run on, with its vendor and one that is not.
type hardware struct {
	vendor        *snp.Vendor
	chip, foreign *snp.Chip
}

// newHardware makes keys, which takes a part of a second.
func (p *AkashProvider) newHardware() (hardware, error) {
	var h hardware
	vendor, err := snp.NewVendor(p.now)
	if err == nil {
		h.chip, err = vendor.NewChip(chipYears)
	}
	var stranger *snp.Vendor
	if err == nil {
		stranger, err = snp.NewVendor(p.now)
	}
	if err == nil {
		h.foreign, err = stranger.NewChip(chipYears)
	}
	h.vendor = vendor
	return h, err
}

const chipYears = 7

// ChipVendor is the manufacturer of the chips that confidential guests run on here: its roots, and its key server.
func (p *AkashProvider) ChipVendor() (*snp.Vendor, error) {
	h, err := p.hardware()
	return h.vendor, err
}

// quote is the answer to a question; binary parts are base64.
type quote struct {
	Report    []byte `json:"report"`
	CertChain []byte `json:"cert_chain"`
	Platform  string `json:"tee_platform"`
	AuxBlob   []byte `json:"auxblob"`
	TLSBound  bool   `json:"tls_bound"`
}

// postQuote hands a question to the sidecar of a pod, and its answer back. What the sidecar refuses comes with words
// of the gateway before it, as in provider v0.16 (source).
func (p *AkashProvider) postQuote(w http.ResponseWriter, r *http.Request, at place) {
	body, err := io.ReadAll(io.LimitReader(r.Body, quoteBytes))
	if err != nil {
		http.Error(w, "failed to read request body", http.StatusBadRequest)
		return
	}
	index, _ := strconv.Atoi(r.URL.Query().Get("podIndex")) // none is the first
	answer, status, err := p.attest(at.lease(p.identity.Address), r.URL.Query().Get("service"), index, body)
	if err != nil {
		http.Error(w, "attestation quote failed: "+err.Error(), status)
		return
	}
	writeJSON(w, answer)
}

func (p *AkashProvider) attest(id ids.LeaseID, service string, index int, body []byte) (quote, int, error) {
	fault := p.Faults().Attestation
	if fault == AttestOneGuest {
		service, index = "", 0
	}
	guest, refusal := p.confidential(id, service, index)
	if fault == AttestNone && refusal == "" {
		refusal = noSidecar(id)
	}
	if refusal != "" {
		return quote{}, http.StatusNotFound, errors.New(refusal)
	}
	data, tlsBound, err := readQuestion(body)
	if err != nil {
		return quote{}, http.StatusBadRequest, fmt.Errorf("proxy to attestation sidecar: %w", err)
	}
	if fault == AttestLater {
		return quote{}, http.StatusServiceUnavailable,
			errors.New("proxy to attestation sidecar: the server is currently unable to handle the request")
	}
	report, err := p.report(guest, data, fault)
	if err != nil {
		return quote{}, http.StatusServiceUnavailable, err
	}
	answer := quote{Report: report, CertChain: []byte{}, AuxBlob: []byte{}, Platform: "snp", TLSBound: tlsBound}
	if fault == AttestTDX {
		answer.Platform = "tdx"
	}
	return answer, http.StatusOK, nil
}

// readQuestion gives what a guest has signed along.
func readQuestion(body []byte) (data [64]byte, tlsBound bool, err error) {
	var ask struct {
		Nonce   string `json:"nonce"`
		BindTLS bool   `json:"bind_tls"`
	}
	if err := json.NewDecoder(bytes.NewReader(body)).Decode(&ask); err != nil {
		return data, false, fmt.Errorf("invalid request: %w", err)
	}
	nonce, err := base64.StdEncoding.DecodeString(ask.Nonce)
	switch {
	case err != nil:
		return data, false, errors.New("nonce must be valid base64")
	case len(nonce) != len(data):
		return data, false, fmt.Errorf("nonce must be exactly 64 bytes, got %d", len(nonce))
	case ask.BindTLS: // to a key that nobody outside sees
		return sha512.Sum512(append([]byte("the sidecar's key"), nonce...)), true, nil
	default:
		return [64]byte(nonce), false, nil
	}
}

// confidential finds a pod that runs in a confidential guest, or says why there is none.
func (p *AkashProvider) confidential(id ids.LeaseID, service string, index int) (pod, string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	l, ok := p.leases[id]
	if !ok || l.workload == nil {
		return pod{}, "kube: lease not found"
	}
	var names []string
	if service != "" {
		names = []string{service}
	}
	all := slices.DeleteFunc(p.pods(id, l.workload, names), func(one pod) bool { return !wantsTEE(one.service) })
	if index < 0 || index >= len(all) {
		return pod{}, noSidecar(id)
	}
	return all[index], ""
}

func wantsTEE(s manifest.Service) bool {
	return s.Params != nil && s.Params.TEE != nil && s.Params.TEE.Attestation
}

func noSidecar(id ids.LeaseID) string {
	return "no running pod with attestation sidecar in namespace " + namespace(id)
}

// report is what the chip says of a pod's guest. The measurement is of what the cluster boots, which follows from the
// size of the machine, and not from the container.
func (p *AkashProvider) report(guest pod, data [64]byte, fault string) ([]byte, error) {
	h, err := p.hardware()
	if err != nil {
		return nil, err
	}
	says := snp.Guest{
		Data: data, ID: sha256.Sum256([]byte(p.identity.Address + guest.name)),
		Measurement: sha512.Sum384(fmt.Appendf(nil, "guest of %s milli-CPU", guest.service.Resources.CPU.Units.Val)),
	}
	chip := h.chip
	switch fault {
	case AttestOldNonce:
		says.Data = sha512.Sum512(data[:])
	case AttestDebug:
		says.Policy = snp.DebugPolicy
	case AttestForeignChip:
		foreign := *h.foreign
		foreign.ID = h.chip.ID
		chip = &foreign
	}
	report, err := chip.Report(says)
	if fault == AttestForged && err == nil {
		report[0x90] ^= 1
	}
	return report, err
}
