// SPDX-License-Identifier: Apache-2.0

package visit_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/visit"
)

// TestStatus asks by a name that nobody resolves, at an address.
func TestStatus(t *testing.T) {
	t.Parallel()
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.Host+r.URL.String())
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	}))
	t.Cleanup(server.Close)
	page := visit.Page{Host: "web.nowhere.test:8080", Path: "/health?deep=1", Address: server.Listener.Addr().String()}
	status, err := visit.Status(t.Context(), page)
	require.NoError(t, err)
	require.Equal(t, http.StatusFound, status, "redirects are not followed")
	require.Equal(t, []string{"GET web.nowhere.test:8080/health?deep=1"}, asked)
	require.Equal(t, "http://web.nowhere.test:8080/health?deep=1 at "+page.Address, page.String())

	server.Close()
	_, err = visit.Status(t.Context(), page)
	require.ErrorContains(t, err, "refused")
	require.NotContains(t, err.Error(), "deep=1", "the caller names the page")

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = visit.Status(ended, page)
	require.ErrorIs(t, err, context.Canceled)
}

// TestStatus_port takes the page's port for an address without one.
func TestStatus_port(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusTeapot)
	}))
	t.Cleanup(server.Close)
	port := server.URL[len("http://127.0.0.1"):]
	status, err := visit.Status(t.Context(), visit.Page{Host: "web.nowhere.test" + port, Path: "/", Address: "127.0.0.1"})
	require.NoError(t, err)
	require.Equal(t, http.StatusTeapot, status)
}

// TestStatus_hostileNames asks nobody where an Akash provider's name of a host is none, or leads to the machine's own
// cloud. Whom the user names is asked.
func TestStatus_hostileNames(t *testing.T) {
	t.Parallel()
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	t.Cleanup(server.Close)
	here := server.Listener.Addr().String()
	for _, host := range []string{here + "/shutdown?now=", "user@" + here, here + "#"} {
		_, err := visit.Status(t.Context(), visit.Page{Host: host, Path: "/"})
		require.ErrorContains(t, err, "not a page of a host", host)
	}
	require.Zero(t, asked)
	for _, host := range []string{"169.254.169.254", "[fe80::1]:80", "[::ffff:169.254.169.254]:80"} {
		_, err := visit.Status(t.Context(), visit.Page{Host: host, Path: "/latest/meta-data"})
		require.ErrorContains(t, err, "link-local", host)
	}
	_, err := visit.Status(t.Context(), visit.Page{Host: here, Path: "/"})
	require.NoError(t, err)
	require.Equal(t, 1, asked)
}
