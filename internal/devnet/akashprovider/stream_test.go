// SPDX-License-Identifier: Apache-2.0

package akashprovider_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/manifest"
)

// running is a world with one lease of web.yaml whose service is ready in the block after the manifest's.
func running(t *testing.T) (*world, account) {
	t.Helper()
	w := start(t, func(s *akashprovider.Spec) { s.ReadyDelayBlocks = 0; s.LeasedIPs = 4 })
	tenant := tenantOf(t, w)
	body, _ := webManifest(t, firstEnv)
	leasedWith(t, w, tenant, 1, body, webGroup())
	deliver(t, w, tenant, 1, body)
	w.settle(t, 1)
	return w, tenant
}

// deliver sends a manifest that is accepted.
func deliver(t *testing.T, w *world, who account, dseq uint64, body []byte) {
	t.Helper()
	status, text := call(t, w, who, http.MethodPut, "/deployment/"+decimal(dseq)+"/manifest", body)
	require.Equal(t, http.StatusOK, status, text)
}

// update puts another env on chain and sends its manifest.
func update(t *testing.T, w *world, who account, env string) {
	t.Helper()
	body, hash := webManifest(t, env)
	w.chain.do(func() {
		for _, d := range w.chain.deployments {
			d.Deployment.Hash = hash
		}
	})
	deliver(t, w, who, 1, body)
}

// said are the messages of log lines, and the names of the replicas that said them.
func said(t *testing.T, lines []string) (messages, names []string) {
	t.Helper()
	for _, line := range lines {
		var m struct{ Name, Message string }
		require.NoError(t, json.Unmarshal([]byte(line), &m))
		messages, names = append(messages, m.Message), append(names, m.Name)
	}
	return messages, names
}

func TestLogs_ofNow(t *testing.T) {
	t.Parallel()
	w, tenant := running(t)
	ask := func(query string) ([]string, string) {
		lines, end := rest(t, open(t, w, tenant, "/lease/1/1/1/logs?"+query))
		messages, names := said(t, lines)
		for _, name := range names {
			require.Regexp(t, `^web-[0-9a-f]{10}-[0-9a-f]{5}$`, name)
		}
		return messages, end
	}
	const first = "web: a devnet stands in for nginx:1.25.3"
	lines, end := ask("")
	require.Equal(t, []string{first}, lines)
	require.Equal(t, endedAbruptly, end)
	w.settle(t, 29)
	all, _ := ask("follow=false&tail=-1")
	require.Len(t, all, 4)
	require.Equal(t, first, all[0])
	require.Regexp(t, `^web: alive in block \d+$`, all[3])
	again, _ := ask("tail=100&service=web,other")
	require.Equal(t, all, again, "the same answer to the same question")
	last, _ := ask("tail=2&service=%20web")
	require.Equal(t, all[2:], last)
	none, end := ask("tail=0")
	require.Empty(t, none)
	require.Equal(t, endedAbruptly, end)
	_, end = ask("service=other")
	require.Equal(t, "websocket: close 4000: no running pods", end)
}

func TestLogs_refusals(t *testing.T) {
	t.Parallel()
	w, tenant := running(t)
	for query, want := range map[string]string{
		"service=web,": `parameter "service" must not contain trailing comma`,
		"follow=maybe": `strconv.ParseBool: parsing "maybe": invalid syntax`,
		"tail=-2":      `parameter "tail" contains invalid value`,
		"tail=1e3":     `strconv.ParseInt: parsing "1e3": invalid syntax`,
	} {
		for _, stream := range []string{"logs", "kubeevents"} {
			_, got := dial(t, w, tenant.certificate, "/lease/1/1/1/"+stream+"?"+query, nil)
			require.Equal(t, http.StatusBadRequest, got.status, query)
			require.Equal(t, want, got.text())
		}
	}
	status, text := call(t, w, tenant, http.MethodGet, "/lease/1/1/1/logs", nil)
	require.Equal(t, http.StatusBadRequest, status, "not a websocket")
	require.Equal(t, "Bad Request", text)
	for path, want := range map[string]string{
		"/lease/1/1/2/logs": "websocket: close 4001", "/lease/2/1/1/kubeevents": "websocket: close 4001",
	} {
		_, end := rest(t, open(t, w, tenant, path))
		require.Equal(t, want, end)
	}
	w.SetFaults(akashprovider.Faults{NeverReady: true})
	_, end := rest(t, open(t, w, tenant, "/lease/1/1/1/logs"))
	require.Equal(t, "websocket: close 4000", end, "a container that waits has no log")
}

