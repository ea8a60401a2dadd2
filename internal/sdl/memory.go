// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"errors"

	"gopkg.in/yaml.v3"
)

// size is an amount of memory or storage.
type size struct {
	bytes uint64
	at    *site
	bad   bool
}

// memory is what a replica gets of main memory.
type memory struct {
	at   *site
	size size
}

func (r *reader) memory(n *yaml.Node, at *site) *memory {
	if isNull(n) {
		return nil
	}
	m := &memory{at: at, size: size{at: at.missing("size")}}
	ok := r.fields(n, at, []string{"size"}, func(key string, v *yaml.Node, at *site) bool {
		if key == "size" {
			m.size = r.size(v, at)
		}
		return key == "size"
	})
	m.size.bad = m.size.bad || !ok
	return m
}

// size reads a size in bytes. Quirk: the node's text counts, whatever its type; a list or mapping has none.
func (r *reader) size(n *yaml.Node, at *site) size {
	s := size{at: at}
	if isNull(n) {
		return s
	}
	var err error
	s.bytes, err = parseBytes(deref(n).Value, false)
	switch {
	case errors.Is(err, errNegative):
		r.fail(at, "write a positive size such as 512Mi", "%s %v", describe(n), err)
	case err != nil:
		r.fail(at, remedySize(deref(n).Value), "%s is not a size", describe(n))
	}
	s.bad = err != nil
	return s
}
