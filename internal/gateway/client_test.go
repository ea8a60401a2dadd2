// SPDX-License-Identifier: Apache-2.0

package gateway_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
)

type recording struct {
	Name        string          `json:"name"`
	Method      string          `json:"method"`
	Path        string          `json:"path"`
	Status      int             `json:"status"`
	ContentType string          `json:"content_type"`
	Body        json.RawMessage `json:"body"`
}

// bytes gives the body as it was on the wire: a JSON string stands for text.
func (r recording) bytes(t testing.TB) []byte {
	var text string
	if json.Unmarshal(r.Body, &text) == nil {
		return []byte(text)
	}
	var compact bytes.Buffer
	require.NoError(t, json.Compact(&compact, r.Body))
	return compact.Bytes()
}

func recordings(t testing.TB) map[string]recording {
	t.Helper()
	raw, err := os.ReadFile("testdata/recordings/responses.json")
	require.NoError(t, err)
	var list []recording
	require.NoError(t, json.Unmarshal(raw, &list))
	byName := make(map[string]recording)
	for _, r := range list {
		byName[r.Name] = r
	}
	return byName
}

func replay(t *testing.T, r recording) http.Handler {
	t.Helper()
	body := r.bytes(t)
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if r.ContentType != "" {
			w.Header().Set("Content-Type", r.ContentType)
		}
		w.WriteHeader(r.Status)
		_, _ = w.Write(body)
	})
}

func TestRefusals_recorded(t *testing.T) {
	t.Parallel()
	all := recordings(t)
	cases := map[string]struct {
		is   error
		body string
	}{
		"status_before_manifest":    {gateway.ErrLeaseNotFound, ""},
		"service_unknown":           {gateway.ErrServiceNotFound, "kube: no service for that lease"},
		"manifest_after_close":      {gateway.ErrNoLease, "no lease for deployment"},
		"manifest_old_after_update": {gateway.ErrManifestVersion, "manifest version validation failed"},
		"manifest_empty":            {gateway.ErrManifestInvalid, "manifest is empty"},
		"manifest_object":           {gateway.ErrManifestInvalid, "json"},
		"manifest_unknown_dseq":     {gateway.ErrUnavailable, "Deployment not found"},
		"status_bearer_garbage":     {gateway.ErrUnauthorized, "JWT is invalid"},
		"status_jwt_expired":        {gateway.ErrUnauthorized, "JWT has invalid claims"},
		"status_no_auth":            {gateway.ErrUnauthorized, "unauthorized access"},
		"manifest_both_auths":       {gateway.ErrUnauthorized, "ambiguous authentication"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, ok := all[name]
			require.True(t, ok)
			client := gatewayOf(t, replay(t, r), gateway.NewJWT(tenantKey(t), nil))
			var err error
			switch {
			case strings.HasPrefix(name, "manifest_"):
				err = client.SubmitManifest(t.Context(), 2001, []byte(`[]`))
			case strings.HasPrefix(name, "service_"):
				_, err = client.ServiceStatus(t.Context(), lease, "web")
			default:
				_, err = client.LeaseStatus(t.Context(), lease)
			}
			require.ErrorIs(t, err, tc.is)
			var refused *gateway.RefusedError
			require.ErrorAs(t, err, &refused)
			require.Equal(t, r.Status, refused.Status)
			require.Contains(t, refused.Body, tc.body)
		})
	}
}