func TestLogs_scopes(t *testing.T) {
	t.Parallel()
	w, tenant := running(t)
	now := w.clock.Now()
	try := func(path string, leases map[string]any) (int, string) {
		token := bearer(t, tenant, "ES256K", map[string]any{
			"iss": tenant.address, "iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(time.Minute).Unix(), "version": "v1",
			"leases": leases,
		})
		_, got := dial(t, w, nil, path, http.Header{"Authorization": {"bearer  " + token}})
		return got.status, got.text()
	}
	for path, scope := range map[string]string{
		"/lease/1/1/1/logs": "logs", "/lease/1/1/1/kubeevents": "events",
		"/lease/1/1/1/shell?cmd0=true&tty=0&stdin=0&service=web&podIndex=0": "shell",
	} {
		status, text := try(path, map[string]any{"access": "scoped", "scope": []string{scope}})
		require.Equal(t, http.StatusSwitchingProtocols, status, text)
		status, text = try(path, map[string]any{"access": "scoped", "scope": []string{"status"}})
		require.Equal(t, http.StatusUnauthorized, status)
		require.JSONEq(t, `{"message":"unauthorized access"}`, text)
	}
	// A query is judged after the lease and before the scope.
	status, _ := try("/lease/1/1/1/logs?tail=x", map[string]any{"access": "scoped", "scope": []string{"status"}})
	require.Equal(t, http.StatusBadRequest, status)
	other := map[string]any{"provider": w.Address(), "access": "granular", "deployments": []any{
		map[string]any{"dseq": 2, "scope": []string{"logs"}, "services": []string{"web"}},
	}}
	status, _ = try("/lease/1/1/1/logs?tail=x", map[string]any{"access": "granular", "permissions": []any{other}})
	require.Equal(t, http.StatusUnauthorized, status)
}

func TestLogs_follow(t *testing.T) {
	t.Parallel()
	w, tenant := running(t)
	conn := open(t, w, tenant, "/lease/1/1/1/logs?follow=true&tail=1")
	lines := []string{next(t, conn)}
	w.settle(t, 25)
	lines = append(lines, next(t, conn), next(t, conn))
	messages, _ := said(t, lines)
	require.Contains(t, messages[0], "stands in")
	require.Contains(t, messages[1], "alive in block")
	require.NotEqual(t, messages[1], messages[2])

	// An update takes the followed replica away.
	update(t, w, tenant, updatedEnv)
	w.settle(t, 3)
	_, end := rest(t, conn)
	require.Equal(t, endedAbruptly, end)

	conn = open(t, w, tenant, "/lease/1/1/1/logs?follow=1")
	_, names := said(t, append(lines[:1], next(t, conn)))
	require.NotEqual(t, names[0], names[1], "another replica")
	w.chain.end(firstOrder(tenant.address, 1), w.Address())
	w.settle(t, 1)
	_, end = rest(t, conn)
	require.Equal(t, endedAbruptly, end)
}

