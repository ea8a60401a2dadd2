// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"errors"

	"gopkg.in/yaml.v3"
)

// cpu is what a replica gets of processors, in thousandths of one.
type cpu struct {
	at         *site
	units      uint32
	unitsAt    *site
	bad        bool
	attributes []attribute
}

func (r *reader) cpu(n *yaml.Node, at *site) *cpu {
	if isNull(n) {
		return nil
	}
	c := &cpu{at: at, unitsAt: at.missing("units")}
	known := []string{"units", "attributes"}
	ok := r.fields(n, at, known, func(key string, v *yaml.Node, at *site) bool {
		switch key {
		case "units":
			c.unitsAt = at
			if isNull(v) {
				return true
			}
			var wrapped bool
			var err error
			// Quirk: the node's text counts, whatever its type; a list or mapping has none.
			c.units, wrapped, err = parseMillicpu(deref(v).Value)
			switch {
			case errors.Is(err, errNegative):
				r.fail(at, "write cores such as 0.5 or thousandths such as 500m", "%s %v", describe(v), err)
				c.bad = true
			case err != nil:
				r.fail(at, "write cores such as 0.5 or thousandths such as 500m", "%s %v of CPU", describe(v), err)
				c.bad = true
			case wrapped:
				r.warn(at, "write cores such as 0.5 or thousandths such as 500m",
					"%s is too large and is read as %dm", describe(v), c.units)
			}
		case "attributes":
			c.attributes = r.cpuAttributes(v, at)
		default:
			return false
		}
		return true
	})
	c.bad = c.bad || !ok
	return c
}

// cpuAttributes knows one attribute, arch. Quirk: the nodes are walked in
// pairs as they stand, so a merge key is an unknown attribute and a scalar is none.
func (r *reader) cpuAttributes(n *yaml.Node, at *site) []attribute {
	if isNull(n) {
		return nil
	}
	n = deref(n)
	if n.Kind != yaml.MappingNode {
		r.warn(at, "write arch: amd64 below it, or leave it out", "%s holds no CPU attributes", describe(n))
	}
	var out []attribute
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		here := at.field(key.Value, key, value)
		if key.Value != "arch" {
			r.fail(here, "only arch is known here", "CPU attribute %q is not supported", clip(key.Value))
			continue
		}
		t, _ := r.text(value, here)
		out = append(out, attribute{key: key.Value, value: t.value, at: here})
	}
	return out
}
