// SPDX-License-Identifier: Apache-2.0

//go:build linux

package crash_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// nodeProxy stands before a node's JSON-RPC and returns its URL. A boundary is named by the method, and for a query by
// what is asked.
func nodeProxy(t *testing.T, trap *trap, node string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		request := requestName(body)
		if err != nil || trap.meet(request, before) {
			panic(http.ErrAbortHandler) // cuts the connection
		}
		// Not the caller's context: the node hears what was sent, even of a dead sender.
		answer, err := http.Post(node, r.Header.Get("Content-Type"), bytes.NewReader(body))
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		text, err := io.ReadAll(answer.Body)
		if err != nil || answer.Body.Close() != nil || trap.meet(request, after) {
			panic(http.ErrAbortHandler)
		}
		w.Header().Set("Content-Type", answer.Header.Get("Content-Type"))
		w.WriteHeader(answer.StatusCode)
		_, _ = w.Write(text) // a dead reader is what this is about
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func requestName(body []byte) string {
	var request struct {
		Method string `json:"method"`
		Params struct {
			Path string `json:"path"`
		} `json:"params"`
	}
	if json.Unmarshal(body, &request) != nil {
		return "unknown"
	}
	if request.Method == "abci_query" {
		return "query " + path.Base(request.Params.Path)
	}
	return request.Method
}

// gatewayProxy stands before a gateway, whose TLS it cannot read: each piece of a conversation is a boundary. It
// returns its URL.
func gatewayProxy(t *testing.T, trap *trap, gateway string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { join(trap, client, strings.TrimPrefix(gateway, "https://")) })
		}
	})
	t.Cleanup(func() {
		require.NoError(t, listener.Close())
		serving.Wait()
	})
	return "https://" + listener.Addr().String()
}

// join carries a conversation until either side ends it or the run dies.
func join(trap *trap, client net.Conn, gateway string) {
	defer func() { _ = client.Close() }()
	server, err := net.Dial("tcp", gateway)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	var ways sync.WaitGroup
	carry := func(to, from net.Conn, request string) {
		defer func() { _, _ = to.Close(), from.Close() }()
		piece := make([]byte, 32<<10)
		for {
			n, err := from.Read(piece)
			if n > 0 {
				if trap.meet(request, before) {
					return
				}
				if _, err := to.Write(piece[:n]); err != nil || trap.meet(request, after) {
					return
				}
			}
			if err != nil {
				return
			}
		}
	}
	ways.Go(func() { carry(server, client, "gateway request") })
	ways.Go(func() { carry(client, server, "gateway answer") })
	ways.Wait()
}
