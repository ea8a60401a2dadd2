// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"gopkg.in/yaml.v3"

	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
)

// placement is an entry of profiles.placement: what an Akash provider must be and how much it may ask.
type placement struct {
	at         *site
	attributes []attribute
	allOf      list
	anyOf      list
	pricing    map[string]*price
	pricingBad bool
}

func (r *reader) placement(n *yaml.Node, at *site) (*placement, bool) {
	p := &placement{at: at}
	if isNull(n) {
		return p, false
	}
	known := []string{"attributes", "signedBy", "pricing"}
	ok := r.fields(n, at, known, func(key string, v *yaml.Node, at *site) bool {
		switch key {
		case "attributes":
			p.attributes, _ = r.attributes(v, at)
		case "signedBy":
			r.signedBy(p, v, at)
		case "pricing":
			before := r.errors
			readMap(r, v, at, &p.pricing, r.price)
			p.pricingBad = r.errors > before
		default:
			return false
		}
		return true
	})
	return p, ok
}

func (r *reader) signedBy(p *placement, n *yaml.Node, at *site) {
	if isNull(n) {
		return
	}
	r.fields(n, at, []string{"allOf", "anyOf"}, func(key string, v *yaml.Node, at *site) bool {
		switch key {
		case "allOf":
			p.allOf = r.list(v, at)
		case "anyOf":
			p.anyOf = r.list(v, at)
		default:
			return false
		}
		return true
	})
}

// requirements is the wire form.
func (p *placement) requirements() attributesv1.PlacementRequirements {
	return attributesv1.PlacementRequirements{
		SignedBy:   attributesv1.SignedBy{AllOf: p.allOf.values(), AnyOf: p.anyOf.values()},
		Attributes: protoAttributes(p.attributes),
	}
}
