// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// editor changes single values of a YAML text where they stand, so that
// everything else, comments and quotes included, stays as it is byte for byte.
type editor struct {
	src   []byte
	lines []int // where each line begins, as YAML counts lines
	edits []replacement
}

// replacement puts text in place of the bytes from from to to.
type replacement struct {
	from, to int
	text     string
}

// yamlBreaks are what ends a line in YAML 1.1. The carriage return and line feed of Windows count once.
var yamlBreaks = []string{"\r\n", "\n", "\r", "\u0085", "\u2028", "\u2029"}

func newEditor(src []byte) *editor {
	e := &editor{src: src, lines: []int{0}}
	if bytes.HasPrefix(src, []byte("\ufeff")) {
		e.lines[0] = len("\ufeff")
	}
	for i := 0; i < len(src); i++ {
		for _, b := range yamlBreaks {
			if bytes.HasPrefix(src[i:], []byte(b)) {
				i += len(b) - 1
				e.lines = append(e.lines, i+1)
				break
			}
		}
	}
	return e
}

// replace notes a new value for a scalar and reports whether it can: the value
// must stand in one line, as it is or between plain quotes.
func (e *editor) replace(n *yaml.Node, value string) bool {
	from, ok := e.find(n)
	if !ok {
		return false
	}
	e.edits = append(e.edits, replacement{from: from, to: from + len(n.Value), text: value})
	return true
}

// find is where the text of a scalar begins, behind its anchor, tag and quote.
func (e *editor) find(n *yaml.Node) (int, bool) {
	if n.Line < 1 || n.Line > len(e.lines) || n.Value == "" {
		return 0, false
	}
	at := e.lines[n.Line-1]
	for range n.Column - 1 {
		if at >= len(e.src) {
			return 0, false
		}
		_, width := utf8.DecodeRune(e.src[at:])
		at += width
	}
	rest := string(e.src[min(at, len(e.src)):])
	for strings.HasPrefix(rest, "&") || strings.HasPrefix(rest, "!") {
		end := strings.IndexAny(rest, " \t")
		if end < 0 {
			return 0, false
		}
		skip := end + len(rest[end:]) - len(strings.TrimLeft(rest[end:], " \t"))
		at, rest = at+skip, rest[skip:]
	}
	quote := ""
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		quote = `"`
	case n.Style&yaml.SingleQuotedStyle != 0:
		quote = `'`
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return 0, false
	}
	return at + len(quote), strings.HasPrefix(rest, quote+n.Value+quote)
}

// apply gives the text with all replacements made.
func (e *editor) apply() []byte {
	slices.SortFunc(e.edits, func(a, b replacement) int { return a.from - b.from })
	var out bytes.Buffer
	done := 0
	for _, r := range e.edits {
		if r.from < done {
			continue // the same value, reached over two aliases
		}
		out.Write(e.src[done:r.from])
		out.WriteString(r.text)
		done = r.to
	}
	out.Write(e.src[done:])
	return out.Bytes()
}
