// SPDX-License-Identifier: Apache-2.0

package admin

import (
	"fmt"
	"net"
	"net/http"
	"strings"
)

// CheckListener refuses a listener that other machines can reach: on anything but a loopback address.
func CheckListener(listener net.Listener) error {
	if !isLoopback(listener.Addr()) {
		return fmt.Errorf("%s is not a loopback address: the devnet's admin endpoint has no credentials, "+
			"use 127.0.0.1 or [::1]", listener.Addr())
	}
	return nil
}

func isLoopback(addr net.Addr) bool {
	tcp, ok := addr.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

// LoopbackOnly answers 403 to every request that came in on an address other machines can reach, or that a web page
// of somebody else may have sent: with a Host that is not this machine (a name made to point here), or an Origin that
// is not the same place. For servers of the standard library, which tell the address in the request's context.
func LoopbackOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := refuseForeign(r); err != nil {
			err.write(w)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func refuseForeign(r *http.Request) *Error {
	foreign := func(cause string) *Error {
		return &Error{
			Status: http.StatusForbidden, What: "refused", Cause: cause,
			Remedy: "ask from this machine, at 127.0.0.1 or localhost, and not from a web page of another site",
		}
	}
	local, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	origin := r.Header.Get("Origin")
	switch {
	case !isLoopback(local):
		return foreign("the request did not come in on a loopback address")
	case !isThisMachine(r.Host):
		return foreign(fmt.Sprintf("the Host header names another machine: %.100q", r.Host))
	case origin != "" && !strings.EqualFold(origin, "http://"+r.Host):
		return foreign(fmt.Sprintf("the Origin header names another site: %.100q", origin))
	case crossSite(r.Header.Get("Sec-Fetch-Site")):
		return foreign("a browser says that another site sent the request")
	}
	return nil
}

// isThisMachine reads a Host header.
func isThisMachine(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport // without a port
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(strings.TrimSuffix(strings.TrimPrefix(host, "["), "]"))
	return ip != nil && ip.IsLoopback()
}

// crossSite reads what browsers add on their own; others add nothing.
func crossSite(fetchSite string) bool {
	return fetchSite != "" && fetchSite != "same-origin" && fetchSite != "none"
}
