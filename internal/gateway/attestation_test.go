// SPDX-License-Identifier: Apache-2.0

package gateway_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

func TestAttestationQuote(t *testing.T) {
	t.Parallel()
	ask := gateway.QuoteRequest{Nonce: [64]byte{0xfb, 0xff, 63: 7}, Service: "web app", Pod: 2}
	asked := []byte(`{"bind_tls":false,"nonce":"` + base64.StdEncoding.EncodeToString(ask.Nonce[:]) + `"}`)
	for name, test := range map[string]struct {
		status int
		answer string
		want   error
		says   string
	}{
		"good": {
			status: 200, answer: `{"report":"AQI=","cert_chain":"","tee_platform":"snp","auxblob":"Aw==","tls_bound":false}`,
		},
		"with GPUs": {
			status: 200, answer: `{"report":"AQI=","auxblob":"Aw==","tee_platform":"snp-gpu",` +
				`"gpu_reports":[{"device_index":0,"report":"AQ=="},{"device_index":1,"report":"AQ=="}]}`,
		},
		"no report":    {status: 200, answer: `{"tee_platform":"snp"}`, want: gateway.ErrUnavailable, says: "no report"},
		"no platform":  {status: 200, answer: `{"report":"AQI="}`, want: gateway.ErrUnavailable, says: "no platform"},
		"not base64":   {status: 200, answer: `{"report":"?","tee_platform":"snp"}`, want: gateway.ErrUnavailable},
		"nonsense":     {status: 200, answer: `[]`, want: gateway.ErrUnavailable},
		"no route":     {status: 404, answer: "404 page not found\n", want: gateway.ErrNoAttestation},
		"other method": {status: 405, want: gateway.ErrNoAttestation},
		"no sidecar": {
			status: 404, answer: "attestation quote failed: no running pod with attestation sidecar in namespace abc\n",
			want: gateway.ErrNoAttestation, says: "no running pod",
		},
		"no lease": {
			status: 404, answer: "attestation quote failed: kube: lease not found", want: gateway.ErrLeaseNotFound,
		},
		"not yet": {
			status: 503, answer: "attestation quote failed: proxy to attestation sidecar: later", want: gateway.ErrUnavailable,
		},
		"scope":   {status: 401, answer: `{"message":"unauthorized access"}`, want: gateway.ErrUnauthorized},
		"refused": {status: 400, answer: "attestation quote failed: odd", says: "HTTP 400: attestation quote failed: odd"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := gatewayOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, err := io.ReadAll(r.Body)
				if err != nil || !bytes.Equal(body, asked) || r.Method != http.MethodPost ||
					r.Header.Get("Authorization") == "" ||
					r.URL.RequestURI() != "/lease/2001/1/1/attestation/quote?podIndex=2&service=web+app" {
					w.WriteHeader(http.StatusTeapot)
					return
				}
				w.WriteHeader(test.status)
				_, _ = w.Write([]byte(test.answer))
			}), &counting{})
			quote, err := client.AttestationQuote(t.Context(), lease, ask)
			if test.want == nil && test.says == "" {
				require.NoError(t, err)
				require.Equal(t, []byte{1, 2}, quote.Report)
				require.Equal(t, []byte{3}, quote.AuxBlob)
				require.Empty(t, quote.CertChain)
				require.Equal(t, map[string]int{"snp": 0, "snp-gpu": 2}[quote.Platform], quote.GPUReports)
				return
			}
			if test.want != nil {
				require.ErrorIs(t, err, test.want)
			}
			require.ErrorContains(t, err, test.says)
			require.ErrorContains(t, err, "attestation of lease "+lease.String())
			if errors.Is(test.want, gateway.ErrLeaseNotFound) {
				require.NotErrorIs(t, err, gateway.ErrNoAttestation)
			}
		})
	}
}

func TestAttestationQuote_otherProvider(t *testing.T) {
	t.Parallel()
	client := gatewayOf(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("the nonce is nobody else's business")
	}), &counting{})
	_, err := client.AttestationQuote(t.Context(), ids.LeaseID{
		Owner: owner, DSeq: 2001, GSeq: 1, OSeq: 1, ProviderAddr: otherSeller,
	}, gateway.QuoteRequest{})
	require.ErrorContains(t, err, "is not with the Akash provider")
}

// FuzzDecodeQuote reads foreign bytes: what is taken has a report and a platform that is fit to show.
func FuzzDecodeQuote(f *testing.F) {
	f.Add([]byte(`{"report":"AQI=","cert_chain":"","tee_platform":"snp","auxblob":"Aw==","gpu_reports":[{}]}`))
	f.Add([]byte(`{"report":"AQI=","tee_platform":"\u0007"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		quote, err := gateway.DecodeQuote(body)
		if err == nil {
			require.NotEmpty(t, quote.Report)
			require.NotContains(t, quote.Platform, "\n")
			require.LessOrEqual(t, len([]rune(quote.Platform)), 400)
		}
	})
}
