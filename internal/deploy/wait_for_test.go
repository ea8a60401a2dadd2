// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/visit"
)

const waitManifest = `[{"name":"other","services":[]},{"name":"dcloud","services":[
 {"name":"web","count":2,"expose":[
  {"port":80,"externalPort":0,"proto":"TCP","global":true,"hosts":["app.example.com"]},
  {"port":8080,"externalPort":0,"proto":"TCP","global":true},
  {"port":53,"externalPort":0,"proto":"UDP","global":true},
  {"port":9000,"externalPort":0,"proto":"TCP","global":false}]},
 {"name":"worker","count":1,"expose":[]}]}]`

func TestWaitFor_Check(t *testing.T) {
	t.Parallel()
	page := func(service string, port uint32, host string) WaitFor {
		return WaitFor{HTTP: []HTTPCheck{{Service: service, Port: port, Host: host}}}
	}
	for name, c := range map[string]struct {
		wait WaitFor
		want string
	}{
		"nothing":         {WaitFor{}, ""},
		"fewer":           {WaitFor{Replicas: map[string]int64{"web": 1, "worker": 0}}, ""},
		"more":            {WaitFor{Replicas: map[string]int64{"web": 3}}, `wants 3 of service "web", which has 2`},
		"nobody":          {WaitFor{Replicas: map[string]int64{"wob": 1}}, `"wob"; group "dcloud" has web, worker`},
		"ingress":         {page("web", 0, ""), ""},
		"own host":        {page("web", 0, "app.example.com"), ""},
		"foreign host":    {page("web", 0, "x.example.com"), `does not accept host "x.example.com"`},
		"forwarded":       {page("web", 8080, "x.example.com"), ""},
		"datagrams":       {page("web", 53, ""), "does not expose TCP port 53"},
		"inside only":     {page("web", 9000, ""), "does not expose TCP port 9000"},
		"no ingress":      {page("worker", 0, ""), "has no HTTP ingress"},
		"unknown service": {page("wob", 0, ""), `wait_for.http[0] names service "wob"`},
	} {
		problems := c.wait.Check([]byte(waitManifest), "dcloud")
		if c.want == "" {
			require.Empty(t, problems, name)
			continue
		}
		require.Len(t, problems, 1, name)
		require.ErrorContains(t, problems[0], c.want, name)
	}
}

func TestPageOf(t *testing.T) {
	t.Parallel()
	accepted := []string{"app.example.com"}
	status := gateway.LeaseStatus{
		Services: map[string]gateway.ServiceStatus{
			"web": {URIs: []string{"zz.ingress.test", "app.example.com"}}, "own": {URIs: accepted}, "none": {},
		},
		ForwardedPorts: map[string][]gateway.ForwardedPort{"web": {
			{Host: "seller.test", Port: 8080, ExternalPort: 31000, Proto: "UDP"},
			{Host: "seller.test", Port: 8080, ExternalPort: 31001, Proto: "TCP"},
		}},
		IPs: map[string][]gateway.LeasedIP{"own": {{IP: "2001:db8::7", Port: 443, ExternalPort: 8443, Protocol: "TCP"}}},
	}
	for name, c := range map[string]struct {
		check HTTPCheck
		want  string
	}{
		"made by the Akash provider": {HTTPCheck{Service: "web"}, "http://zz.ingress.test/"},
		"only its own":               {HTTPCheck{Service: "own"}, "http://app.example.com/"},
		"named":                      {HTTPCheck{Service: "web", Host: accepted[0], Path: "/a"}, "http://app.example.com/a"},
		"withheld":                   {HTTPCheck{Service: "own", Host: "b.example.com"}, ""},
		"none yet":                   {HTTPCheck{Service: "none"}, ""},
		"unknown":                    {HTTPCheck{Service: "wob"}, ""},
		"forwarded":                  {HTTPCheck{Service: "web", Port: 8080}, "http://seller.test:31001/"},
		"forwarded, named":           {HTTPCheck{Service: "web", Port: 8080, Host: "a.test"}, "http://a.test:31001/"},
		"not forwarded yet":          {HTTPCheck{Service: "web", Port: 8081}, ""},
		"leased IP":                  {HTTPCheck{Service: "own", Port: 443}, "http://[2001:db8::7]:8443/"},
	} {
		page, ok := pageOf(c.check, status, accepted)
		require.Equal(t, c.want != "", ok, name)
		if ok {
			require.Equal(t, c.want, page.String(), name)
		}
	}
	elsewhere, _ := pageOf(HTTPCheck{Service: "web", Address: "127.0.0.1:81"}, status, accepted)
	require.Equal(t, visit.Page{Host: "zz.ingress.test", Path: "/", Address: "127.0.0.1:81"}, elsewhere)
}

func TestHTTPCheck_accepts(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]bool{199: false, 200: true, 302: true, 399: true, 400: false, 502: false} {
		require.Equal(t, want, HTTPCheck{}.accepts(status), status)
	}
	named := HTTPCheck{Statuses: []int{401, 204}}
	require.True(t, named.accepts(401))
	require.False(t, named.accepts(200))
	require.Equal(t, "401 or 204", named.wanted())
}
