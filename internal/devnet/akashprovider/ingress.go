// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"cmp"
	"net"
	"net/http"
	"slices"
)

// Ingress is what listens on the Akash provider's public ports 80 in a cluster: it answers for the host names of
// services that run here, whatever the path. Another name gets 404, a service that is not ready 503, one that is ready
// 200 or what [Faults.IngressStatus] says. It is apart from the gateway, and listens nowhere by itself.
func (p *AkashProvider) Ingress() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
		status, text := p.ingressAnswer(host)
		if status == 0 {
			if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
				_ = conn.Close() // switched off: nobody is told why
			}
			return
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(text + "\n")) // a visitor who has gone does not concern the simulator
	})
}

// ingressAnswer is the answer for a host name; status 0 is none at all.
func (p *AkashProvider) ingressAnswer(host string) (status int, text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.faults.Dead || p.closed {
		return 0, ""
	}
	for id, l := range p.leases {
		if l.workload == nil {
			continue
		}
		for _, service := range l.workload.group.Services {
			if !slices.Contains(p.uris(id, service), host) {
				continue
			}
			if p.serviceStatus(id, l.workload, service).Available == 0 {
				return http.StatusServiceUnavailable, "no replica is ready"
			}
			return cmp.Or(p.faults.IngressStatus, http.StatusOK), "service " + service.Name
		}
	}
	return http.StatusNotFound, "default backend - 404"
}
