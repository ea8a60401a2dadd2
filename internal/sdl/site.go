// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// site is where a value stands in an SDL: its key path and its position. The
// path is a chain so that reading a good document builds no strings.
type site struct {
	parent       *site
	key          string // name of the key; unused for an item of a list
	index        int    // index of the item, or isKey
	line, column int
}

// isKey is the index of a site that is no item of a list.
const isKey = -1

// field is the site of the value of a key. A mapping or list is pointed at by
// its key, since its own first line may be far below; a scalar by itself.
func (s *site) field(key string, keyNode, value *yaml.Node) *site {
	n := keyNode
	if value.Kind == yaml.ScalarNode && value.Value != "" || value.Kind == yaml.AliasNode {
		n = value
	}
	return &site{parent: s, key: key, index: isKey, line: n.Line, column: n.Column}
}

// item is the site of the i-th item of a list.
func (s *site) item(i int, value *yaml.Node) *site {
	return &site{parent: s, index: i, line: value.Line, column: value.Column}
}

// missing is the site of a key that is not there: the position is that of the mapping it belongs to.
func (s *site) missing(key string) *site {
	return &site{parent: s, key: key, index: isKey, line: s.line, column: s.column}
}

// path is the key path, such as services.web.expose[0].port.
func (s *site) path() string {
	var b strings.Builder
	s.write(&b)
	return b.String()
}

func (s *site) write(b *strings.Builder) {
	if s == nil || s.parent == nil {
		return
	}
	s.parent.write(b)
	if s.index != isKey {
		b.WriteString("[" + strconv.Itoa(s.index) + "]")
		return
	}
	if b.Len() > 0 {
		b.WriteByte('.')
	}
	if s.key == "" || strings.ContainsAny(s.key, ". []\"\n\t") {
		b.WriteString(strconv.Quote(s.key))
		return
	}
	b.WriteString(s.key)
}
