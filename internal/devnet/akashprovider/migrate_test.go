// SPDX-License-Identifier: Apache-2.0

package akashprovider_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/manifest"
)

// site is an HTTP service under host names, and a UDP port on a leased address.
func site(hosts ...string) []manifest.Expose {
	return []manifest.Expose{
		{Port: 53, ExternalPort: 53, Proto: "UDP", Global: true, IP: "addr"},
		{Port: 80, ExternalPort: 80, Proto: "TCP", Global: true, Hosts: hosts},
	}
}

// deploySite leases and deploys a site under a dseq.
func deploySite(t *testing.T, w *world, who account, dseq uint64, exposes []manifest.Expose) {
	t.Helper()
	body, spec := exposed(t, exposes, manifest.EndpointSharedHTTP, manifest.EndpointRandomPort, manifest.EndpointLeasedIP)
	leasedWith(t, w, who, dseq, body, spec)
	deliver(t, w, who, dseq, body)
}

func TestMigrate(t *testing.T) {
	t.Parallel()
	w := start(t, func(s *akashprovider.Spec) { s.ReadyDelayBlocks = 0; s.LeasedIPs = 8 })
	tenant := tenantOf(t, w)
	deploySite(t, w, tenant, 1, site("a.example", "b.example"))
	deploySite(t, w, tenant, 2, site("a.example", "b.example"))
	body, spec := exposed(t, site("c.example"), 0, 1, 2)
	leasedWith(t, w, tenant, 3, body, spec) // without manifest
	w.settle(t, 1)
	const address = `"ips":{"web":[{"Port":53,"ExternalPort":53,"Protocol":"UDP","IP":"203.0.113.1"}]}`
	for _, text := range []string{"a.example", "b.example", address} {
		require.Contains(t, leaseText(t, w, tenant, 1), text)
		require.NotContains(t, leaseText(t, w, tenant, 2), text)
	}
	other := newAccount(t, 2).withCertificate(t, w.clock.Now(), nil)
	w.chain.publishAccount(other)
	const absent = "destination deployment does not exist"
	for _, c := range []struct {
		who              account
		path, body, want string
		status           int
	}{
		{tenant, "hostname", `no JSON`, ``, 422},
		{tenant, "endpoint", `{"destination_dseq":"2"}`, ``, 422},
		{tenant, "hostname", ``, ``, 422},
		{tenant, "hostname", `{"hostnames_to_migrate":[],"destination_dseq":2,"destination_gseq":1}`, ``, 400},
		{tenant, "endpoint", `{}`, ``, 400},
		{tenant, "hostname", `{"hostnames_to_migrate":["a.example"],"destination_dseq":2,"destination_gseq":2}`, absent, 400},
		{tenant, "hostname", `{"hostnames_to_migrate":["c.example"],"destination_dseq":3,"destination_gseq":1}`, absent, 400},
		{tenant, "endpoint", `{"endpoints_to_migrate":["addr"],"destination_dseq":9,"destination_gseq":1}`, absent, 400},
		{other, "hostname", `{"hostnames_to_migrate":["a.example"],"destination_dseq":2,"destination_gseq":1}`, absent, 400},
		{
			tenant, "hostname", `{"hostnames_to_migrate":["a.example","x"],"destination_dseq":2,"destination_gseq":1}`,
			`the hostname "x" is not used by this deployment`, 400,
		},
		{
			tenant, "endpoint", `{"endpoints_to_migrate":["x"],"destination_dseq":2,"destination_gseq":1}`,
			`the endpoint "x" does not exist in the destination deployment`, 400,
		},
		{
			tenant, "hostname", `{"hostnames_to_migrate":["a.example"],"destination_dseq":2,"destination_gseq":1}`,
			`{"transferred":["a.example"]}`, 200,
		},
		{
			tenant, "endpoint", `{"endpoints_to_migrate":["addr"],"destination_dseq":2,"destination_gseq":1}`,
			`{"transferred":["addr"]}`, 200,
		},
	} {
		status, text := call(t, w, c.who, http.MethodPost, "/"+c.path+"/migrate", []byte(c.body))
		require.Equal(t, c.status, status, "%s %s", c.path, c.body)
		require.Equal(t, c.want, text)
	}
	for text, holder := range map[string]uint64{"a.example": 2, "b.example": 1, address: 2} {
		require.Contains(t, leaseText(t, w, tenant, holder), text)
		require.NotContains(t, leaseText(t, w, tenant, 3-holder), text)
	}

	// The source does not take back what it lost, and takes nothing with it when it ends.
	source, _ := exposed(t, site("a.example", "b.example"), 0, 1, 2)
	deliver(t, w, tenant, 1, source)
	require.NotContains(t, leaseText(t, w, tenant, 1), "a.example")
	w.chain.end(firstOrder(tenant.address, 1), w.Address())
	w.settle(t, 1)
	require.Contains(t, leaseText(t, w, tenant, 2), "a.example")
	require.Contains(t, leaseText(t, w, tenant, 2), address)
	require.NotContains(t, leaseText(t, w, tenant, 2), "b.example")

	status, _ := call(t, w, tenant, http.MethodGet, "/hostname/migrate", nil)
	require.Equal(t, http.StatusMethodNotAllowed, status)
}

