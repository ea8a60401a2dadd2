// SPDX-License-Identifier: Apache-2.0

package providerdata

import (
	"fmt"
	"slices"
)

// Endpoint is an IP endpoint that a plan creates.
type Endpoint struct {
	Name string
	// Allow, when not empty, are the only Akash providers that may have it, Deny those that may not; by address.
	Allow, Deny []string
}

// PlanEndpoint notes that an endpoint is to be created, and reports whether it may get in the way of another one that
// was planned in this process: one of its name that may go to the same Akash provider, where a name is one address. One
// that is planned twice, as for a replacement, counts once: key is the same for both, and "" for what has none. Once
// this process applies, plans are repeated one by one; then nothing is in the way.
func (d *Data) PlanEndpoint(key string, e Endpoint) (meets bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.applying {
		return false
	}
	if d.endpoints == nil {
		d.endpoints = map[string]Endpoint{}
	}
	if key == "" {
		key = fmt.Sprintf("new %d", len(d.endpoints))
	}
	for other, known := range d.endpoints {
		meets = meets || other != key && known.meets(e)
	}
	d.endpoints[key] = e
	return meets
}

// meets reports whether two endpoints of one name may go to one Akash provider.
func (e Endpoint) meets(other Endpoint) bool {
	if e.Name != other.Name {
		return false
	}
	if len(e.Allow) == 0 {
		e, other = other, e
	}
	if len(e.Allow) == 0 {
		return true // some are left, whoever is denied
	}
	return slices.ContainsFunc(e.Allow, func(addr string) bool {
		return !slices.Contains(e.Deny, addr) && !slices.Contains(other.Deny, addr) &&
			(len(other.Allow) == 0 || slices.Contains(other.Allow, addr))
	})
}
