// SPDX-License-Identifier: Apache-2.0

package gateway_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
)

// frame sends a frame of a shell, whose first byte says what it is.
func frame(conn *websocket.Conn, code byte, payload string) {
	_ = conn.WriteMessage(websocket.BinaryMessage, append([]byte{code}, payload...))
}

func command(words ...string) gateway.Command {
	return gateway.Command{Service: "web", Replica: 1, Words: words, MaxOutput: 12}
}

func TestRun_result(t *testing.T) {
	t.Parallel()
	var asked atomic.Value
	client := gatewayOf(t, talk(t, func(r *http.Request, conn *websocket.Conn) {
		asked.Store(r.URL.Path + " " + r.URL.Query().Encode())
		frame(conn, 100, "hello ")
		frame(conn, 101, "oh no")
		write(conn, "text frames are no part of a shell")
		_ = conn.WriteMessage(websocket.BinaryMessage, nil)
		frame(conn, 99, "what a newer gateway may say")
		frame(conn, 100, "new world")
		frame(conn, 102, "{\"exit_code\":3}\n")
	}), gateway.NewJWT(tenantKey(t), time.Now))
	result, err := client.Run(t.Context(), lease, command("sh", "-c", "exit 3"))
	require.NoError(t, err, "an exit code is a result, not an error")
	require.Equal(t, "/lease/2001/1/1/shell cmd0=sh&cmd1=-c&cmd2=exit+3&podIndex=1&service=web&stdin=0&tty=0",
		asked.Load())
	require.Equal(t, 3, result.ExitCode)
	require.Equal(t, "lo new world", string(result.Stdout), "its end is kept")
	require.Equal(t, "oh no", string(result.Stderr))
	require.True(t, result.Truncated)
}

func TestRun_ends(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		say  func(conn *websocket.Conn)
		want error
	}{
		"no such program": {func(conn *websocket.Conn) {
			frame(conn, 102, `{"exit_code":0,"message":"remote command execute error: it does not exist"}`)
		}, gateway.ErrNotRun},
		"nothing ready": {func(conn *websocket.Conn) {
			frame(conn, 102, `{"exit_code":0,"message":"no active replicase for service"}`)
		}, gateway.ErrNoReplicas},
		"cut":      {func(conn *websocket.Conn) { frame(conn, 100, "half") }, gateway.ErrOutcomeUnknown},
		"closed":   {func(conn *websocket.Conn) { bye(conn, 4000, "kube is away") }, gateway.ErrOutcomeUnknown},
		"failure":  {func(conn *websocket.Conn) { frame(conn, 103, "") }, gateway.ErrOutcomeUnknown},
		"no JSON":  {func(conn *websocket.Conn) { frame(conn, 102, "exit 0") }, gateway.ErrOutcomeUnknown},
		"no bytes": {func(conn *websocket.Conn) { frame(conn, 102, "") }, gateway.ErrOutcomeUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := gatewayOf(t, talk(t, func(_ *http.Request, conn *websocket.Conn) {
				test.say(conn)
			}), gateway.NewJWT(tenantKey(t), time.Now))
			_, err := client.Run(t.Context(), lease, command("migrate", "--password=hunter22"))
			require.ErrorIs(t, err, test.want)
			require.NotContains(t, err.Error(), "hunter22")
		})
	}
}

// TestRun_canceled ends the wait for a command that never ends, and does not claim that it did not run.
func TestRun_canceled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	client := gatewayOf(t, talk(t, func(_ *http.Request, conn *websocket.Conn) {
		frame(conn, 100, "begun")
		cancel()
		_, _, _ = conn.ReadMessage() // until the client goes
	}), gateway.NewJWT(tenantKey(t), time.Now))
	_, err := client.Run(ctx, lease, command("sleep", "infinity"))
	require.ErrorIs(t, err, gateway.ErrOutcomeUnknown)
	require.ErrorIs(t, err, context.Canceled)
}

// TestRun_cutBeforeTheAnswer does not claim that nothing ran: a gateway may have begun when the connection broke.
func TestRun_cutBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	client := gatewayOf(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		panic(http.ErrAbortHandler) // cuts the connection
	}), gateway.NewJWT(tenantKey(t), time.Now))
	_, err := client.Run(t.Context(), lease, command("migrate"))
	require.ErrorIs(t, err, gateway.ErrOutcomeUnknown)
	require.ErrorIs(t, err, gateway.ErrUnavailable)
}

// TestRun_nobodyThere knows that a command which reached nobody did not run.
func TestRun_nobodyThere(t *testing.T) {
	t.Parallel()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	client, err := gateway.New(gateway.Config{
		HostURI: strings.Replace(gone.URL, "http:", "https:", 1), ProviderAddr: seller, Certificates: &chainCerts{},
		Auth: gateway.NewJWT(tenantKey(t), time.Now),
	})
	require.NoError(t, err)
	t.Cleanup(client.Close)
	_, err = client.Run(t.Context(), lease, command("migrate"))
	require.ErrorIs(t, err, gateway.ErrUnavailable)
	require.NotErrorIs(t, err, gateway.ErrOutcomeUnknown)
}

func TestRun_refuses(t *testing.T) {
	t.Parallel()
	client := gatewayOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/9/") {
			t.Error("nothing is to be asked of another Akash provider")
		}
		w.WriteHeader(http.StatusForbidden)
	}), gateway.NewJWT(tenantKey(t), time.Now))
	_, err := client.Run(t.Context(), lease, command("echo", ""))
	require.ErrorIs(t, err, gateway.ErrNotRun)
	require.ErrorContains(t, err, "word 2")
	_, err = client.Run(t.Context(), lease, command("echo", "hunter22"))
	require.ErrorIs(t, err, gateway.ErrUnauthorized)
	require.NotContains(t, err.Error(), "hunter22")
	other := lease
	other.DSeq, other.ProviderAddr = 9, owner
	_, err = client.Run(t.Context(), other, command("true"))
	require.ErrorContains(t, err, "is not with the Akash provider")
}