// Migration asks for access to the Akash provider and for none of the scopes that are named after it.
func TestMigrate_tokens(t *testing.T) {
	t.Parallel()
	w, tenant := running(t)
	now := w.clock.Now()
	for _, c := range []struct {
		leases map[string]any
		status int
	}{
		{map[string]any{"access": "scoped", "scope": []string{"logs"}}, http.StatusUnprocessableEntity}, // as far as the body
		{granularFor(w.Address()), http.StatusUnprocessableEntity},
		{granularFor(tenant.address), http.StatusUnauthorized},
	} {
		token := bearer(t, tenant, "ES256K", map[string]any{
			"iss": tenant.address, "iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(time.Minute).Unix(), "version": "v1",
			"leases": c.leases,
		})
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.HostURI()+"/endpoint/migrate", http.NoBody)
		require.NoError(t, err)
		req.Header.Set("Authorization", "Bearer "+token)
		got := do(t, req, nil)
		require.Equal(t, c.status, got.status, c.leases)
	}
}

func granularFor(providerAddr string) map[string]any {
	return map[string]any{"access": "granular", "permissions": []any{map[string]any{
		"provider": providerAddr, "access": "granular", "deployments": []any{
			map[string]any{"dseq": 7, "scope": []string{"status"}, "services": []string{"web"}},
		},
	}}}
}

// Bad credentials are refused even where none are asked for.
func TestGateway_publicRoutesWithCredentials(t *testing.T) {
	t.Parallel()
	w, tenant := running(t)
	for header, want := range map[string]int{"Bearer x": 401, "Basic x": 400, "Bearer": 400} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.HostURI()+"/address", nil)
		require.NoError(t, err)
		req.Header.Set("Authorization", header)
		require.Equal(t, want, do(t, req, nil).status, header)
	}
	status, _ := call(t, w, tenant, http.MethodGet, "/address", nil)
	require.Equal(t, http.StatusOK, status)
}

// A single service's status tells the names of the whole lease, which is how the network has it.
func TestGateway_namesOfOneService(t *testing.T) {
	t.Parallel()
	w := start(t, nil)
	tenant := tenantOf(t, w)
	web := []manifest.Expose{{Port: 80, ExternalPort: 80, Proto: "TCP", Global: true, Hosts: []string{"web.example"}}}
	body, spec := exposed(t, web, manifest.EndpointSharedHTTP)
	m, err := manifest.Decode(bytes.NewReader(body))
	require.NoError(t, err)
	api := m[0].Services[0]
	api.Name, api.Resources.ID = "api", 2
	api.Expose = slices.Clone(web)
	api.Expose[0].Hosts = []string{"api.example"}
	m[0].Services = []manifest.Service{api, m[0].Services[0]}
	second := spec.Resources[0]
	second.Resource.ID = 2
	spec.Resources = append(spec.Resources, second)
	body, err = json.Marshal(m)
	require.NoError(t, err)
	leasedWith(t, w, tenant, 1, body, spec)
	deliver(t, w, tenant, 1, body)
	var all struct {
		Services map[string]struct {
			URIs []string `json:"uris"`
		} `json:"services"`
	}
	require.NoError(t, json.Unmarshal([]byte(leaseText(t, w, tenant, 1)), &all))
	require.Contains(t, all.Services["web"].URIs, "web.example")
	require.NotContains(t, all.Services["web"].URIs, "api.example")
	_, text := call(t, w, tenant, http.MethodGet, "/lease/1/1/1/service/web/status", nil)
	require.Contains(t, text, "web.example")
	require.Contains(t, text, "api.example")
}
