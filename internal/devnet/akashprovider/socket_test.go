// SPDX-License-Identifier: Apache-2.0

package akashprovider_test

import (
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

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

// dial opens a websocket with a client certificate, or without; the answer is that of the handshake.
func dial(
	t *testing.T, w *world, certificate *tls.Certificate, path string, header http.Header,
) (*websocket.Conn, answer) {
	t.Helper()
	config := &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS13} // who answers is checked elsewhere
	if certificate != nil {
		config.Certificates = []tls.Certificate{*certificate}
	}
	dialer := websocket.Dialer{TLSClientConfig: config}
	conn, res, err := dialer.DialContext(t.Context(), "wss"+strings.TrimPrefix(w.HostURI(), "https")+path, header)
	if err != nil {
		require.ErrorIs(t, err, websocket.ErrBadHandshake)
		body, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		return nil, answer{status: res.StatusCode, contentType: res.Header.Get("Content-Type"), body: body}
	}
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(20*time.Second)))
	t.Cleanup(func() { _ = conn.Close() })
	return conn, answer{status: res.StatusCode}
}

// open opens a websocket that is expected to open.
func open(t *testing.T, w *world, who account, path string) *websocket.Conn {
	t.Helper()
	conn, got := dial(t, w, who.certificate, path, nil)
	require.Equal(t, http.StatusSwitchingProtocols, got.status, got.text())
	return conn
}

// next reads one message, which has to come.
func next(t *testing.T, conn *websocket.Conn) string {
	t.Helper()
	_, text, err := conn.ReadMessage()
	require.NoError(t, err)
	return string(text)
}

// rest reads to the end and gives the messages and the words of the end.
func rest(t *testing.T, conn *websocket.Conn) (messages []string, end string) {
	t.Helper()
	for {
		_, text, err := conn.ReadMessage()
		if err != nil {
			return messages, err.Error()
		}
		messages = append(messages, string(text))
	}
}

const (
	endedAbruptly = "websocket: close 1006 (abnormal closure): unexpected EOF"
	endedNormally = "websocket: close 1000 (normal)"
)

// webRecording is one websocket of an official Akash provider.
type webRecording struct {
	Request struct {
		Path string `json:"websocket"`
		Auth string `json:"auth"`
	} `json:"request"`
	Handshake string `json:"handshake"`
	Messages  []struct {
		Type int    `json:"type"`
		Data string `json:"data"`
	} `json:"messages"`
	End string `json:"end"`
}

// playSockets opens recorded websockets in their situation and compares handshake, messages and end. What the
// recorded containers said is theirs; the shape of it is compared, and of events also what follows from the lease.
func (r *replay) playSockets(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join("testdata/gateway", name+".json"))
		require.NoError(t, err)
		var rec webRecording
		require.NoError(t, json.Unmarshal(text, &rec))
		var certificate *tls.Certificate
		if who, ok := strings.CutPrefix(rec.Request.Auth, "mtls "); ok {
			certificate = r.accounts[who].certificate
		}
		conn, got := dial(t, r.world, certificate, rec.Request.Path, nil)
		require.Equal(t, rec.Handshake, fmt.Sprintf("handshake HTTP %d %s", got.status, got.text()), name)
		r.played = append(r.played, name)
		if conn == nil {
			continue
		}
		for _, want := range rec.Messages {
			kind, message, err := conn.ReadMessage()
			require.NoError(t, err, name)
			require.Equal(t, want.Type, kind, name)
			require.Equal(t, outline(t, []byte(want.Data)), outline(t, message), name)
			require.True(t, strings.HasSuffix(string(message), "}\n"), name)
			if name == "ws_events" {
				require.Equal(t, whatHappened(t, want.Data), whatHappened(t, string(message)))
			}
		}
		_, end := rest(t, conn)
		require.Equal(t, rec.End, end, name)
	}
}

// whatHappened is the part of an event that does not name a pod.
func whatHappened(t *testing.T, event string) []string {
	t.Helper()
	var e struct {
		Type, Reason, Note string
		Object             struct{ Kind, Namespace string }
	}
	require.NoError(t, json.Unmarshal([]byte(event), &e))
	return []string{e.Type, e.Reason, e.Note, e.Object.Kind, e.Object.Namespace}
}
