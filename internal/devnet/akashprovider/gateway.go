// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/hashicorp/go-hclog"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/token"
)

const (
	contentJSON      = "application/json; charset=UTF-8"
	contentErrorJSON = "application/json"
	readTimeout      = 30 * time.Second
	leasePath        = "/lease/{dseq}/{gseq}/{oseq}"
)

// reach is what a route is about, and so what its callers have to show.
type reach int

const (
	public  reach = iota // no credentials; bad ones are refused all the same
	account              // any credentials that this Akash provider may be shown
	leased               // credentials for the deployment or lease in the path
)

// route is one path of the gateway. Segments in braces are parameters.
type route struct {
	method, pattern string // method "" is any
	reach           reach
	// scope is what a token has to allow on a leased route; "" asks for access to the lease alone.
	scope  token.Scope
	handle func(p *AkashProvider, w http.ResponseWriter, r *http.Request, at place)
	// option tells whether there is such a route; nil means always.
	option func(Spec) bool
	// check looks at the query before the scope is looked at; nil accepts any.
	check func(query url.Values) error
}

var routes = []route{
	{method: http.MethodGet, pattern: "/version", handle: (*AkashProvider).getVersion},
	{method: http.MethodGet, pattern: "/address", handle: (*AkashProvider).getAddress},
	{method: http.MethodGet, pattern: "/status", handle: (*AkashProvider).getStatus},
	{
		method: http.MethodPost, pattern: "/v1/bid-screening", reach: account,
		option: func(s Spec) bool { return s.BidScreening }, handle: (*AkashProvider).postScreening,
	},
	{method: http.MethodPost, pattern: "/hostname/migrate", reach: account, handle: (*AkashProvider).migrateHosts},
	{method: http.MethodPost, pattern: "/endpoint/migrate", reach: account, handle: (*AkashProvider).migrateEndpoints},
	{
		method: http.MethodPut, pattern: "/deployment/{dseq}/manifest", reach: leased,
		scope: token.ScopeSendManifest, handle: (*AkashProvider).putManifest,
	},
	{
		method: http.MethodGet, pattern: leasePath + "/manifest", reach: leased,
		scope: token.ScopeGetManifest, handle: (*AkashProvider).getLeaseManifest,
	},
	{
		method: http.MethodGet, pattern: leasePath + "/status", reach: leased,
		scope: token.ScopeStatus, handle: (*AkashProvider).getLeaseStatus,
	},
	{
		method: http.MethodGet, pattern: leasePath + "/service/{service}/status", reach: leased,
		handle: (*AkashProvider).getServiceStatus,
	},
	{
		method: http.MethodGet, pattern: leasePath + "/logs", reach: leased,
		scope: token.ScopeLogs, handle: (*AkashProvider).streamLogs, check: checkStream,
	},
	{
		method: http.MethodGet, pattern: leasePath + "/kubeevents", reach: leased,
		scope: token.ScopeEvents, handle: (*AkashProvider).streamEvents, check: checkStream,
	},
	{
		method: http.MethodPost, pattern: leasePath + "/attestation/quote", reach: leased, scope: token.ScopeAttestation,
		option: func(s Spec) bool { return s.Attestation }, handle: (*AkashProvider).postQuote,
	},
	{
		pattern: leasePath + "/shell", reach: leased,
		scope: token.ScopeShell, handle: (*AkashProvider).runShell,
	},
}

// newServer makes the REST server. It speaks HTTP/1.1 over TLS 1.3 only, as recorded.
func (p *AkashProvider) newServer(life context.Context) *http.Server {
	return &http.Server{
		Handler:           http.HandlerFunc(p.serve),
		TLSConfig:         p.tlsConfig("http/1.1"), //nolint:contextcheck // each connection is checked in its own context
		TLSNextProto:      map[string]func(*http.Server, *tls.Conn, http.Handler){},
		BaseContext:       func(net.Listener) context.Context { return life },
		ReadHeaderTimeout: readTimeout,
		ErrorLog:          p.log.StandardLogger(&hclog.StandardLoggerOptions{ForceLevel: hclog.Debug}),
	}
}

// serve finds the route. Nobody is asked for credentials before a route and its method are found.
func (p *AkashProvider) serve(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	down := p.faults.GatewayDown || p.closed
	if !p.closed {
		p.requests.Add(1)
		defer p.requests.Done()
	}
	p.mu.Unlock()
	if !p.hinder(r.Context(), restDoor, r.RemoteAddr) {
		return
	}
	if down {
		http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
		return
	}
	if clean := cleanPath(r.URL.Path); clean != r.URL.Path {
		to := *r.URL
		to.Path = clean
		w.Header().Set("Location", to.String())
		w.WriteHeader(http.StatusMovedPermanently)
		return
	}
	pathKnown := false
	for _, route := range routes {
		params, ok := match(route.pattern, r.URL.Path)
		if !ok || (route.option != nil && !route.option(p.spec)) {
			continue
		}
		pathKnown = true
		if route.method != "" && route.method != r.Method {
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
	who, refusal := p.authenticate(r)
	switch {
	case refusal == &refusalUnauthorized && route.reach == public:
		route.handle(p, w, r, place{})
		return
	case refusal != nil:
		refusal.write(w)
		return
	case route.reach == public:
		route.handle(p, w, r, place{})
		return
	case !who.mayAsk(p.identity.Address):
		refusalUnauthorized.write(w)
		return
	case route.reach == account:
		route.handle(p, w, r, place{owner: who.owner})
		return
	}
	at, err := readPlace(params)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	at.owner = who.owner
	if !who.mayDo(at, "", p.identity.Address) {
		refusalUnauthorized.write(w)
		return
	}
	if route.check != nil {
		if err := route.check(r.URL.Query()); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
	}
	if !who.mayDo(at, route.scope, p.identity.Address) {
		refusalUnauthorized.write(w)
		return
	}
	route.handle(p, w, r, at)
}

// cleanPath is where a path with empty or dotted segments is sent to; a slash at its end stays.
func cleanPath(p string) string {
	clean := path.Clean("/" + p)
	if clean != "/" && strings.HasSuffix(p, "/") {
		clean += "/"
	}
	return clean
}

// match compares a path with a pattern, segment by segment.
func match(pattern, given string) (map[string]string, bool) {
	want, have := strings.Split(pattern, "/"), strings.Split(given, "/")
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
	_, _ = w.Write(text)
}
