// SPDX-License-Identifier: Apache-2.0

package migrate

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// bareKey is a key that stands in a path without quotes.
var bareKey = regexp.MustCompile(`^[A-Za-z0-9_/-]+$`)

// at is the path of a key below another path: services.web, services."a.b".
func at(path, key string) string {
	if !bareKey.MatchString(key) {
		key = strconv.Quote(key)
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

// item is the path of an item of a list: services.web.ports[0].
func item(path string, index int) string { return fmt.Sprintf("%s[%d]", path, index) }

// leaf is a value of the input that has none below it.
type leaf struct {
	path  string
	empty bool // null, or a list, mapping or text with nothing in it
}

// leaves lists what an input says, as decoded from YAML or JSON, in the order of keys.
func leaves(path string, value any) []leaf {
	switch v := value.(type) {
	case map[string]any:
		if len(v) == 0 {
			return []leaf{{path, true}}
		}
		var all []leaf
		for _, key := range slices.Sorted(maps.Keys(v)) {
			all = append(all, leaves(at(path, key), v[key])...)
		}
		return all
	case []any:
		if len(v) == 0 {
			return []leaf{{path, true}}
		}
		var all []leaf
		for i, element := range v {
			all = append(all, leaves(item(path, i), element)...)
		}
		return all
	default:
		return []leaf{{path, value == nil || value == ""}}
	}
}

// under is the value at a path of an input; nil for none.
func under(root any, path string) any {
	for _, step := range sdl.SplitPath(path) {
		switch v := root.(type) {
		case map[string]any:
			root = v[step.Key]
		case []any:
			if !step.IsIndex || step.Index >= len(v) {
				return nil
			}
			root = v[step.Index]
		default:
			return nil
		}
	}
	return root
}

// complete adds a blocker for each leaf that no finding stands for, so that nothing is dropped without a word, and puts
// the report in order. Each finding is kept once.
func (r *Report) complete(root any) {
	var covered []string
	for _, f := range r.Findings {
		if !f.beside {
			covered = append(covered, f.Path)
		}
	}
	slices.Sort(covered)
	for _, l := range leaves("", root) {
		switch {
		case within(l.path, covered):
		case l.empty:
			r.add(Mapped, l.path, "it is empty", "")
		default:
			r.add(Blocker, l.path, "this version does not know it", "take it out, or accept its loss")
		}
	}
	slices.SortStableFunc(r.Findings, func(a, b Finding) int { return comparePaths(a.Path, b.Path) })
	r.Findings = slices.Compact(r.Findings)
}

// within tells whether a path is one of the sorted paths, or below one.
func within(path string, sorted []string) bool {
	for end := len(path); end > 0; end = strings.LastIndexAny(path[:end], ".[") {
		if _, found := slices.BinarySearch(sorted, path[:end]); found {
			return true
		}
	}
	return false
}

// comparePaths orders by steps, items of a list by number.
func comparePaths(a, b string) int {
	return slices.CompareFunc(sdl.SplitPath(a), sdl.SplitPath(b), func(x, y sdl.Step) int {
		return cmp.Or(cmp.Compare(x.Key, y.Key), cmp.Compare(x.Index, y.Index))
	})
}
