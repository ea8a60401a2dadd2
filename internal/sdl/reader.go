// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"fmt"

	"gopkg.in/yaml.v3"
)

// YAML tags as yaml.v3 resolves them.
const (
	tagNull      = "!!null"
	tagString    = "!!str"
	tagInt       = "!!int"
	tagFloat     = "!!float"
	tagBool      = "!!bool"
	tagTimestamp = "!!timestamp"
	tagMerge     = "!!merge"
)

// reader walks YAML nodes the way yaml.v3 decodes them into Go structs, since
// that is what the official parser does, but knows where it is and goes on
// after a mistake.
type reader struct {
	problems Problems
	errors   int // problems that are errors
	nodes    int // nodes in the text itself, aliases not followed
	visits   int // nodes read, aliases followed
	overrun  bool
}

// fail records an error.
func (r *reader) fail(at *site, remedy, format string, args ...any) {
	r.add(Error, at, remedy, format, args...)
}

// warn records a warning.
func (r *reader) warn(at *site, remedy, format string, args ...any) {
	r.add(Warning, at, remedy, format, args...)
}

func (r *reader) add(severity Severity, at *site, remedy, format string, args ...any) {
	if severity == Error {
		r.errors++
	}
	r.problems = append(r.problems, Problem{
		Severity: severity, Line: at.line, Column: at.column, Path: at.path(),
		Message: fmt.Sprintf(format, args...), Remedy: remedy,
	})
}

// deref follows an alias to its anchor. An alias never points at an alias.
func deref(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias
	}
	return n
}

// isNull reports whether the value is null, ~ or absent after the colon.
func isNull(n *yaml.Node) bool {
	n = deref(n)
	return n.Kind == yaml.ScalarNode && n.ShortTag() == tagNull
}

// Limits of what aliases may multiply, as in yaml.v3: almost everything in
// a small text, little in a huge one.
const (
	visitsAlwaysAllowed = 1_000
	visitsLoose         = 400_000
	visitsStrict        = 4_000_000
)

// spend counts one node read and reports whether reading may go on: a few
// lines of nested aliases could otherwise stand for billions of nodes.
func (r *reader) spend(at *site) bool {
	r.visits++
	if r.overrun {
		return false
	}
	allowed := r.nodes * 100
	if r.visits > visitsLoose {
		span := min(r.visits, visitsStrict) - visitsLoose
		ratio := 99 - 89*span/(visitsStrict-visitsLoose) // percent of the visits that may come from aliases
		allowed = r.nodes * 100 / (100 - ratio)
	}
	if r.visits > visitsAlwaysAllowed && r.visits > allowed {
		r.overrun = true
		r.fail(at, "write the repeated parts out, or repeat less", "the aliases of this document multiply it excessively")
		return false
	}
	return true
}

// countNodes is the number of nodes of a text, aliases not followed.
func countNodes(n *yaml.Node) int {
	total := 1
	for _, c := range n.Content {
		total += countNodes(c)
	}
	return total
}

// describe names the kind of a node for a message.
func describe(n *yaml.Node) string {
	n = deref(n)
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	default: // a scalar, since deref followed the aliases
	}
	switch n.ShortTag() {
	case tagNull:
		return "nothing"
	case tagInt, tagFloat:
		return "the number " + clip(n.Value)
	case tagBool:
		return "the word " + clip(n.Value)
	}
	return fmt.Sprintf("the text %q", clip(n.Value))
}

// describeKind names the kind of a node without its value, which may be a secret.
func describeKind(n *yaml.Node) string {
	switch deref(n).Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	default:
		return "a single value"
	}
}

// clip shortens a foreign text for a message.
func clip(s string) string {
	const most = 60
	for i := range s {
		if i >= most {
			return s[:i] + "..."
		}
	}
	return s
}
