// SPDX-License-Identifier: Apache-2.0

package chain_test

import (
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
)

// Proxies and certificates are read from the environment once in a process, so each case runs in one of its own. The
// node's name exists nowhere: only a proxy can lead to it.

const (
	childRPC  = "CHAIN_TEST_RPC"
	childGRPC = "CHAIN_TEST_GRPC"
)

// TestDialInChild is the child's part; in the parent it has nothing to do.
func TestDialInChild(t *testing.T) {
	t.Parallel()
	cfg := chain.Config{ChainID: "fake-1", Timeout: 5 * time.Second}
	switch {
	case os.Getenv(childRPC) != "":
		cfg.RPC = []string{os.Getenv(childRPC)}
	case os.Getenv(childGRPC) != "":
		cfg.GRPC = []string{os.Getenv(childGRPC)}
	default:
		return
	}
	client := dial(t, cfg)
	_, err := client.LatestBlock(t.Context())
	require.NoError(t, err)
}

// inChild dials in a process with these variables beside those that a process needs.
func inChild(t *testing.T, variables ...string) (output string, err error) {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestDialInChild$")
	child.Env = append(variables, "HOME="+t.TempDir(), "TMPDIR="+t.TempDir())
	text, err := child.CombinedOutput()
	return string(text), err
}

// forwarder is a proxy: it leads to one server whatever name is asked for, and notes the names.
type forwarder struct {
	plain http.Handler // for requests without a tunnel
	to    string       // for tunnels
	mu    sync.Mutex
	asked []string
}

func (f *forwarder) seen() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Compact(slices.Sorted(slices.Values(f.asked)))
}

func (f *forwarder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	f.asked = append(f.asked, r.Method+" "+r.Host)
	f.mu.Unlock()
	if r.Method != http.MethodConnect {
		f.plain.ServeHTTP(w, r)
		return
	}
	there, err := new(net.Dialer).DialContext(r.Context(), "tcp", f.to)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	here, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		_ = there.Close()
		return
	}
	_, _ = io.WriteString(here, "HTTP/1.1 200 Connection established\r\n\r\n")
	go func() {
		defer func() { _ = here.Close() }()
		_, _ = io.Copy(here, there)
	}()
	go func() {
		defer func() { _ = there.Close() }()
		_, _ = io.Copy(there, here)
	}()
}

// secured serves a node over TLS, as RPC and as gRPC, with a certificate of example.com that no system trusts.
func secured(t *testing.T, n *node) (rpcAddr, grpcAddr, certificates string) {
	t.Helper()
	rpc := httptest.NewUnstartedServer(n)
	rpc.Config.ErrorLog = log.New(io.Discard, "", 0) // refused handshakes are part of the test
	rpc.StartTLS()
	t.Cleanup(rpc.Close)
	certificates = filepath.Join(t.TempDir(), "roots.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: rpc.Certificate().Raw})
	require.NoError(t, os.WriteFile(certificates, text, 0o600))
	_, plain := n.startGRPC(t, grpc.Creds(credentials.NewServerTLSFromCert(&rpc.TLS.Certificates[0])))
	return rpc.Listener.Addr().String(), plain, certificates
}

func TestProxy(t *testing.T) {
	t.Parallel()
	n := &node{chainID: "fake-1"}
	rpcTLS, grpcTLS, certificates := secured(t, n)
	plain := n.serveGRPC(t)
	for name, c := range map[string]struct {
		to        string
		variables []string
		proxy     string // the variable that names it
		seen      []string
		fails     bool
	}{
		"RPC": {
			proxy: "HTTP_PROXY", variables: []string{childRPC + "=http://node.invalid:26657"},
			seen: []string{"POST node.invalid:26657"},
		},
		"RPC, lower case": {
			proxy: "http_proxy", variables: []string{childRPC + "=tcp://node.invalid:26657"},
			seen: []string{"POST node.invalid:26657"},
		},
		"RPC over TLS": {
			to: rpcTLS, proxy: "HTTPS_PROXY", seen: []string{"CONNECT example.com:443"},
			variables: []string{childRPC + "=https://example.com", "SSL_CERT_FILE=" + certificates},
		},
		"gRPC over TLS": {
			to: grpcTLS, proxy: "HTTPS_PROXY", seen: []string{"CONNECT example.com:443"},
			variables: []string{childGRPC + "=example.com:443", "SSL_CERT_FILE=" + certificates},
		},
		"gRPC": {
			to: plain, proxy: "HTTPS_PROXY", seen: []string{"CONNECT node.invalid:9090"},
			variables: []string{childGRPC + "=node.invalid:9090"},
		},
		"RPC past the proxy": {
			proxy: "HTTP_PROXY", variables: []string{childRPC + "=http://node.invalid:26657", "NO_PROXY=.invalid"},
			fails: true,
		},
		"gRPC past the proxy": {
			to: plain, proxy: "HTTPS_PROXY", fails: true,
			variables: []string{childGRPC + "=node.invalid:9090", "NO_PROXY=node.invalid"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &forwarder{plain: n, to: c.to}
			server := httptest.NewServer(f)
			t.Cleanup(server.Close)
			output, err := inChild(t, append(c.variables, c.proxy+"="+server.URL)...)
			require.Equal(t, c.fails, err != nil, output)
			require.Equal(t, c.seen, f.seen(), output)
		})
	}
}

func TestCertificates(t *testing.T) {
	t.Parallel()
	n := &node{chainID: "fake-1"}
	rpcAddr, grpcAddr, certificates := secured(t, n)
	for name, endpoint := range map[string]string{
		"rpc": childRPC + "=https://" + rpcAddr, "grpc": childGRPC + "=https://" + grpcAddr,
	} {
		output, err := inChild(t, endpoint, "SSL_CERT_FILE="+certificates)
		require.NoError(t, err, "%s: %s", name, output)
		output, err = inChild(t, endpoint)
		require.Error(t, err, name)
		require.Contains(t, output, "certificate", name)
	}
}
