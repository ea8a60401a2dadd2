// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write what is derived from the import table")

const (
	tableBegin = "        # BEGIN import table, written by: " +
		"go test ./internal/policy -run TestLintMirrorsTheTable -update\n"
	tableEnd = "        # END import table\n"
)

// TestLintMirrorsTheTable keeps depguard's rules, which editors show while one types, equal to the table that
// TestImportDirection judges by.
func TestLintMirrorsTheTable(t *testing.T) {
	t.Parallel()
	path := filepath.Join(root(t), ".golangci.yml")
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	before, rest, ok := strings.Cut(string(text), tableBegin)
	require.True(t, ok, "%s has no line %q", path, tableBegin)
	written, after, ok := strings.Cut(rest, tableEnd)
	require.True(t, ok, "%s has no line %q", path, tableEnd)

	want := depguardRules(rooms(t))
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(before+tableBegin+want+tableEnd+after), 0o600))
		return
	}
	if want != written { // two screens of difference would hide the remedy
		require.Fail(t, "stale", "%s differs from the import table: run this test with -update", path)
	}
}

// depguardRules writes one rule for each room of the table but main, whose file has no folder to know it by.
func depguardRules(parsed table) string {
	const internal = module + "/internal"
	all := slices.Sorted(maps.Keys(parsed.below))
	var text strings.Builder
	for _, room := range all {
		if room == "main" {
			continue
		}
		below := slices.Sorted(maps.Keys(parsed.below[room]))
		folder := strings.ReplaceAll(room, "NOUN", "*")
		files := []string{"**/internal/" + folder + "/**"}
		if room == "provider" {
			files = []string{"**/internal/provider/*.go"}
		}
		denied := []string{internal}
		for _, other := range all {
			inside := strings.HasPrefix(other, folder+"/") || room == nounClass && strings.HasPrefix(other, "provider/")
			if !inside || other == room || room == "provider" {
				continue
			}
			files = append(files, "!**/internal/"+other+"/**")
			if room != nounClass {
				denied = append(denied, internal+"/"+other)
			}
		}
		files = append(files, "!$test")

		fmt.Fprintf(&text, "        %s:\n          list-mode: lax\n", strings.ReplaceAll(room, "/", "-"))
		fmt.Fprintf(&text, "          files: [%s]\n          deny:\n", quoted(files))
		for _, pkg := range denied {
			fmt.Fprintf(&text, "            - pkg: %s\n              desc: %q\n", pkg, parsed.why[room])
		}
		var allowed []string
		if room != nounClass {
			allowed = append(allowed, internal+"/"+room)
		}
		for _, other := range below {
			if other != nounClass { // only the registry sees nouns, and may see all below its own folder
				allowed = append(allowed, internal+"/"+other)
			}
		}
		allowed = withoutInner(allowed)
		if len(allowed) > 0 {
			text.WriteString("          allow:\n")
			for _, pkg := range allowed {
				fmt.Fprintf(&text, "            - %s\n", pkg)
			}
		}
	}
	return text.String()
}

// withoutInner drops folders inside another one of the list: depguard looks a package up in the sorted list and
// compares only its nearest neighbour, so "a/b" beside "a" hides "a" from "a/c".
func withoutInner(folders []string) []string {
	return slices.DeleteFunc(slices.Clone(folders), func(inner string) bool {
		return slices.ContainsFunc(folders, func(outer string) bool { return strings.HasPrefix(inner, outer+"/") })
	})
}

// quoted writes a YAML flow list.
func quoted(values []string) string {
	list := make([]string, 0, len(values))
	for _, value := range values {
		list = append(list, fmt.Sprintf("%q", value))
	}
	return strings.Join(list, ", ")
}
