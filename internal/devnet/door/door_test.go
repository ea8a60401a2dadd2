// SPDX-License-Identifier: Apache-2.0

package door_test

import (
	"io"
	"net"
	"net/http"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/door"
)

// serve runs an HTTP server behind a door; a request to /reset is reset.
func serve(t *testing.T) (*door.Door, string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	d := door.New(listener)
	server := &http.Server{
		ReadHeaderTimeout: time.Minute,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/reset" {
				d.Reset(r.RemoteAddr)
			}
			_, _ = io.WriteString(w, "here")
		}),
	}
	done := make(chan error)
	go func() { done <- server.Serve(d) }()
	t.Cleanup(func() {
		require.NoError(t, server.Close())
		require.ErrorIs(t, <-done, http.ErrServerClosed)
	})
	return d, "http://" + d.Addr().String()
}

func get(t *testing.T, url string) error {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	_, err = io.ReadAll(res.Body)
	return err
}

func TestDoor(t *testing.T) {
	t.Parallel()
	d, url := serve(t)
	require.NoError(t, get(t, url))
	require.NoError(t, d.Open(), "it is open")
	for range 3 {
		d.Shut()
		d.Shut()
		require.False(t, d.IsOpen())
		require.ErrorIs(t, get(t, url), syscall.ECONNREFUSED)
		require.NoError(t, d.Open())
		require.True(t, d.IsOpen())
		require.NoError(t, get(t, url))
	}
	require.ErrorIs(t, get(t, url+"/reset"), syscall.ECONNRESET)
	require.NoError(t, get(t, url))
	require.False(t, d.Reset("192.0.2.1:1"))
}

func TestDoor_cut(t *testing.T) {
	t.Parallel()
	d, _ := serve(t)
	c, err := new(net.Dialer).DialContext(t.Context(), "tcp", d.Addr().String())
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	_, err = io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	require.NoError(t, err)
	_, err = c.Read(make([]byte, 1))
	require.NoError(t, err, "it is inside")
	d.Cut()
	_, err = io.ReadAll(c)
	require.NoError(t, err, "an end, not a reset")
	require.True(t, d.IsOpen())
}

func TestDoor_takenPort(t *testing.T) {
	t.Parallel()
	d, url := serve(t)
	d.Shut()
	taken, err := net.Listen("tcp", d.Addr().String())
	require.NoError(t, err)
	require.Error(t, d.Open())
	require.False(t, d.IsOpen())
	require.NoError(t, taken.Close())
	require.Eventually(t, d.IsOpen, 10*time.Second, 5*time.Millisecond)
	require.NoError(t, get(t, url))
}

func TestDoor_closed(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	d := door.New(listener)
	accepted := make(chan error)
	go func() {
		_, err := d.Accept()
		accepted <- err
	}()
	d.Shut()
	taken, err := net.Listen("tcp", d.Addr().String())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, taken.Close()) })
	require.Error(t, d.Open())
	require.NoError(t, d.Close(), "nobody keeps trying")
	require.ErrorIs(t, <-accepted, net.ErrClosed)
	require.NoError(t, d.Open(), "no more")
	require.False(t, d.IsOpen())
}
