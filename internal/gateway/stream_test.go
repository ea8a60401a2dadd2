// SPDX-License-Identifier: Apache-2.0

package gateway_test

import (
	"context"
	"crypto/x509"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
)

// talk upgrades and lets say speak; then the connection is cut, as gateways end logs.
func talk(t *testing.T, say func(r *http.Request, conn *websocket.Conn)) http.Handler {
	t.Helper()
	upgrader := websocket.Upgrader{}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer func() { _ = conn.Close() }()
		say(r, conn)
	})
}

func bye(conn *websocket.Conn, code int, reason string) {
	_ = conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, reason), time.Now().Add(time.Second))
}

func write(conn *websocket.Conn, text string) {
	_ = conn.WriteMessage(websocket.TextMessage, []byte(text))
}

func TestLogs_lastLinesOfAnAbruptEnd(t *testing.T) {
	t.Parallel()
	var asked atomic.Value
	client := gatewayOf(t, talk(t, func(r *http.Request, conn *websocket.Conn) {
		asked.Store(r.URL.String() + " " + r.Header.Get("Authorization")[:7])
		for i := range 5 {
			write(conn, fmt.Sprintf("{\"name\":\"web-1\",\"message\":\"line %d\"}\n", i))
		}
		write(conn, "no json")
		_ = conn.WriteMessage(websocket.BinaryMessage, []byte(`{"name":"web-1","message":"binary"}`))
		write(conn, `{"name":"web-1","message":"\u001b[31mred\u001b[0m\tand \u202e\u0007bell"}`)
	}), gateway.NewJWT(tenantKey(t), time.Now))
	lines, err := client.Logs(t.Context(), lease, "web", 3)
	require.NoError(t, err)
	require.Equal(t, "/lease/2001/1/1/logs?follow=false&service=web&tail=3 Bearer ", asked.Load())
	require.Equal(t, []gateway.LogLine{
		{Replica: "web-1", Text: "line 3"},
		{Replica: "web-1", Text: "line 4"},
		{Replica: "web-1", Text: "red and   bell"},
	}, lines)
}

func TestEvents_normalEnd(t *testing.T) {
	t.Parallel()
	client := gatewayOf(t, talk(t, func(_ *http.Request, conn *websocket.Conn) {
		write(conn, `{"type":"Warning","reportingController":"kubelet","reason":"BackOff","note":"Back-off pulling image",`+
			`"object":{"kind":"Pod","namespace":"x","name":"web-1"}}`)
		bye(conn, websocket.CloseNormalClosure, "")
	}), gateway.NewJWT(tenantKey(t), time.Now))
	events, err := client.Events(t.Context(), lease, 10)
	require.NoError(t, err)
	require.Equal(t, []gateway.Event{
		{Type: "Warning", Reason: "BackOff", Note: "Back-off pulling image", Kind: "Pod", Name: "web-1"},
	}, events)
}

func TestLogs_closeCodes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		code   int
		reason string
		want   error
	}{
		"no pods":       {4000, "no running pods", gateway.ErrNoReplicas},
		"nothing ready": {4000, "", gateway.ErrNoReplicas},
		"internal":      {4000, "kube is away", gateway.ErrUnavailable},
		"unknown lease": {4001, "", gateway.ErrLeaseNotFound},
		"away":          {4002, "", gateway.ErrUnavailable},
		"normal":        {1000, "", nil},
		"going away":    {1001, "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := gatewayOf(t, talk(t, func(_ *http.Request, conn *websocket.Conn) {
				write(conn, `{"name":"a","message":"kept"}`)
				bye(conn, test.code, test.reason)
			}), gateway.NewJWT(tenantKey(t), time.Now))
			lines, err := client.Logs(t.Context(), lease, "web", 3)
			require.ErrorIs(t, err, test.want)
			require.Len(t, lines, 1)
		})
	}
}

