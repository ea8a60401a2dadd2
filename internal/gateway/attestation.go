// SPDX-License-Identifier: Apache-2.0

package gateway

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

// ErrNoAttestation: the gateway has no attestation quotes, or none of this lease's pods can make one. A retry does not
// help.
var ErrNoAttestation = errors.New("gateway has no attestation for the lease")

// QuoteRequest asks a confidential virtual machine of a lease what it is.
type QuoteRequest struct {
	// Nonce is signed along; it must be random and used once.
	Nonce [64]byte
	// Service and Pod, from 0, say which machine. Gateways before November 2026 answer for any.
	Service string
	Pod     int
}

// Quote is evidence as the hardware made it. The gateway neither made nor checked it, and may have replaced it.
type Quote struct {
	// Platform is what the machine calls itself: snp, tdx, snp-gpu or tdx-gpu.
	Platform string
	// Report is signed by the CPU.
	Report []byte
	// CertChain and AuxBlob may hold certificates of the signing key; today's machines leave the first empty.
	CertChain, AuxBlob []byte
	// GPUReports is how many GPUs sent evidence of their own.
	GPUReports int
}

// AttestationQuote asks one machine of a lease for evidence. The scope of the token is "attestation".
//
// Errors: [ErrLeaseNotFound]; [ErrNoAttestation]; [ErrUnavailable], also while the machine has none yet.
func (c *Client) AttestationQuote(ctx context.Context, id ids.LeaseID, ask QuoteRequest) (Quote, error) {
	if id.ProviderAddr != c.providerAddr {
		return Quote{}, fmt.Errorf("lease %s is not with the Akash provider %s of this gateway", id, c.providerAddr)
	}
	body, err := json.Marshal(map[string]any{
		"nonce": base64.StdEncoding.EncodeToString(ask.Nonce[:]), "bind_tls": false,
	})
	if err != nil {
		return Quote{}, fmt.Errorf("encode a question for attestation: %w", err)
	}
	query := url.Values{"service": {ask.Service}, "podIndex": {strconv.Itoa(ask.Pod)}}
	answer, err := c.call(ctx, request{
		method: http.MethodPost, protected: true, body: body,
		path: fmt.Sprintf("/lease/%d/%d/%d/attestation/quote?%s", id.DSeq, id.GSeq, id.OSeq, query.Encode()),
	})
	var refused *RefusedError
	if errors.As(err, &refused) && refused.cause == nil &&
		(refused.Status == http.StatusNotFound || refused.Status == http.StatusMethodNotAllowed) {
		err = fmt.Errorf("%w: %w", ErrNoAttestation, err)
	}
	var quote Quote
	if err == nil {
		if quote, err = decodeQuote(answer); err != nil {
			err = fmt.Errorf("%w: answer cannot be read: %w", ErrUnavailable, err)
		}
	}
	return quote, c.wrap(err, "attestation of lease %s", id)
}

// decodeQuote reads an answer; everything binary in it is base64.
func decodeQuote(body []byte) (Quote, error) {
	var answer struct {
		Report     []byte            `json:"report"`
		CertChain  []byte            `json:"cert_chain"`
		Platform   string            `json:"tee_platform"`
		AuxBlob    []byte            `json:"auxblob"`
		GPUReports []json.RawMessage `json:"gpu_reports"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return Quote{}, err
	}
	if len(answer.Report) == 0 || answer.Platform == "" {
		return Quote{}, errors.New("it has no report, or names no platform")
	}
	return Quote{
		Platform: bodyText([]byte(answer.Platform)), Report: answer.Report, CertChain: answer.CertChain,
		AuxBlob: answer.AuxBlob, GPUReports: len(answer.GPUReports),
	}, nil
}
