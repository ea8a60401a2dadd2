// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"cmp"
	"regexp"
	"slices"
	"sort"

	"gopkg.in/yaml.v3"

	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
)

// attribute is a key with a value: of a placement, a CPU, a GPU or a volume.
type attribute struct {
	key, value string
	at         *site
}

// attributeKey is what the chain takes as a key of a resource's attribute. Placement attributes are not checked.
var attributeKey = regexp.MustCompile(`^[a-zA-Z][\w/.\-]{1,126}[\w*]?$`)

// attributes reads a mapping of texts, sorted by key. A null value is the
// empty text. Found is false for null and for what is no mapping.
func (r *reader) attributes(n *yaml.Node, at *site) (out []attribute, found bool) {
	entries, ok := r.entries(n, at)
	if !ok {
		return nil, false
	}
	for _, e := range entries {
		here := at.field(e.key, e.keyNode, e.value)
		t, ok := r.text(e.value, here)
		if !ok && !isNull(e.value) {
			continue
		}
		a := attribute{key: e.key, value: t.value, at: here}
		if i := slices.IndexFunc(out, func(o attribute) bool { return o.key == e.key }); i >= 0 {
			if ok {
				out[i] = a
			}
			continue
		}
		out = append(out, a)
	}
	slices.SortFunc(out, func(a, b attribute) int { return cmp.Compare(a.key, b.key) })
	return out, true
}

// protoAttributes is the wire form; nil stays nil.
func protoAttributes(in []attribute) []attributesv1.Attribute {
	if in == nil {
		return nil
	}
	out := make([]attributesv1.Attribute, len(in))
	for i, a := range in {
		out[i] = attributesv1.Attribute{Key: a.key, Value: a.value}
	}
	return out
}

// sortAttributes orders by key with the algorithm of [sort.Sort]. It is not
// stable, and the official parser uses it where keys can repeat.
func sortAttributes(a []attributesv1.Attribute) {
	sort.Sort(byKey(a))
}

type byKey []attributesv1.Attribute

func (s byKey) Len() int           { return len(s) }
func (s byKey) Swap(i, j int)      { s[i], s[j] = s[j], s[i] }
func (s byKey) Less(i, j int) bool { return s[i].Key < s[j].Key }
