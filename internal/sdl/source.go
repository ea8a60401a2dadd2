// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"cmp"
	"slices"

	"gopkg.in/yaml.v3"
)

// source is a document as it was written: read, but not checked across its sections.
type source struct {
	at         *site
	version    version
	services   map[string]*service
	compute    map[string]*compute
	placement  map[string]*placement
	deployment map[string]*deployed
	// deploymentBad means that the section could not be read, so that its absence is no news.
	deploymentBad bool
	endpoints     map[string]*endpoint
	reclamation   *reclamation
}

var topLevelKeys = []string{
	"version", "include", "services", "profiles", "deployment", "endpoints", "reclamation",
}

// source reads the top level. Unlike everywhere below, unknown keys are errors
// here. Quirk: the nodes are walked in pairs as they stand, so a section may
// be written twice, a merge key is an unknown one, and a list of keys and
// values by turns does as well as a mapping.
func (r *reader) source(root *yaml.Node) *source {
	at := &site{index: isKey, line: root.Line, column: root.Column}
	s := &source{at: at}
	if root.Kind == yaml.ScalarNode {
		r.fail(at, remedyVersion+", then services, profiles and deployment", "an SDL is a mapping, not %s", describe(root))
		return s
	}
	s.version, _ = r.version(root, at)
	pairs, _ := r.pairs(root, at)
	for _, p := range pairs {
		here := at.field(p.key, p.keyNode, p.value)
		switch p.key {
		case "version":
		case "include":
			r.list(p.value, here)
			r.warn(here, "remove it", "include has no effect")
		case "services":
			readMap(r, p.value, here, &s.services, r.service)
		case "profiles":
			r.profiles(s, p.value, here)
		case "deployment":
			before := r.errors
			readMap(r, p.value, here, &s.deployment, r.deployed)
			s.deploymentBad = r.errors > before
		case "endpoints":
			readMap(r, p.value, here, &s.endpoints, r.endpoint)
		case "reclamation":
			s.reclamation = r.reclamation(p.value, here)
		default:
			r.fail(at.field(p.key, p.keyNode, p.keyNode), remedyKey(p.key, topLevelKeys), "%q is not a section of an SDL",
				clip(p.key))
		}
	}
	return s
}

func (r *reader) profiles(s *source, n *yaml.Node, at *site) {
	if isNull(n) {
		return
	}
	r.fields(n, at, []string{"compute", "placement"}, func(key string, v *yaml.Node, at *site) bool {
		switch key {
		case "compute":
			readMap(r, v, at, &s.compute, r.compute)
		case "placement":
			readMap(r, v, at, &s.placement, r.placement)
		default:
			return false
		}
		return true
	})
}

// sortedKeys gives the keys of a map in bytewise order, which is the order of everything the network sees.
func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
