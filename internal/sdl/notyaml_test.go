// SPDX-License-Identifier: Apache-2.0

package sdl_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// TestNotYAML: the line is the one a person has to change, not the one where the surrounding mapping begins.
func TestNotYAML(t *testing.T) {
	t.Parallel()
	const head = "version: \"2.0\"\nservices:\n  web:\n"
	for name, c := range map[string]struct {
		text         string
		line, column int
		says         string
	}{
		"indentation":      {head + "    image: nginx\n   expose:\n      - port: 80\nprofiles:\n", 5, 4, "does not fit what"},
		"indentation end":  {"x: 1\na:\n  - b\n c: d\n", 4, 2, "does not fit what"},
		"tab":              {head + "\timage: nginx\n    x: 1\n", 4, 1, "indented with a tab"},
		"bracket":          {"version: \"2.0\"\nservices: [a, b\nprofiles:\n  compute: 1\nx:\n  y: z\n", 2, 1, "brackets"},
		"brace":            {"x: 1\nservices:\n  web: {image: nginx, env: [A=1]\nprofiles:\n  compute: x\n", 3, 3, "braces"},
		"quote":            {"version: \"2.0\nservices:\n  web:\n    image: nginx\n", 1, 1, "quotes begin here"},
		"inner quote":      {"version: \"2.0\"\nservices:\n  web: 'it's'\nprofiles:\n", 3, 3, "does not fit"},
		"two colons":       {"a: b: c\n", 1, 1, "a colon"},
		"no colon":         {"version: \"2.0\"\nservices:\n  web\n    image: nginx\n", 4, 5, "line above with a colon"},
		"no colon in line": {head + "    image nginx\n    env:\n     - x\n", 5, 5, "a colon"},
		"list item":        {head + "    args:\n     - \"a\" b\n    env:\n     - x\n", 5, 6, "fit the list"},
		"at":               {"x: 1\n\n\ny: @foo\n", 4, 1, "cannot begin"},
		"alias":            {"x: 1\ny: *foo\n", 2, 4, "no anchor"},
		"control":          {"x: 1\ny: \x01\n", 2, 4, "invisible"},
		"Latin-1":          {"x: 1\nyé: \xff\n", 2, 5, "UTF-8"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, problems := sdl.Parse([]byte(c.text))
			require.Nil(t, d)
			require.Len(t, problems, 1)
			p := problems[0]
			require.Equal(t, [2]int{c.line, c.column}, [2]int{p.Line, p.Column}, p)
			require.Contains(t, p.String(), c.says)
			require.NotEmpty(t, p.Remedy)
		})
	}
}
