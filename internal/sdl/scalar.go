// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"strconv"

	"gopkg.in/yaml.v3"
)

// text is a string of the SDL and where it stood; at is nil when its key was not written.
type text struct {
	value string
	at    *site
}

// number is a whole number of the SDL and where it stood. bad means that what was written could not be read.
type number struct {
	value uint32
	at    *site
	bad   bool
}

// or is the site of the value, or of the key that is missing from the mapping at outer.
func (t text) or(outer *site, key string) *site { return orMissing(t.at, outer, key) }

// or is the site of the value, or of the key that is missing from the mapping at outer.
func (n number) or(outer *site, key string) *site { return orMissing(n.at, outer, key) }

func orMissing(at, outer *site, key string) *site {
	if at != nil {
		return at
	}
	return outer.missing(key)
}

// list is a list of strings. set tells an empty list from none, which the manifest keeps apart.
type list struct {
	items []text
	set   bool
	at    *site
}

// values is nil when there was no list, as Go's JSON then writes null.
func (l list) values() []string {
	if !l.set {
		return nil
	}
	out := make([]string, len(l.items))
	for i, item := range l.items {
		out[i] = item.value
	}
	return out
}

// text reads a string. Like yaml.v3 it takes any scalar as it is written, so
// that 1.10 stays 1.10. It is false for null and for what is no scalar.
func (r *reader) text(n *yaml.Node, at *site) (text, bool) {
	if !r.spend(at) {
		return text{}, false
	}
	n = deref(n)
	if n.Kind != yaml.ScalarNode {
		r.fail(at, "write a single value, in quotes if it holds special characters",
			"must be a text, not %s", describeKind(n))
		return text{}, false
	}
	if n.Style&yaml.TaggedStyle == 0 {
		switch n.ShortTag() {
		case tagNull:
			return text{at: at}, false
		case tagString, tagInt, tagFloat, tagBool, tagTimestamp, tagMerge:
			return text{value: n.Value, at: at}, true
		}
	}
	// Explicit tags (!!binary, !custom) are rare: leave them to yaml.v3 itself.
	var value *string
	if err := n.Decode(&value); err != nil {
		r.fail(at, "drop the tag "+n.Tag, "the value does not fit its tag %s", n.Tag)
		return text{}, false
	}
	if value == nil {
		return text{}, false
	}
	return text{value: *value, at: at}, true
}

// number reads a whole number from 0 to 4294967295; null is 0. yaml.v3 also takes 1e3, 0x10 and 80.9, the latter cut.
func (r *reader) number(n *yaml.Node, at *site) number {
	if !r.spend(at) {
		return number{at: at, bad: true}
	}
	var value uint32
	if err := deref(n).Decode(&value); err != nil {
		remedy := "write a whole number from 0 to 4294967295"
		if _, err := strconv.ParseUint(deref(n).Value, 10, 32); err == nil {
			remedy = "write " + deref(n).Value + " without quotes"
		}
		r.fail(at, remedy, "must be a whole number, not %s", describe(n))
		return number{at: at, bad: true}
	}
	if n := deref(n); n.ShortTag() == tagFloat && n.Value != "" {
		r.warn(at, "write the whole number without a fraction or exponent", "%s is read as %d", clip(n.Value), value)
	}
	return number{value: value, at: at}
}

// flag reads true or false; null is false. yaml.v3 also takes yes, no, on and off.
func (r *reader) flag(n *yaml.Node, at *site) bool {
	if !r.spend(at) {
		return false
	}
	var value bool
	if err := deref(n).Decode(&value); err != nil {
		r.fail(at, "write true or false, without quotes", "must be true or false, not %s", describe(n))
	}
	return value
}

// list reads a list of strings. Like yaml.v3 it drops null items.
func (r *reader) list(n *yaml.Node, at *site) list {
	items, ok := r.sequence(n, at)
	if !ok {
		return list{}
	}
	out := list{items: make([]text, 0, len(items)), set: true, at: at}
	for i, item := range items {
		here := at.item(i, item)
		if t, ok := r.text(item, here); ok {
			out.items = append(out.items, t)
		} else if isNull(item) {
			r.warn(here, "remove the dash, or write \"\" for an empty text", "an empty item is left out of the list")
		}
	}
	return out
}

// sequence gives the items of a list. It is false for null and for what is no list.
func (r *reader) sequence(n *yaml.Node, at *site) ([]*yaml.Node, bool) {
	if !r.spend(at) || isNull(n) {
		return nil, false
	}
	n = deref(n)
	if n.Kind != yaml.SequenceNode {
		remedy := "write each item on a line of its own, after a dash"
		r.fail(at, remedy, "must be a list, not %s", describeKind(n))
		return nil, false
	}
	return n.Content, true
}
