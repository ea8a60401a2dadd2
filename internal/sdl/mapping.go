// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"gopkg.in/yaml.v3"
)

// entry is one key of a mapping, merged ones included.
type entry struct {
	key     string
	keyNode *yaml.Node
	value   *yaml.Node
}

// entries gives the keys of a mapping in order, those of merged mappings (<<)
// after its own. It is false for null and for what is no mapping.
func (r *reader) entries(n *yaml.Node, at *site) ([]entry, bool) {
	if !r.spend(at) || isNull(n) {
		return nil, false
	}
	n = deref(n)
	if n.Kind != yaml.MappingNode {
		r.fail(at, "write \"key: value\" lines below it, indented", "must be a mapping of keys to values, not %s",
			describeKind(n))
		return nil, false
	}
	return r.flatten(n, at, nil, nil, nil), true
}

// flatten appends the entries of a mapping to out. seen holds the keys already
// taken once a merge is under way, open the mappings being merged.
func (r *reader) flatten(n *yaml.Node, at *site, seen map[string]bool, open []*yaml.Node, out []entry) []entry {
	repeats := r.duplicates(n, at)
	var merge *yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if repeats[key] {
			continue // reported; the first one counts for what follows
		}
		if isMerge(key) {
			merge = value
			continue
		}
		name, ok := r.key(key, at)
		if !ok {
			continue
		}
		if seen != nil {
			if seen[name] {
				continue
			}
			seen[name] = true
		}
		out = append(out, entry{key: name, keyNode: key, value: value})
	}
	if merge == nil {
		return out
	}
	if seen == nil {
		seen = make(map[string]bool)
		for i := 0; i < len(n.Content); i += 2 {
			// yaml.v3 compares by type: only keys that are texts shield from a merge, 123: does not.
			if k := deref(n.Content[i]); k.ShortTag() == tagString {
				seen[k.Value] = true
			}
		}
	}
	sources := []*yaml.Node{merge}
	if merge.Kind == yaml.SequenceNode {
		sources = merge.Content
	}
	for _, source := range sources {
		target := deref(source)
		here := at.field("<<", source, source)
		if target.Kind != yaml.MappingNode {
			r.fail(here, "write the alias of a mapping, such as <<: *base", "only mappings can be merged, not %s",
				describeKind(target))
			continue
		}
		if contains(open, target) || target == n {
			r.fail(here, "merge another mapping", "the mapping merges itself")
			continue
		}
		if !r.spend(here) {
			return out
		}
		out = r.flatten(target, at, seen, append(open, n), out)
	}
	return out
}

func contains(nodes []*yaml.Node, n *yaml.Node) bool {
	for _, other := range nodes {
		if other == n {
			return true
		}
	}
	return false
}

// isMerge reports whether a key is the merge key; a quoted "<<" is not.
func isMerge(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Value == "<<" && n.ShortTag() == tagMerge
}

// key reads a key of a mapping. yaml.v3 leaves out entries whose key is null.
func (r *reader) key(n *yaml.Node, at *site) (string, bool) {
	here := at.field(deref(n).Value, n, n)
	if isNull(n) {
		r.warn(here, "write \"null\" in quotes if that is the name", "an entry with an empty key is left out")
		return "", false
	}
	t, ok := r.text(n, here)
	return t.value, ok
}

// duplicates reports every key written twice in one mapping, as yaml.v3 does: by
// its text, before aliases are followed. It gives the repetitions.
func (r *reader) duplicates(n *yaml.Node, at *site) map[*yaml.Node]bool {
	type identity struct {
		kind  yaml.Kind
		value string
	}
	var repeats map[*yaml.Node]bool
	first := make(map[identity]*yaml.Node, len(n.Content)/2)
	for i := 0; i < len(n.Content); i += 2 {
		key := n.Content[i]
		id := identity{key.Kind, key.Value}
		before, ok := first[id]
		if !ok {
			first[id] = key
			continue
		}
		r.fail(at.field(key.Value, key, key), "keep one of the two",
			"the key %q is already written in line %d", clip(key.Value), before.Line)
		if repeats == nil {
			repeats = make(map[*yaml.Node]bool)
		}
		repeats[key] = true
	}
	return repeats
}

// fields reads a mapping whose keys are known beforehand. visit handles one
// key and is false for a key it does not know, which the network ignores. It
// reports whether there was a mapping.
func (r *reader) fields(
	n *yaml.Node, at *site, known []string, visit func(key string, v *yaml.Node, at *site) bool,
) bool {
	entries, ok := r.entries(n, at)
	if !ok {
		return false
	}
	for i, e := range entries {
		here := at.field(e.key, e.keyNode, e.value)
		if repeated(entries[:i], e.key) {
			r.fail(here, "keep one of the two", "the key %q is set twice", clip(e.key))
			continue
		}
		if !visit(e.key, e.value, here) {
			r.ignored(at.field(e.key, e.keyNode, e.keyNode), e.key, known)
		}
	}
	return true
}

func repeated(entries []entry, key string) bool {
	for _, e := range entries {
		if e.key == key {
			return true
		}
	}
	return false
}

// readMap reads a mapping with free keys into *into, creating it when needed.
// A section written twice adds to the first; an entry for which read is false,
// null or not, does not replace one that is there, and only null makes a new one;
// a section that is null empties the map: all as yaml.v3 does.
func readMap[T any](
	r *reader, n *yaml.Node, at *site, into *map[string]T, read func(v *yaml.Node, at *site) (T, bool),
) {
	if isNull(n) {
		*into = nil
		return
	}
	entries, ok := r.entries(n, at)
	if !ok {
		return
	}
	fresh := *into == nil
	if fresh {
		*into = make(map[string]T, len(entries))
	}
	for _, e := range entries {
		here := at.field(e.key, e.keyNode, e.value)
		value, ok := read(e.value, here)
		if _, exists := (*into)[e.key]; ok || isNull(e.value) && (fresh || !exists) {
			(*into)[e.key] = value
		}
	}
}