// TestLogs_bounded ends a look at a gateway that never stops talking, or that says nothing.
func TestLogs_bounded(t *testing.T) {
	t.Parallel()
	flood := gatewayOf(t, talk(t, func(_ *http.Request, conn *websocket.Conn) {
		frame := `{"name":"a","message":"` + strings.Repeat("x", 32<<10) + `"}`
		err := conn.WriteMessage(websocket.TextMessage, []byte(frame))
		for err == nil {
			err = conn.WriteMessage(websocket.TextMessage, []byte(frame))
		}
	}), gateway.NewJWT(tenantKey(t), time.Now))
	lines, err := flood.Logs(t.Context(), lease, "web", 2)
	require.NoError(t, err)
	require.Len(t, lines, 2)

	wide := gatewayOf(t, talk(t, func(_ *http.Request, conn *websocket.Conn) {
		write(conn, `{"name":"a","message":"first"}`)
		write(conn, `{"name":"a","message":"`+strings.Repeat("x", 1<<20)+`"}`)
	}), gateway.NewJWT(tenantKey(t), time.Now))
	lines, err = wide.Logs(t.Context(), lease, "web", 2)
	require.NoError(t, err)
	require.Equal(t, []gateway.LogLine{{Replica: "a", Text: "first"}}, lines)

	cert, parsed := newCert(t, certOptions{cn: seller})
	chain := &chainCerts{}
	chain.put(seller, "valid", parsed)
	silent, err := gateway.New(gateway.Config{
		HostURI:      serve(t, cert, talk(t, func(r *http.Request, _ *websocket.Conn) { <-r.Context().Done() })),
		ProviderAddr: seller, Certificates: chain, Auth: gateway.NewJWT(tenantKey(t), time.Now),
		RootCAs: x509.NewCertPool(), Timeout: 300 * time.Millisecond,
	})
	require.NoError(t, err)
	lines, err = silent.Logs(t.Context(), lease, "web", 2)
	require.NoError(t, err)
	require.Empty(t, lines)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = silent.Logs(ended, lease, "web", 2)
	require.ErrorIs(t, err, context.Canceled)
}

// TestLogs_credentialsAndIdentity holds websockets to what REST is held to.
func TestLogs_credentialsAndIdentity(t *testing.T) {
	t.Parallel()
	var tokens []string
	upgraded := talk(t, func(_ *http.Request, conn *websocket.Conn) { write(conn, `{"name":"a","message":"b"}`) })
	renewing := gatewayOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tokens = append(tokens, r.Header.Get("Authorization"))
		if len(tokens) == 1 {
			http.Error(w, `{"message":"JWT has invalid claims"}`, http.StatusBadRequest)
			return
		}
		upgraded.ServeHTTP(w, r)
	}), &counting{})
	lines, err := renewing.Logs(t.Context(), lease, "web", 1)
	require.NoError(t, err)
	require.Len(t, lines, 1)
	require.Equal(t, []string{"Bearer token 0", "Bearer token 1"}, tokens)

	refusing := gatewayOf(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, `{"message":"unauthorized access"}`, http.StatusUnauthorized)
	}), &counting{})
	_, err = refusing.Logs(t.Context(), lease, "web", 1)
	require.ErrorIs(t, err, gateway.ErrUnauthorized)

	foreign := lease
	foreign.ProviderAddr = otherSeller
	_, err = refusing.Events(t.Context(), foreign, 1)
	require.ErrorContains(t, err, "not with the Akash provider")

	cert, parsed := newCert(t, certOptions{cn: otherSeller})
	chain := &chainCerts{}
	chain.put(otherSeller, "valid", parsed)
	impostor, err := gateway.New(gateway.Config{
		HostURI: serve(t, cert, upgraded), ProviderAddr: seller, Certificates: chain, Auth: &counting{},
		RootCAs: x509.NewCertPool(),
	})
	require.NoError(t, err)
	_, err = impostor.Logs(t.Context(), lease, "web", 1)
	require.ErrorIs(t, err, gateway.ErrIdentity)
}

// counting makes a token that tells how often a new one was asked for.
type counting struct{ renewed int }

func (c *counting) Token(_ string, renew bool) (string, error) {
	if renew {
		c.renewed++
	}
	return fmt.Sprintf("token %d", c.renewed), nil
}

// FuzzFrames reads any frame without a panic, and what it returns is fit for one line of a terminal.
func FuzzFrames(f *testing.F) {
	f.Add([]byte(`{"name":"web-1","message":"line"}`))
	f.Add([]byte(`{"name":"\u001b[","message":"\u001b[31"}`))
	f.Add([]byte(`{"type":"Normal","reason":"Started","note":"a\nb","object":{"kind":"Pod","name":"web"}}`))
	f.Add([]byte("{\"message\":\"\xff\x1b[\xc2\x9b1m\"}"))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, frame []byte) {
		var texts []string
		if line, err := gateway.DecodeLogLine(frame); err == nil {
			texts = append(texts, line.Replica, line.Text)
		}
		if e, err := gateway.DecodeEvent(frame); err == nil {
			texts = append(texts, e.Type, e.Reason, e.Note, e.Kind, e.Name)
		}
		for _, text := range texts {
			require.True(t, utf8.ValidString(text))
			require.Equal(t, -1, strings.IndexFunc(text, unicode.IsControl), "%q", text)
		}
	})
}
