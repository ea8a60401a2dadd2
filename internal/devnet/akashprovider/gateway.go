// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/hashicorp/go-hclog"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/token"
)

const (
	contentJSON      = "application/json; charset=UTF-8"
	contentErrorJSON = "application/json"
	readTimeout      = 30 * time.Second
)

// route is one path of the gateway. Segments in braces are parameters.
type route struct {
	method, pattern string
	// protected routes want credentials that cover scope; an empty scope wants access to the lease alone.
	protected bool
	scope     token.Scope
	handle    func(p *AkashProvider, w http.ResponseWriter, r *http.Request, at place)
}

var routes = []route{
	{method: http.MethodGet, pattern: "/version", handle: (*AkashProvider).getVersion},
	{method: http.MethodGet, pattern: "/address", handle: (*AkashProvider).getAddress},
	{method: http.MethodGet, pattern: "/status", handle: (*AkashProvider).getStatus},
	{http.MethodPut, "/deployment/{dseq}/manifest", true, token.ScopeSendManifest, (*AkashProvider).putManifest},
	{
		http.MethodGet, "/lease/{dseq}/{gseq}/{oseq}/manifest", true, token.ScopeGetManifest,
		(*AkashProvider).getLeaseManifest,
	},
	{http.MethodGet, "/lease/{dseq}/{gseq}/{oseq}/status", true, token.ScopeStatus, (*AkashProvider).getLeaseStatus},
	{
		http.MethodGet, "/lease/{dseq}/{gseq}/{oseq}/service/{service}/status", true, "",
		(*AkashProvider).getServiceStatus,
	},
}

// newServer makes the REST server. It speaks HTTP/1.1 over TLS 1.3 only, as recorded.
func (p *AkashProvider) newServer(life context.Context) *http.Server {
	return &http.Server{
		Handler:           http.HandlerFunc(p.serve),
		TLSConfig:         p.tlsConfig(), //nolint:contextcheck // each connection is checked in its own context
		TLSNextProto:      map[string]func(*http.Server, *tls.Conn, http.Handler){},
		BaseContext:       func(net.Listener) context.Context { return life },
		ReadHeaderTimeout: readTimeout,
		ErrorLog:          p.log.StandardLogger(&hclog.StandardLoggerOptions{ForceLevel: hclog.Debug}),
	}
}

// serve finds the route. Nobody is asked for credentials before a route and its method are found.
func (p *AkashProvider) serve(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	down := p.faults.GatewayDown
	p.mu.Unlock()
	if down {
		http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
		return
	}
	pathKnown := false
	for _, route := range routes {
		params, ok := match(route.pattern, r.URL.Path)
		if !ok {
			continue
		}
		pathKnown = true
		if route.method != r.Method {
			continue
		}
		p.handle(route, params, w, r)
		return
	}
	if pathKnown {
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	http.NotFound(w, r)
}

// handle checks who asks, then what for, then whether that is allowed: the network's order.
func (p *AkashProvider) handle(route route, params map[string]string, w http.ResponseWriter, r *http.Request) {
	if !route.protected {
		route.handle(p, w, r, place{})
		return
	}
	who, refusal := p.authenticate(r)
	if refusal != nil {
		refusal.write(w)
		return
	}
	at, err := readPlace(params)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	at.owner = who.owner
	if !who.mayDo(at, route.scope, p.identity.Address) {
		refusalUnauthorized.write(w)
		return
	}
	route.handle(p, w, r, at)
}

// match compares a path with a pattern, segment by segment.
func match(pattern, path string) (map[string]string, bool) {
	want, have := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(have) {
		return nil, false
	}
	params := map[string]string{}
	for i, segment := range want {
		if name, ok := strings.CutPrefix(segment, "{"); ok && have[i] != "" {
			params[strings.TrimSuffix(name, "}")] = have[i]
		} else if segment != have[i] {
			return nil, false
		}
	}
	return params, true
}

// writeJSON answers 200 with a body.
func writeJSON(w http.ResponseWriter, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", contentJSON)
	// A client that has gone does not concern the simulator.
	_, _ = w.Write(append(text, '\n'))
}
