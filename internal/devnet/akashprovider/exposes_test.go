// SPDX-License-Identifier: Apache-2.0

package akashprovider_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/manifest"
	resourcesv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/resources/v1beta4"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// exposed is web.yaml with other exposes and the endpoints that go with them.
func exposed(t *testing.T, exposes []manifest.Expose, kinds ...uint32) ([]byte, deploymentv1beta4.GroupSpec) {
	t.Helper()
	body, _ := webManifest(t, firstEnv)
	m, err := manifest.Decode(bytes.NewReader(body))
	require.NoError(t, err)
	spec := webGroup()
	service, unit := &m[0].Services[0], &spec.Resources[0].Resource
	service.Expose, service.Resources.Endpoints, unit.Endpoints = exposes, nil, nil
	for _, kind := range kinds {
		sequence := uint32(0)
		if kind == manifest.EndpointLeasedIP {
			sequence = 1
		}
		service.Resources.Endpoints = append(service.Resources.Endpoints,
			manifest.Endpoint{Kind: kind, SequenceNumber: sequence})
		unit.Endpoints = append(unit.Endpoints,
			resourcesv1beta4.Endpoint{
				Kind: resourcesv1beta4.Endpoint_Kind(kind), SequenceNumber: sequence,
			})
	}
	body, err = json.Marshal(m)
	require.NoError(t, err)
	return body, spec
}

func TestGateway_networkOfALease(t *testing.T) {
	t.Parallel()
	http80 := manifest.Expose{Port: 80, ExternalPort: 80, Proto: "TCP", Global: true, Hosts: []string{"shop.example"}}
	short80 := manifest.Expose{Port: 80, Proto: "TCP", Global: true}
	ssh := manifest.Expose{Port: 22, ExternalPort: 2222, Proto: "TCP", Global: true}
	dns := manifest.Expose{Port: 53, ExternalPort: 53, Proto: "UDP", Global: true, IP: "addr"}
	inner := manifest.Expose{Port: 9000, Proto: "TCP", Service: "web"}
	const h, p, ip = manifest.EndpointSharedHTTP, manifest.EndpointRandomPort, manifest.EndpointLeasedIP
	for _, c := range []struct {
		name        string
		exposes     []manifest.Expose
		kinds       []uint32
		uris        string
		ports, ips  string
		earlierPort string // ips before the service is ready
	}{
		{"http with a host", []manifest.Expose{http80}, []uint32{h}, `GENERATED,shop.example`, `null`, `null`, `null`},
		{"http without external port", []manifest.Expose{short80}, []uint32{h}, `GENERATED`, `{}`, `null`, `null`},
		{
			"forwarded",
			[]manifest.Expose{ssh},
			[]uint32{p},
			``,
			`{"web":[{"host":"127.0.0.1","port":22,"externalPort":30000,"proto":"TCP","name":"web"}]}`, `null`, `null`,
		},
		{
			"inner only beside http",
			[]manifest.Expose{http80, inner},
			[]uint32{h},
			`GENERATED,shop.example`,
			`null`, `null`, `null`,
		},
		{
			"leased address",
			[]manifest.Expose{dns},
			[]uint32{p, ip},
			``,
			`{"web":[{"host":"127.0.0.1","port":53,"externalPort":30000,"proto":"UDP","name":"web"}]}`,
			`{"web":[{"Port":53,"ExternalPort":53,"Protocol":"UDP","IP":"203.0.113.1"}]}`, `{}`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := start(t, func(s *akashprovider.Spec) { s.LeasedIPs = 2 })
			tenant := tenantOf(t, w)
			body, spec := exposed(t, c.exposes, c.kinds...)
			leasedWith(t, w, tenant, 1, body, spec)
			status, text := call(t, w, tenant, http.MethodPut, "/deployment/1/manifest", body)
			require.Equal(t, http.StatusOK, status, text)
			read := func() (uris []string, ports, ips string) {
				_, text := call(t, w, tenant, http.MethodGet, "/lease/1/1/1/status", nil)
				var got struct {
					Services map[string]struct {
						URIs []string `json:"uris"`
					} `json:"services"`
					Ports json.RawMessage `json:"forwarded_ports"`
					IPs   json.RawMessage `json:"ips"`
				}
				require.NoError(t, json.Unmarshal([]byte(text), &got))
				return got.Services["web"].URIs, string(got.Ports), string(got.IPs)
			}
			_, _, ips := read()
			require.JSONEq(t, c.earlierPort, ips)
			w.settle(t, 3)
			uris, ports, ips := read()
			for i, uri := range uris {
				if strings.HasSuffix(uri, ".ingress.local.test") {
					uris[i] = "GENERATED"
				}
			}
			require.Equal(t, c.uris, strings.Join(uris, ","))
			require.JSONEq(t, c.ports, ports)
			require.JSONEq(t, c.ips, ips)
		})
	}
}

