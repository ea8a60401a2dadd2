// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// frame is one message of a websocket.
type frame struct {
	kind int
	text []byte
}

// heard reads a websocket to its end: the messages, and how it was closed.
func heard(t *testing.T, conn *websocket.Conn) ([]frame, *websocket.CloseError) {
	t.Helper()
	var frames []frame
	for {
		kind, text, err := conn.ReadMessage()
		if err == nil {
			frames = append(frames, frame{kind, text})
			continue
		}
		var closed *websocket.CloseError
		require.ErrorAs(t, err, &closed)
		return frames, closed
	}
}

// leaseOf is the deployment's active lease.
func (a *actor) leaseOf(t *testing.T, dseq uint64) marketv1.BidID {
	t.Helper()
	res, err := a.market().Leases(t.Context(), &marketv1beta5.QueryLeasesRequest{
		Filters: marketv1.LeaseFilters{Owner: a.addr, DSeq: dseq, State: "active"},
	})
	require.NoError(t, err)
	require.Len(t, res.Leases, 1)
	return marketv1.BidID(res.Leases[0].Lease.ID)
}

// streams are the checks of websockets on a lease whose service "web" runs.
func streams(t *testing.T, g gateway, a *actor, dseq uint64) {
	t.Helper()
	path := func(rest string) string { return fmt.Sprintf("/lease/%d/1/1/%s", dseq, rest) }
	open := func(t *testing.T, path string) *websocket.Conn {
		t.Helper()
		conn, got := g.socket(t, a.token(t, nil), path)
		require.NotNil(t, conn, got.said())
		return conn
	}
	check(t, "observed.md 10", "logs are texts of pod and line, and end without a close frame", func(t *testing.T) {
		frames, end := heard(t, open(t, path("logs?follow=false&tail=5")))
		require.NotEmpty(t, frames)
		for _, f := range frames {
			require.Equal(t, websocket.TextMessage, f.kind)
			var line map[string]any
			require.NoError(t, json.Unmarshal(f.text, &line))
			require.Len(t, line, 2)
			require.IsType(t, "", line["name"])
			require.IsType(t, "", line["message"])
			require.Equal(t, byte('\n'), f.text[len(f.text)-1])
		}
		require.Equal(t, websocket.CloseAbnormalClosure, end.Code)
	})
	check(t, "observed.md 10", "events tell kind and place, and end with a close frame", func(t *testing.T) {
		frames, end := heard(t, open(t, path("kubeevents?follow=false")))
		require.NotEmpty(t, frames)
		for _, f := range frames {
			require.Equal(t, websocket.TextMessage, f.kind)
			var event map[string]any
			require.NoError(t, json.Unmarshal(f.text, &event))
			for _, name := range []string{"type", "reason", "note"} {
				require.IsType(t, "", event[name], name)
			}
			for _, name := range []string{"kind", "namespace", "name"} {
				require.IsType(t, "", at(t, event, "object", name), name)
			}
		}
		require.Equal(t, websocket.CloseNormalClosure, end.Code)
	})
	check(t, "observed.md 12", "logs of a service that is not there: 4000", func(t *testing.T) {
		_, end := heard(t, open(t, path("logs?follow=false&service=nothing")))
		require.Equal(t, 4000, end.Code)
		require.Equal(t, "no running pods", end.Text)
	})
	check(t, "observed.md 10", "logs of a lease that is not there: 4001", func(t *testing.T) {
		frames, end := heard(t, open(t, fmt.Sprintf("/lease/%d/9/1/logs?follow=false", dseq)))
		require.Empty(t, frames)
		require.Equal(t, 4001, end.Code)
	})
	check(t, "conformance node/gateway ws_logs_bad_tail", "a tail that is no number", func(t *testing.T) {
		_, got := g.socket(t, a.token(t, nil), path("logs?follow=false&tail=abc"))
		require.Equal(t, `400 strconv.ParseInt: parsing "abc": invalid syntax`, got.said())
	})
	for _, c := range []struct{ what, path string }{
		{"logs", "logs?follow=false"}, {"events", "kubeevents?follow=false"}, {"a shell", shellPath("0")},
	} {
		check(t, "observed.md 10", "without credentials: "+c.what, func(t *testing.T) {
			_, got := g.socket(t, credentials{}, path(c.path))
			require.Equal(t, saysUnauthorized, got.said())
		})
	}
	for _, c := range []struct{ what, path string }{
		{"logs", "logs?follow=false"}, {"events", "kubeevents?follow=false"}, {"a shell", shellPath("0")},
	} {
		check(t, "gateway.md 2", "another scope: "+c.what, func(t *testing.T) {
			by := a.token(t, map[string]any{"leases": map[string]any{"access": "scoped", "scope": []string{"status"}}})
			_, got := g.socket(t, by, path(c.path))
			require.Equal(t, saysUnauthorized, got.said())
		})
	}
	check(t, "gateway.md 4.3", "a shell that says too little", func(t *testing.T) {
		_, got := g.socket(t, a.token(t, nil), path("shell?cmd0=echo&service=web"))
		require.Equal(t, http.StatusBadRequest, got.status)
	})
	check(t, "observed.md 10, gateway.md 4.3", "a shell's frames are binary and end with the result", func(t *testing.T) {
		frames, _ := heard(t, open(t, path(shellPath("0"))))
		require.NotEmpty(t, frames)
		var output string
		for _, f := range frames {
			require.Equal(t, websocket.BinaryMessage, f.kind)
			require.NotEmpty(t, f.text)
			require.Contains(t, []byte{100, 101, 102, 103}, f.text[0])
			if f.text[0] == 100 {
				output += string(f.text[1:])
			}
		}
		last := frames[len(frames)-1].text
		require.EqualValues(t, 102, last[0])
		var result map[string]any
		require.NoError(t, json.Unmarshal(last[1:], &result))
		require.IsType(t, 0.0, result["exit_code"])
		if output == "" { // a cluster that only plays one runs nothing
			notOnForeignChain(t, "the cluster runs no commands")
		}
		require.Equal(t, "a b\n", output)
		require.InDelta(t, 0, result["exit_code"], 0)
	})
}

// shellPath asks for "echo a b" in the first replica of web.
func shellPath(tty string) string {
	return "shell?" + url.Values{
		"cmd0": {"echo"}, "cmd1": {"a"}, "cmd2": {"b"}, "service": {"web"}, "podIndex": {"0"}, "tty": {tty}, "stdin": {"0"},
	}.Encode()
}
