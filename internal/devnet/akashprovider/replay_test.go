// SPDX-License-Identifier: Apache-2.0

package akashprovider_test

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
)

// recording is one exchange with an official Akash provider.
type recording struct {
	Request struct {
		Method string         `json:"method"`
		Path   string         `json:"path"`
		Auth   string         `json:"auth"`
		Token  string         `json:"token"`
		Alg    string         `json:"alg"`
		Claims map[string]any `json:"claims_over_default"`
		Body   string         `json:"body"`
	} `json:"request"`
	Response struct {
		Status      int             `json:"status"`
		Proto       string          `json:"proto"`
		ContentType string          `json:"content_type"`
		Body        json.RawMessage `json:"body"`
	} `json:"response"`
}

func readRecording(t *testing.T, name string) recording {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata/gateway", name+".json"))
	require.NoError(t, err)
	var r recording
	require.NoError(t, json.Unmarshal(text, &r))
	return r
}

// replay is the situation in which the exchanges were recorded.
type replay struct {
	*world
	accounts map[string]account
	played   []string
}

// play sends one request in its situation and compares the answer: status, content type, body.
func (r *replay) play(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		rec := readRecording(t, name)
		got := r.send(t, rec)
		body := got.body
		require.Equal(t, rec.Response.Status, got.status, "%s: %s", name, body)
		require.Equal(t, rec.Response.ContentType, got.contentType, name)
		require.Equal(t, rec.Response.Proto, got.proto, name)
		var text string
		switch {
		case json.Unmarshal(rec.Response.Body, &text) == nil:
			require.Equal(t, text, strings.TrimSuffix(string(body), "\n"), name)
		case name == "status" || name == "version":
			require.Equal(t, outline(t, rec.Response.Body), outline(t, body), name)
		default:
			require.Equal(t, compact(t, rec.Response.Body), string(body), name)
		}
		r.played = append(r.played, name)
	}
}

func (r *replay) send(t *testing.T, rec recording) answer {
	t.Helper()
	var payload io.Reader
	if rec.Request.Body != "" {
		payload = bytes.NewReader(r.body(t, rec.Request.Body))
	}
	req, err := http.NewRequestWithContext(t.Context(), rec.Request.Method, r.HostURI()+rec.Request.Path, payload)
	require.NoError(t, err)
	auth := rec.Request.Auth
	who := r.accounts[auth[strings.LastIndex(auth, " ")+1:]]
	var certificate *tls.Certificate
	if strings.Contains(auth, "client certificate") {
		certificate = who.certificate
	}
	if strings.Contains(auth, "JWT") {
		alg := rec.Request.Alg
		if alg == "" {
			alg = "ES256K"
		}
		req.Header.Set("Authorization", "Bearer "+bearer(t, who, alg, r.claims(t, who, rec.Request.Claims)))
	}
	if rec.Request.Token != "" {
		req.Header.Set("Authorization", "Bearer "+rec.Request.Token)
	}
	return do(t, req, certificate)
}

// answer is what a gateway said.
type answer struct {
	status             int
	proto, contentType string
	body               []byte
}

// text is the body without the newline at its end.
func (a answer) text() string { return strings.TrimSuffix(string(a.body), "\n") }

// do sends a request with or without a client certificate. Who answers is checked by another test.
func do(t *testing.T, req *http.Request, certificate *tls.Certificate) answer {
	t.Helper()
	config := &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS13}
	if certificate != nil {
		config.Certificates = []tls.Certificate{*certificate}
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: config, DisableKeepAlives: true}}
	res, err := client.Do(req)
	require.NoError(t, err)
	defer func() { require.NoError(t, res.Body.Close()) }()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return answer{res.StatusCode, res.Proto, res.Header.Get("Content-Type"), body}
}

// claims are the default claims with what the recording replaced.
func (r *replay) claims(t *testing.T, who account, over map[string]any) map[string]any {
	t.Helper()
	now := r.clock.Now()
	claims := map[string]any{
		"iss": who.address, "iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(15 * time.Minute).Unix(), "version": "v1",
		"leases": map[string]any{"access": "full"},
	}
	for key, value := range over {
		text, isText := value.(string)
		switch {
		case value == nil:
			delete(claims, key)
		case isText && strings.HasPrefix(text, "now"):
			offset, err := time.ParseDuration(strings.TrimPrefix(text, "now"))
			require.NoError(t, err)
			claims[key] = now.Add(offset).Unix()
		default:
			claims[key] = value
		}
	}
	return claims
}

const (
	firstEnv   = "FOO=bar"
	updatedEnv = "FOO=updated"
)

func (r *replay) body(t *testing.T, what string) []byte {
	t.Helper()
	env := map[string]string{
		"manifest of web.yaml": firstEnv, "manifest of the updated SDL": updatedEnv,
		"manifest of the coming update": updatedEnv, "manifest of another SDL": "FOO=other",
	}
	if env[what] == "" {
		return []byte(what)
	}
	body, _ := webManifest(t, env[what])
	return body
}

// compact is a JSON text without the spaces between its parts; names keep their order, numbers their form.
func compact(t *testing.T, text []byte) string {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, json.Compact(&out, text))
	return out.String()
}

