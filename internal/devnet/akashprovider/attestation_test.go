// SPDX-License-Identifier: Apache-2.0

package akashprovider_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/manifest"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/snp"
)

// confidential gives the manifest of two replicas of a service in guests that attest themselves.
func confidential(t *testing.T, w *world, who account, dseq uint64) {
	t.Helper()
	body, _ := webManifest(t, firstEnv)
	m, err := manifest.Decode(bytes.NewReader(body))
	require.NoError(t, err)
	m[0].Services[0].Params = &manifest.Params{TEE: &manifest.TEE{Type: "cpu", Attestation: true}}
	m[0].Services[0].Count = 2
	spec := webGroup()
	spec.Resources[0].Count = 2
	body, err = json.Marshal(m)
	require.NoError(t, err)
	leasedWith(t, w, who, dseq, body, spec)
	deliver(t, w, who, dseq, body)
}

// TestGateway_attestation asks for quotes, rightly, wrongly, and with every fault. What a quote is worth is judged
// elsewhere, by code that the devnet knows nothing of.
func TestGateway_attestation(t *testing.T) {
	t.Parallel()
	w := start(t, func(s *akashprovider.Spec) { s.ReadyDelayBlocks = 0; *s = s.Confidential() })
	tenant := tenantOf(t, w)
	confidential(t, w, tenant, 7)
	w.settle(t, 2)
	nonce := bytes.Repeat([]byte{5}, 64)
	ask := func(query, nonce string) (int, string) {
		return call(t, w, tenant, http.MethodPost, "/lease/7/1/1/attestation/quote"+query, []byte(nonce))
	}
	good := `{"nonce":"` + base64.StdEncoding.EncodeToString(nonce) + `","bind_tls":false}`
	var first, second struct {
		Report    []byte `json:"report"`
		CertChain string `json:"cert_chain"`
		Platform  string `json:"tee_platform"`
		Bound     bool   `json:"tls_bound"`
	}
	_, text := ask("?service=web&podIndex=0", good)
	require.NoError(t, json.Unmarshal([]byte(text), &first), text)
	_, text = ask("?service=web&podIndex=1", good)
	require.NoError(t, json.Unmarshal([]byte(text), &second), text)
	require.Equal(t, "snp", first.Platform)
	require.Empty(t, first.CertChain, "the sidecar sends none")
	require.Len(t, first.Report, 1184)
	require.Equal(t, nonce, first.Report[0x50:0x90])
	require.NotEqual(t, first.Report[0x140:0x160], second.Report[0x140:0x160], "each pod is a guest of its own")
	require.Equal(t, first.Report[0x90:0xc0], second.Report[0x90:0xc0], "launched alike")
	_, text = ask("", `{"nonce":"`+base64.StdEncoding.EncodeToString(nonce)+`","bind_tls":true}`)
	require.NoError(t, json.Unmarshal([]byte(text), &second), text)
	require.True(t, second.Bound)
	require.NotEqual(t, nonce, second.Report[0x50:0x90])

	const failed, sidecar = "attestation quote failed: ", "attestation quote failed: proxy to attestation sidecar: "
	for query, c := range map[string]struct {
		body, says string
		status     int
	}{
		"?service=web&podIndex=2": {good, failed + "no running pod with attestation sidecar in namespace ", 404},
		"?service=db":             {good, failed + "no running pod with attestation sidecar in namespace ", 404},
		"?a":                      {`{"nonce":"AAAA"}`, sidecar + "nonce must be exactly 64 bytes, got 3", 400},
		"?b":                      {`{"nonce":"?"}`, sidecar + "nonce must be valid base64", 400},
		"?c":                      {"", sidecar + "invalid request: EOF", 400},
	} {
		status, text := ask(query, c.body)
		require.Equal(t, c.status, status, query)
		require.Contains(t, text, c.says, query)
	}
	status, text := call(t, w, tenant, http.MethodPost, "/lease/8/1/1/attestation/quote", []byte(good))
	require.Equal(t, failed+"kube: lease not found", text)
	require.Equal(t, http.StatusNotFound, status)

	for _, fault := range akashprovider.AttestationFaults() {
		w.SetFaults(akashprovider.Faults{Attestation: fault})
		status, text := ask("?service=web&podIndex=1", good)
		require.Equal(t, map[string]int{
			akashprovider.AttestNone: 404, akashprovider.AttestLater: 503,
		}[fault], map[bool]int{true: 0, false: status}[status == http.StatusOK], "%s: %s", fault, text)
	}

	vendor, err := w.ChipVendor()
	require.NoError(t, err)
	server := httptest.NewServer(vendor)
	t.Cleanup(server.Close)
	chip := hex.EncodeToString(first.Report[0x1a0:0x1e0])
	for path, want := range map[string]int{
		"/" + chip + "?blSPL=3&teeSPL=0&snpSPL=8&ucodeSPL=115": 200,
		"/" + chip + "?blSPL=3&teeSPL=0&snpSPL=8&ucodeSPL=114": 404,
		"/" + chip: 404, "/00": 404, "/crl": 200,
	} {
		answer, err := http.Get(server.URL + "/vcek/v1/" + snp.Line + path)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		require.Equal(t, want, answer.StatusCode, path)
	}
}

// TestGateway_noAttestation has no such route where the Akash provider has no confidential computing.
func TestGateway_noAttestation(t *testing.T) {
	t.Parallel()
	w := start(t, nil)
	status, text := call(t, w, tenantOf(t, w), http.MethodPost, "/lease/7/1/1/attestation/quote", nil)
	require.Equal(t, http.StatusNotFound, status)
	require.Equal(t, "404 page not found", text)
}
