// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	testName     = regexp.MustCompile("`(Test[A-Za-z0-9_]+)`")
	testDeclared = regexp.MustCompile(`(?m)^func (Test[A-Za-z0-9_]+)\(`)
)

// threats are the rows of the table of threats in SECURITY.md, as they are written.
func threats(text string) []string {
	_, section, _ := strings.Cut(text, "\n## Threats\n")
	section, _, _ = strings.Cut(section, "\n## ")
	var rows []string
	for line := range strings.Lines(section) {
		if strings.HasPrefix(line, "|") && !strings.HasPrefix(line, "| ---") && !strings.HasPrefix(line, "| threat ") {
			rows = append(rows, strings.TrimSpace(line))
		}
	}
	return rows
}

// TestThreatsAreTested wants a test for every threat of SECURITY.md, and every test it names to be there.
func TestThreatsAreTested(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(root(t), "SECURITY.md"))
	require.NoError(t, err)
	declared := map[string]bool{}
	walk(t, "_test.go", func(_, text string) {
		for _, match := range testDeclared.FindAllStringSubmatch(text, -1) {
			declared[match[1]] = true
		}
	})
	rows := threats(string(text))
	require.GreaterOrEqual(t, len(rows), 15, "the table is where this test looks")
	for _, row := range rows {
		named := testName.FindAllStringSubmatch(row, -1)
		require.NotEmpty(t, named, "a threat without a test: %s", row)
		for _, match := range named {
			require.True(t, declared[match[1]], "%s is named by SECURITY.md, and there is no such test", match[1])
		}
	}
	for _, part := range []string{
		"Keys.", "A hostile Akash provider.", "A lying endpoint.", "The state file.", "Supply chain.",
	} {
		require.Contains(t, string(text), "| **"+part+"**", "the threat model has all its parts")
	}
}

func TestThreatsAreRowsOfTheirSection(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"| a | b | `TestX` |"}, threats("# S\n| no | no | no |\n\n## Threats\n\n"+
		"| threat | m | tests |\n| --- | --- | --- |\n| a | b | `TestX` |\n\n## Next\n| no |\n"))
}