func TestAnswers_recorded(t *testing.T) {
	t.Parallel()
	all := recordings(t)
	mux := http.NewServeMux()
	mux.Handle("GET /lease/2001/1/1/status", replay(t, all["status_ready"]))
	mux.Handle("GET /lease/2001/1/1/manifest", replay(t, all["get_manifest"]))
	for _, name := range []string{"status", "version", "address"} {
		answer := replay(t, all[name])
		mux.HandleFunc("GET /"+name, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "" {
				t.Error("a public route got a token")
			}
			answer.ServeHTTP(w, r)
		})
	}
	client := gatewayOf(t, mux, gateway.NewJWT(tenantKey(t), nil))

	status, err := client.LeaseStatus(t.Context(), lease)
	require.NoError(t, err)
	require.Equal(t, []string{"bhcf1c66rp81l9ethklviahq3c.ingress.local.test"}, status.Services["web"].URIs)
	require.True(t, status.Ready())
	require.Nil(t, status.IPs)

	manifest, err := client.LeaseManifest(t.Context(), lease)
	require.NoError(t, err)
	require.True(t, json.Valid(manifest))

	about, err := client.ProviderStatus(t.Context())
	require.NoError(t, err)
	require.Equal(t, seller, about.Address)

	version, err := client.Version(t.Context())
	require.NoError(t, err)
	require.Equal(t, "0.14.1-main", version.Version)

	address, err := client.Address(t.Context())
	require.NoError(t, err)
	require.Equal(t, seller, address)

	foreign := lease
	foreign.ProviderAddr = otherSeller
	_, err = client.LeaseStatus(t.Context(), foreign)
	require.ErrorContains(t, err, "not with the Akash provider")
}

func TestSubmitManifest_sendsTheBytes(t *testing.T) {
	t.Parallel()
	manifest := []byte(`[{"name":"a","env":["SECRET=<&>"]}]`)
	var got []byte
	client := gatewayOf(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got, _ = io.ReadAll(r.Body)
		if r.Method != http.MethodPut || r.URL.Path != "/deployment/18446744073709551615/manifest" {
			t.Errorf("%s %s", r.Method, r.URL.Path)
		}
		if !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer "+gateway.JWTHeader+".") {
			t.Error("no token")
		}
	}), gateway.NewJWT(tenantKey(t), nil))
	require.NoError(t, client.SubmitManifest(t.Context(), 18446744073709551615, manifest))
	require.Equal(t, manifest, got)
}

func TestStaleToken_isRenewedOnce(t *testing.T) {
	t.Parallel()
	all := recordings(t)
	now := time.Now()
	clock := func() time.Time { now = now.Add(time.Second); return now } // each token differs
	for _, name := range []string{"status_jwt_expired", "status_bearer_garbage"} {
		var tokens []string
		client := gatewayOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			tokens = append(tokens, r.Header.Get("Authorization"))
			if len(tokens) == 1 {
				replay(t, all[name]).ServeHTTP(w, r)
				return
			}
			replay(t, all["status_ready"]).ServeHTTP(w, r)
		}), gateway.NewJWT(tenantKey(t), clock))
		_, err := client.LeaseStatus(t.Context(), lease)
		require.NoError(t, err)
		require.Len(t, tokens, 2)
		require.NotEqual(t, tokens[0], tokens[1])
	}
	calls := 0
	client := gatewayOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls++
		replay(t, all["status_no_auth"]).ServeHTTP(w, r)
	}), gateway.NewJWT(tenantKey(t), clock))
	_, err := client.LeaseStatus(t.Context(), lease)
	require.ErrorIs(t, err, gateway.ErrUnauthorized)
	require.Equal(t, 1, calls, "not allowed is not a matter of a fresh token")
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	var hits atomic.Int32
	client := gatewayOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hits.Add(1)
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	}), nil)
	err := client.SubmitManifest(t.Context(), 1, []byte("[]"))
	var refused *gateway.RefusedError
	require.ErrorAs(t, err, &refused)
	require.Equal(t, http.StatusTemporaryRedirect, refused.Status)
	require.EqualValues(t, 1, hits.Load())
}

