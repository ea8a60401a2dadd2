// SPDX-License-Identifier: Apache-2.0

package keyserver_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/attest/keyserver"
)

func TestGet(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/cache/vcek":
			_, _ = w.Write([]byte(r.URL.RawQuery))
		case "/cache/busy":
			w.WriteHeader(http.StatusTooManyRequests)
		case "/cache/away":
			http.Redirect(w, r, "/cache/vcek", http.StatusFound)
		case "/cache/cut":
			w.Header().Set("Content-Length", "9")
		case "/cache/long":
			_, _ = w.Write([]byte(strings.Repeat("x", 1<<20+1)))
		case "/cache/odd":
			w.WriteHeader(http.StatusBadRequest)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(server.Close)
	base := server.URL + "/cache/"
	body, err := keyserver.Get(t.Context(), base, "/vcek?blSPL=3")
	require.NoError(t, err)
	require.Equal(t, "blSPL=3", string(body))
	for path, want := range map[string]error{
		"/busy": keyserver.ErrUnavailable, "/away": keyserver.ErrUnavailable, "/cut": keyserver.ErrUnavailable,
		"/long": keyserver.ErrUnavailable, "/odd": keyserver.ErrNotFound, "/none": keyserver.ErrNotFound,
	} {
		_, err := keyserver.Get(t.Context(), base, path)
		require.ErrorIs(t, err, want, path)
	}
	_, err = keyserver.Get(t.Context(), "http://%zz", "/vcek")
	require.ErrorIs(t, err, keyserver.ErrUnavailable)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = keyserver.Get(ended, base, "/vcek")
	require.ErrorIs(t, err, context.Canceled)
	server.Close()
	_, err = keyserver.Get(t.Context(), base, "/vcek")
	require.ErrorIs(t, err, keyserver.ErrUnavailable)
}
