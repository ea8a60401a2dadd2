// SPDX-License-Identifier: Apache-2.0

package chain_test

import (
	"io"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
)

// forgetful is a firewall: connections made before it forgot them stay open and carry nothing.
type forgetful struct {
	forgot atomic.Int64 // generation of connections that work
	made   atomic.Int64
}

func (f *forgetful) serve(t *testing.T, to string) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go func() { // ends with the listener
		for {
			here, err := listener.Accept()
			if err != nil {
				return
			}
			f.made.Add(1)
			there, err := new(net.Dialer).DialContext(t.Context(), "tcp", to)
			if err != nil {
				_ = here.Close()
				continue
			}
			generation := f.forgot.Load()
			go f.pipe(there, here, generation)
			go f.pipe(here, there, generation)
		}
	}()
	return listener.Addr().String()
}

func (f *forgetful) pipe(to, from net.Conn, generation int64) {
	defer func() { _ = to.Close() }()
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		if f.forgot.Load() != generation {
			_, _ = io.Copy(io.Discard, from) // swallowed
			return
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}

// A connection over which nothing comes any more is given up after two calls, not when the system notices.
func TestSilentConnectionIsReplaced(t *testing.T) {
	t.Parallel()
	n := &node{chainID: "fake-1"}
	var f forgetful
	client := dial(t, chain.Config{GRPC: []string{f.serve(t, n.serveGRPC(t))}, Timeout: 300 * time.Millisecond})
	f.forgot.Add(1)
	require.Eventually(t, func() bool {
		_, err := client.LatestBlock(t.Context())
		return err == nil
	}, 10*time.Second, 10*time.Millisecond)
	require.GreaterOrEqual(t, f.made.Load(), int64(2))
}
