// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"regexp"
	"slices"

	"gopkg.in/yaml.v3"
)

// endpoint is an entry of the top-level endpoints: a leased IP.
type endpoint struct {
	at   *site
	kind text
}

const endpointKindIP = "ip"

// endpointName needs two characters at least; digits, - and _ not at the front.
var endpointName = regexp.MustCompile(`^[a-z]+[a-z0-9_-]+$`)

func (r *reader) endpoint(n *yaml.Node, at *site) (*endpoint, bool) {
	e := &endpoint{at: at}
	if isNull(n) {
		return e, false
	}
	ok := r.fields(n, at, []string{"kind"}, func(key string, v *yaml.Node, at *site) bool {
		if key == "kind" {
			e.kind, _ = r.text(v, at)
		}
		return key == "kind"
	})
	return e, ok
}

// checkEndpoints checks the declared endpoints against the names used by deployed services.
func (r *reader) checkEndpoints(endpoints map[string]*endpoint, used map[string]bool) {
	for _, name := range sortedKeys(endpoints) {
		e := endpoints[name]
		if !endpointName.MatchString(name) {
			r.fail(e.at, "write two or more of a-z, 0-9, - and _, beginning with a letter, such as myip",
				"%q is not a name for an endpoint", clip(name))
		}
		if e.kind.value != endpointKindIP {
			r.fail(e.kind.or(e.at, "kind"), "write kind: ip", "the kind of an endpoint must be ip")
		}
		if !used[name] {
			r.fail(e.at, "write ip: "+clip(name)+" beside global: true below an expose of a deployed service, or remove it",
				"endpoint %q is not used", clip(name))
		}
	}
}

// endpointNumbers gives each endpoint its sequence number. Quirk: the names of
// all references are sorted with their repetitions and with an empty name for
// every "to" that is not global; a name gets the place of its last repetition.
func endpointNumbers(services []*service) map[string]uint32 {
	var names []string
	for _, s := range services {
		for _, e := range s.expose {
			for _, to := range e.to {
				if !to.global || to.ip.value != "" {
					names = append(names, to.ip.value)
				}
			}
		}
	}
	slices.Sort(names)
	numbers := make(map[string]uint32, len(names))
	for i, name := range names {
		numbers[name] = uint32(i + 1)
	}
	return numbers
}