// leaseText is the status of a lease as it is sent.
func leaseText(t *testing.T, w *world, who account, dseq uint64) string {
	t.Helper()
	status, text := call(t, w, who, http.MethodGet, fmt.Sprintf("/lease/%d/1/1/status", dseq), nil)
	require.Equal(t, http.StatusOK, status)
	return text
}

func TestGateway_hostsAndAddressesAreShared(t *testing.T) {
	t.Parallel()
	w := start(t, func(s *akashprovider.Spec) { s.LeasedIPs = 4 })
	tenant := tenantOf(t, w)
	const h, p, ip = manifest.EndpointSharedHTTP, manifest.EndpointRandomPort, manifest.EndpointLeasedIP
	site, siteSpec := exposed(t, []manifest.Expose{
		{Port: 80, ExternalPort: 80, Proto: "TCP", Global: true, Hosts: []string{"shop.example"}},
	}, h)
	first := leasedWith(t, w, tenant, 1, site, siteSpec)
	leasedWith(t, w, tenant, 2, site, siteSpec)
	status, _ := call(t, w, tenant, http.MethodPut, "/deployment/1/manifest", site)
	require.Equal(t, http.StatusOK, status)
	// Another deployment of the same owner runs without the name, somebody else's is refused.
	status, text := call(t, w, tenant, http.MethodPut, "/deployment/2/manifest", site)
	require.Equal(t, http.StatusOK, status, text)
	other := newAccount(t, 2).withCertificate(t, w.clock.Now(), nil)
	w.chain.know(other)
	w.chain.publishAccount(other)
	leasedWith(t, w, other, 1, site, siteSpec)
	status, text = call(t, w, other, http.MethodPut, "/deployment/1/manifest", site)
	require.Equal(t, http.StatusInternalServerError, status)
	require.Equal(t, `hostname not allowed: host "shop.example" in use`, text)
	require.Contains(t, leaseText(t, w, tenant, 1), "shop.example")
	require.NotContains(t, leaseText(t, w, tenant, 2), "shop.example")
	w.chain.end(first, w.Address())
	w.settle(t, 1)
	require.NotContains(t, leaseText(t, w, tenant, 2), "shop.example", "a name that is free comes with a manifest only")
	status, _ = call(t, w, tenant, http.MethodPut, "/deployment/2/manifest", site)
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, leaseText(t, w, tenant, 2), "shop.example")

	// One owner's endpoint name is one address here; the same port of it goes to whoever came first.
	withPort := func(port uint32) ([]byte, deploymentv1beta4.GroupSpec) {
		return exposed(t, []manifest.Expose{{Port: port, ExternalPort: port, Proto: "TCP", Global: true, IP: "addr"}}, p, ip)
	}
	for dseq, port := range map[uint64]uint32{3: 1000, 4: 2000} {
		body, spec := withPort(port)
		leasedWith(t, w, tenant, dseq, body, spec)
		status, text := call(t, w, tenant, http.MethodPut, fmt.Sprintf("/deployment/%d/manifest", dseq), body)
		require.Equal(t, http.StatusOK, status, text)
	}
	body, spec := withPort(1000)
	leasedWith(t, w, tenant, 5, body, spec)
	status, text = call(t, w, tenant, http.MethodPut, "/deployment/5/manifest", body)
	require.Equal(t, http.StatusOK, status, text)
	w.settle(t, 3)
	for dseq, want := range map[uint64]string{3: `203.0.113.1"`, 4: `203.0.113.1"`, 5: `"ips":{}`} {
		_, text := call(t, w, tenant, http.MethodGet, fmt.Sprintf("/lease/%d/1/1/status", dseq), nil)
		require.Contains(t, text, want)
	}
}