func TestUnavailable(t *testing.T) {
	t.Parallel()
	t.Run("nobody listens", func(t *testing.T) {
		t.Parallel()
		client, err := gateway.New(gateway.Config{
			HostURI: "https://127.0.0.1:1", ProviderAddr: seller, Certificates: &chainCerts{},
		})
		require.NoError(t, err)
		_, err = client.Version(t.Context())
		require.ErrorIs(t, err, gateway.ErrUnavailable)
	})
	t.Run("server error", func(t *testing.T) {
		t.Parallel()
		client := gatewayOf(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "kube", http.StatusServiceUnavailable)
		}), nil)
		_, err := client.LeaseStatus(t.Context(), lease)
		require.ErrorIs(t, err, gateway.ErrUnavailable)
	})
	t.Run("too long", func(t *testing.T) {
		t.Parallel()
		client := gatewayOf(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write(bytes.Repeat([]byte(" "), 9<<20))
		}), nil)
		_, err := client.LeaseStatus(t.Context(), lease)
		require.ErrorIs(t, err, gateway.ErrUnavailable)
		require.ErrorContains(t, err, "above")
	})
	t.Run("not a gateway", func(t *testing.T) {
		t.Parallel()
		client := gatewayOf(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte("<html>"))
		}), nil)
		_, err := client.LeaseStatus(t.Context(), lease)
		require.ErrorIs(t, err, gateway.ErrUnavailable)
	})
	t.Run("silent", func(t *testing.T) {
		t.Parallel()
		cert, parsed := newCert(t, certOptions{cn: seller})
		chain := &chainCerts{}
		chain.put(seller, "valid", parsed)
		silent := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		client, err := gateway.New(gateway.Config{
			HostURI: serve(t, cert, silent), ProviderAddr: seller, Certificates: chain, Timeout: 50 * time.Millisecond,
		})
		require.NoError(t, err)
		_, err = client.LeaseStatus(t.Context(), lease)
		require.ErrorIs(t, err, gateway.ErrUnavailable)
		require.NotErrorIs(t, err, context.DeadlineExceeded, "the caller's time is not up")

		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(errors.New("enough"))
		_, err = client.LeaseStatus(ctx, lease)
		require.ErrorIs(t, err, context.Canceled)
	})
}

func TestLeaseStatus_ready(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		`{"services":{"web":{"available":1,"total":1},"db":{"available":2,"total":2}}}`: true,
		`{"services":{"web":{"available":1,"total":1},"db":{"available":0,"total":1}}}`: false,
		`{"services":{"web":{"available":0,"total":0}}}`:                                false,
		`{"services":{}}`: false,
	} {
		status, err := gateway.DecodeLeaseStatus([]byte(text))
		require.NoError(t, err)
		require.Equal(t, want, status.Ready(), text)
	}
	status, err := gateway.DecodeLeaseStatus([]byte(`{"services":{"web":{}},
		"forwarded_ports":{"web":[{"host":"p.example","port":22,"externalPort":31022,"proto":"TCP","name":"web"}]},
		"ips":{"web":[{"Port":80,"ExternalPort":80,"Protocol":"TCP","IP":"203.0.113.7"}]}}`))
	require.NoError(t, err)
	require.Equal(t, uint32(31022), status.ForwardedPorts["web"][0].ExternalPort)
	require.Equal(t, "203.0.113.7", status.IPs["web"][0].IP)
}

func FuzzDecodeLeaseStatus(f *testing.F) {
	f.Add([]byte(`{"services":{"web":{"uris":null}},"forwarded_ports":null,"ips":{}}`))
	f.Add([]byte(`{"services":[]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		status, err := gateway.DecodeLeaseStatus(body)
		if err == nil && status.Services == nil {
			t.Fatal("no services and no error")
		}
		_ = status.Ready()
	})
}

func FuzzRefusal(f *testing.F) {
	f.Add(404, []byte(""))
	f.Add(401, []byte(`{"message":"JWT is invalid"}`))
	f.Add(500, []byte("\xff\x00"))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		refused := gateway.NewRefused(status, body)
		if !utf8.ValidString(refused.Error()) || utf8.RuneCountInString(refused.Body) > 400 ||
			strings.ContainsAny(refused.Body, "\n\x1b\x00") {
			t.Fatalf("not fit to show: %q", refused.Body)
		}
	})
}