// outline is a JSON text with kinds for values and, of a list, the first element: what another cluster's answer has to
// have in common with the recorded one.
func outline(t *testing.T, text []byte) string {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(text))
	var walk func() string
	walk = func() string {
		token, err := dec.Token()
		require.NoError(t, err)
		delim, composed := token.(json.Delim)
		if !composed {
			return fmt.Sprintf("%T", token)
		}
		var parts []string
		for dec.More() {
			part := ""
			if delim == '{' {
				name, err := dec.Token()
				require.NoError(t, err)
				part = fmt.Sprintf("%q: ", name)
			}
			parts = append(parts, part+walk())
		}
		end, err := dec.Token()
		require.NoError(t, err)
		if delim == '[' && len(parts) > 1 {
			parts = parts[:1]
		}
		return fmt.Sprintf("%v%s%v", delim, strings.Join(parts, ", "), end)
	}
	return walk()
}

// TestGateway_recordings plays every recorded exchange in its situation, in the order of the session.
func TestGateway_recordings(t *testing.T) {
	t.Parallel()
	w := start(t, func(s *akashprovider.Spec) {
		s.PersistentStorage = []akashprovider.StoragePool{{Class: "beta2", Bytes: 1}}
	})
	now := w.clock.Now()
	r := &replay{world: w, accounts: map[string]account{
		"tenant":  newAccount(t, 1).withCertificate(t, now, nil),
		"tenant2": newAccount(t, 2).withCertificate(t, now, nil),
		"granter": newAccount(t, 8),
	}}
	tenant := r.accounts["tenant"]
	w.chain.know(tenant, r.accounts["tenant2"], r.accounts["granter"])
	w.chain.publishAccount(tenant)
	w.chain.publishAccount(r.accounts["tenant2"])

	// Three deployments with open bids; 2001 gets its manifest before its lease.
	_, firstHash := webManifest(t, firstEnv)
	_, updatedHash := webManifest(t, updatedEnv)
	orders := map[uint64]marketv1.OrderID{}
	for dseq := uint64(2001); dseq <= 2003; dseq++ {
		orders[dseq] = bidden(t, w, dseq, firstHash)
	}
	r.play(t, "address", "version", "status", "validate_route", "unknown_lease_route",
		"status_before_lease", "status_unknown_dseq", "manifest_before_lease_wrong_hash", "manifest_unknown_dseq")
	early := readRecording(t, "manifest_jwt_ok") // the same PUT, one lease too early
	got := r.send(t, early)
	require.Equal(t, http.StatusNotFound, got.status)
	require.Equal(t, "no lease for deployment", got.text())

	// Leases; the manifest of 2001 is here already, 2003's was wrong, 2002 has none.
	for dseq := uint64(2001); dseq <= 2003; dseq++ {
		w.chain.lease(orders[dseq], w.Address())
	}
	w.settle(t, 1)
	eventually(t, "the kept manifest deployed", func() bool {
		_, ok := w.Deployed(leaseOf(orders[2001], w.Address()))
		return ok
	})
	r.play(t, "status_lease_after_early_put", "get_manifest_after_early_put", "status_after_early_wrong_put",
		"status_before_manifest", "service_before_manifest")
	r.playSockets(t, "ws_logs_before_manifest")

	// Manifests, and time for the services to come up.
	r.play(t, "manifest_new_before_update", "manifest_first_put", "manifest_jwt_ok", "manifest_again_mtls",
		"manifest_both_auths", "manifest_empty", "manifest_object", "manifest_no_body", "manifest_post",
		"manifest_jwt_scoped_without_send", "jwt_granular_send_manifest", "jwt_granular_send_manifest_missing")
	w.settle(t, 3)
	r.play(t, "status_ready", "get_manifest", "service_unknown", "status_jwt_adr36", "status_jwt_bad_access",
		"status_jwt_expired", "status_jwt_granular_other_provider", "status_jwt_granular_scoped", "status_jwt_no_exp",
		"status_jwt_no_iss", "status_jwt_not_yet", "status_jwt_scoped_empty", "status_jwt_scoped_ok",
		"status_jwt_unknown_scope", "status_no_auth", "status_bearer_garbage", "status_no_certificate_account",
		"status_other_tenant", "status_unknown_group", "jwt_granular_other_dseq", "jwt_granular_other_gseq",
		"jwt_granular_service_status", "jwt_granular_services")
	r.playSockets(t, "ws_logs", "ws_logs_bad_tail", "ws_logs_no_auth", "ws_events")

	// Update of 2001 and 2002.
	for id, d := range w.chain.deployments {
		if id.DSeq != 2003 {
			w.chain.do(func() { d.Deployment.Hash = updatedHash })
		}
	}
	r.play(t, "manifest_old_after_update", "manifest_new_after_update")

	// The lease of 2002 ends, the deployment stays; 2001 is closed altogether.
	w.chain.end(orders[2002], w.Address())
	w.chain.end(orders[2001], w.Address())
	w.settle(t, 1)
	r.play(t, "manifest_after_lease_close", "status_after_lease_close", "manifest_after_close", "status_after_close")

	files, err := filepath.Glob("testdata/gateway/*.json")
	require.NoError(t, err)
	for _, file := range files {
		require.Contains(t, r.played, strings.TrimSuffix(filepath.Base(file), ".json"))
	}
}
