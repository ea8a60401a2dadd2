// SPDX-License-Identifier: Apache-2.0

package schema_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// untold lists what differs between two surfaces and is not named under "Unreleased": a new or missing noun by its
// name, in backquotes; anything else by the last part of its path, in backquotes, in an entry that names the noun.
func untold(before, after surface, changelog string) []string {
	entries := unreleased(changelog)
	var complaints []string
	for _, noun := range slices.Sorted(maps.Keys(union(before, after))) {
		old, existed := before[noun]
		now, exists := after[noun]
		if !existed || !exists {
			if noun == "provider" {
				continue // before anything was promised
			}
			if !toldOf(entries, noun, nameOf(noun)) {
				complaints = append(complaints, fmt.Sprintf("CHANGELOG.md does not tell that %s is new or gone", noun))
			}
			continue
		}
		for _, path := range slices.Sorted(maps.Keys(union(old, now))) {
			if old[path] == now[path] || hides(old, now, path) {
				continue
			}
			if !toldOf(entries, noun, path[strings.LastIndexAny(path, ". ")+1:]) {
				complaints = append(complaints, fmt.Sprintf(
					"CHANGELOG.md does not tell of %s %s: was %q, is %q", noun, path, old[path], now[path]))
			}
		}
	}
	return complaints
}

// hides says that path came or went with the object it is in, which is told of instead.
func hides(old, now map[string]string, path string) bool {
	for i := strings.LastIndex(path, "."); i > 0; i = strings.LastIndex(path[:i], ".") {
		_, existed := old[path[:i]]
		_, exists := now[path[:i]]
		if existed != exists {
			return true
		}
	}
	return false
}

// toldOf says whether an entry that is about a noun has the word in backquotes.
func toldOf(entries []string, noun, word string) bool {
	quoted := regexp.MustCompile("`(provider::akash::)?" + regexp.QuoteMeta(strings.Trim(word, "()")) + "[^a-z0-9_`]*`")
	return slices.ContainsFunc(entries, func(entry string) bool {
		about, _, _ := strings.Cut(entry, "`")
		kind, name, _ := strings.Cut(noun, "/")
		concerns := strings.Contains(entry, nameOf(noun))
		if name == "" { // the provider block
			concerns = strings.Contains(about, kind)
		}
		return concerns && quoted.MatchString(entry)
	})
}

// nameOf is what an entry calls a noun: resource/akash_lease is akash_lease.
func nameOf(noun string) string { return noun[strings.LastIndex(noun, "/")+1:] }

var entryBegin = regexp.MustCompile(`(?m)^\* `)

// unreleased are the entries of the changelog's first section, each in one line.
func unreleased(changelog string) []string {
	_, section, _ := strings.Cut(changelog, "\n## Unreleased\n")
	section, _, _ = strings.Cut(section, "\n## ")
	entries := entryBegin.Split(section, -1)[1:]
	for i, entry := range entries {
		entries[i] = strings.Join(strings.Fields(entry), " ")
	}
	return entries
}

func union[V any](a, b map[string]V) map[string]V {
	all := maps.Clone(a)
	if all == nil {
		all = map[string]V{}
	}
	maps.Copy(all, b)
	return all
}

func TestUntoldFindsWhatIsNotInTheChangelog(t *testing.T) {
	t.Parallel()
	const head = "# Changelog\n\n## Unreleased\n\nFEATURES:\n\n"
	base := func() surface {
		return surface{
			"provider":             {"key": "object"},
			"resource/akash_lease": {"id": "string, computed", "bid": "object", "bid.price": "string", "(version)": "1"},
		}
	}
	for name, c := range map[string]struct {
		change    func(surface)
		changelog string
		complaint string
	}{
		"nothing changed": {func(surface) {}, "", ""},
		"attribute untold": {
			func(s surface) { s["resource/akash_lease"]["labels"] = "map" }, "* resource/akash_lease: other words\n",
			"akash_lease labels",
		},
		"told of another noun": {
			func(s surface) { s["resource/akash_lease"]["labels"] = "map" }, "* resource/akash_deployment: `labels`\n",
			"akash_lease labels",
		},
		"told": {
			func(s surface) { s["resource/akash_lease"]["labels"] = "map" },
			"* resource/akash_lease: it has\n  `labels`\n", "",
		},
		"told in a release of old": {
			func(s surface) { s["resource/akash_lease"]["labels"] = "map" },
			"\n## 0.1.0\n\n* resource/akash_lease: `labels`\n", "akash_lease labels",
		},
		"type changed": {
			func(s surface) { s["resource/akash_lease"]["bid.price"] = "number" }, "", `was "string", is "number"`,
		},
		"part of another word": {
			func(s surface) { s["resource/akash_lease"]["bid.price"] = "number" },
			"* resource/akash_lease: `price_ceiling`\n", "bid.price",
		},
		"object gone, its members hidden": {
			func(s surface) {
				delete(s["resource/akash_lease"], "bid")
				delete(s["resource/akash_lease"], "bid.price")
			}, "* resource/akash_lease: `bid` is gone\n", "",
		},
		"version": {func(s surface) { s["resource/akash_lease"]["(version)"] = "2" }, "", "(version)"},
		"version told": {
			func(s surface) { s["resource/akash_lease"]["(version)"] = "2" },
			"* resource/akash_lease: states have another `version`\n", "",
		},
		"noun untold":      {func(s surface) { s["list/akash_lease"] = map[string]string{} }, "", "list/akash_lease is new"},
		"noun told":        {func(s surface) { s["function/sum"] = map[string]string{} }, "* **New function:** `sum`\n", ""},
		"noun gone untold": {func(s surface) { delete(s, "resource/akash_lease") }, "", "new or gone"},
		"provider block":   {func(s surface) { s["provider"]["budget"] = "object" }, "* provider: `budget`\n", ""},
		"provider block untold": {
			func(s surface) { s["provider"]["budget"] = "object" }, "* resource/akash_lease: `budget`\n", "provider budget",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			after := base()
			c.change(after)
			got := untold(base(), after, head+c.changelog)
			if c.complaint == "" {
				require.Empty(t, got)
				return
			}
			require.Len(t, got, 1)
			require.Contains(t, got[0], c.complaint)
		})
	}
}
