// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"regexp"
	"slices"
)

// hostName is a DNS name (RFC 1123): lower-case labels joined by dots.
var hostName = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`)

const maxHostName = 253

// checkHosts checks the host names of the whole manifest, and that something
// in it is open to the world. Each "to" of a port repeats the names of the
// port, so two of them make every name a duplicate.
func (r *reader) checkHosts(uses []use) {
	// then there is a better error already
	global := !slices.ContainsFunc(uses, func(u use) bool { return u.service != nil })
	taken := make(map[string]*site)
	for _, u := range uses {
		if u.service == nil {
			continue
		}
		global = global || u.service.exposeBad // it may have been meant so
		for _, e := range u.service.expose {
			for i := range max(1, len(e.to)) {
				global = global || len(e.to) > 0 && e.to[i].global
				for _, host := range e.accept.items {
					r.checkHost(host, i, taken)
				}
			}
		}
	}
	if !global {
		first := uses[slices.IndexFunc(uses, func(u use) bool { return u.service != nil })].service
		r.fail(first.at.missing("expose"), "write expose: [{port: 80, as: 80, to: [{global: true}]}] in one service",
			"no service is open to the world, which Akash wants of at least one")
	}
}

func (r *reader) checkHost(host text, repetition int, taken map[string]*site) {
	if len(host.value) > maxHostName || !hostName.MatchString(host.value) {
		r.fail(host.at, "write a host name in lower case without scheme, port and path, such as www.example.com",
			"%q is not a host name", clip(host.value))
		return
	}
	before, ok := taken[host.value]
	switch {
	case !ok:
		taken[host.value] = host.at
	case before == host.at && repetition > 0:
		r.fail(host.at, "write the port twice, once for each to", "host %q would be claimed once for every to of the port",
			host.value)
	default:
		r.fail(host.at, "list each host once in the whole document", "host %q is already claimed in line %d", host.value,
			before.line)
	}
}
