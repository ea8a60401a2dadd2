// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"gopkg.in/yaml.v3"
)

// deployed is an entry of deployment: the placements a service goes to.
type deployed struct {
	at         *site
	placements map[string]*replicas
}

// replicas says with which compute profile and how many times a service runs in a placement.
type replicas struct {
	at      *site
	profile text
	bad     bool
	count   number
}

// deployed is true for null as well: to yaml.v3 an empty map is a value, which replaces one that is there.
func (r *reader) deployed(n *yaml.Node, at *site) (*deployed, bool) {
	d := &deployed{at: at}
	readMap(r, n, at, &d.placements, r.replicas)
	return d, true
}

func (r *reader) replicas(n *yaml.Node, at *site) (*replicas, bool) {
	p := &replicas{at: at}
	if isNull(n) {
		return p, false
	}
	ok := r.fields(n, at, []string{"profile", "count"}, func(key string, v *yaml.Node, at *site) bool {
		switch key {
		case "profile":
			var ok bool
			p.profile, ok = r.text(v, at)
			p.bad = !ok && !isNull(v)
		case "count":
			p.count = r.number(v, at)
		default:
			return false
		}
		return true
	})
	p.bad = p.bad || !ok
	return p, true
}