func TestLogs_replicas(t *testing.T) {
	t.Parallel()
	w := start(t, func(s *akashprovider.Spec) { s.ReadyDelayBlocks = 0 })
	tenant := tenantOf(t, w)
	body, spec := exposed(t, []manifest.Expose{{Port: 80, ExternalPort: 80, Proto: "TCP", Global: true}}, 0)
	body = []byte(strings.Replace(string(body), `"count":1`, `"count":3`, 1))
	spec.Resources[0].Count = 3
	leasedWith(t, w, tenant, 1, body, spec)
	deliver(t, w, tenant, 1, body)
	_, end := rest(t, open(t, w, tenant, "/lease/1/1/1/logs"))
	require.Equal(t, "websocket: close 4000: no running pods", end, "in the first block there is nothing")
	w.settle(t, 1)
	lines, _ := rest(t, open(t, w, tenant, "/lease/1/1/1/logs"))
	_, names := said(t, lines)
	require.Len(t, names, 3)
	require.IsIncreasing(t, names)
}

// happened is "reason of object: note" of events.
func happened(t *testing.T, events ...string) []string {
	t.Helper()
	var out []string
	for _, text := range events {
		what := whatHappened(t, text)
		out = append(out, what[0]+" "+what[1]+": "+what[2])
	}
	return out
}

func TestEvents(t *testing.T) {
	t.Parallel()
	w, tenant := running(t)
	const started, stopping = "Normal Started: Started container web", "Normal Killing: Stopping container web"
	events, end := rest(t, open(t, w, tenant, "/lease/1/1/1/kubeevents"))
	require.Equal(t, []string{started}, happened(t, events...))
	require.Equal(t, endedNormally, end)
	events, end = rest(t, open(t, w, tenant, "/lease/1/1/1/kubeevents?service=other"))
	require.Empty(t, events)
	require.Equal(t, endedNormally, end)

	conn := open(t, w, tenant, "/lease/1/1/1/kubeevents?follow=true")
	require.Equal(t, []string{started}, happened(t, next(t, conn)))
	update(t, w, tenant, updatedEnv)
	w.settle(t, 3)
	require.Equal(t, []string{stopping, started}, happened(t, next(t, conn), next(t, conn)))
	w.SetFaults(akashprovider.Faults{NeverReady: true})
	w.settle(t, 2)
	require.Equal(t, []string{`Warning BackOff: Back-off pulling image "nginx:1.25.3"`}, happened(t, next(t, conn)))
	w.chain.end(firstOrder(tenant.address, 1), w.Address())
	w.settle(t, 1)
	events, end = rest(t, conn)
	require.Equal(t, []string{stopping}, happened(t, events...))
	require.Equal(t, endedNormally, end)
}

func TestSockets_end(t *testing.T) {
	t.Parallel()
	w, tenant := running(t)
	w.SetFaults(akashprovider.Faults{CutSocketsAfter: 1})
	conn := open(t, w, tenant, "/lease/1/1/1/logs?follow=true")
	next(t, conn)
	w.settle(t, 12)
	_, end := rest(t, conn)
	require.Equal(t, endedAbruptly, end, "cut by the fault")

	w.SetFaults(akashprovider.Faults{})
	logs := open(t, w, tenant, "/lease/1/1/1/logs?follow=true")
	events := open(t, w, tenant, "/lease/1/1/1/kubeevents?follow=true")
	shell := open(t, w, tenant, shellPath("cat", "stdin=1", "tty=0"))
	next(t, logs)
	next(t, events)
	require.NoError(t, w.Close(), "it waits for its websockets")
	_, end = rest(t, logs)
	require.Equal(t, endedAbruptly, end)
	_, end = rest(t, events)
	require.Equal(t, endedNormally, end)
	_, end = rest(t, shell)
	require.Contains(t, end, "1006")
}

func TestSockets_pings(t *testing.T) {
	t.Parallel()
	w, tenant := running(t)
	w.PingEvery(20 * time.Millisecond)
	conn := open(t, w, tenant, "/lease/1/1/1/logs?follow=true")
	pings := 0
	conn.SetPingHandler(func(string) error {
		if pings++; pings == 3 {
			return conn.Close()
		}
		return nil
	})
	_, end := rest(t, conn)
	require.NotEmpty(t, end)
	require.Equal(t, 3, pings)
}
