// SPDX-License-Identifier: Apache-2.0

package migrate_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/migrate"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

var update = flag.Bool("update", false, "write the golden files anew")

// describe writes a conversion for people to read: each finding, then the SDL.
func describe(c migrate.Conversion) string {
	var out strings.Builder
	fmt.Fprintf(&out, "score %d\n", c.Report.Score())
	for _, f := range c.Report.Findings {
		fmt.Fprintf(&out, "%-7s %s: %s\n", f.Severity, f.Path, f.Reason)
		if f.Remedy != "" {
			fmt.Fprintf(&out, "%-7s   -> %s\n", "", f.Remedy)
		}
	}
	if len(c.SecretVariables) > 0 {
		fmt.Fprintf(&out, "secrets %v\n", c.SecretVariables)
	}
	out.Write(c.SDL)
	return out.String()
}

// golden compares a text with a file, or writes it.
func golden(t *testing.T, file, text string) {
	t.Helper()
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err, "run the test with -update and read what it wrote")
	require.Equal(t, string(want), text)
}

// withLosses converts a file with every loss accepted that can be, until no new one comes up.
func withLosses(t *testing.T, text string) {
	t.Helper()
	var options migrate.ComposeOptions
	for {
		got, err := migrate.Compose(t.Context(), text, options)
		require.NoError(t, err)
		before := len(options.AcceptLosses)
		for _, f := range got.Report.Of(migrate.Blocker) {
			if f.Path != "services" {
				options.AcceptLosses = append(options.AcceptLosses, f.Path)
			}
		}
		if len(options.AcceptLosses) == before {
			require.Equal(t, len(got.Report.Of(migrate.Blocker)) == 0, got.SDL != nil)
			return
		}
	}
}

// TestComposeOfOthers reads files that people run. Each has a golden report, and an SDL where nothing blocks it. With
// all losses accepted it has one, too, unless nothing that can run is left.
func TestComposeOfOthers(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/compose/*.y*ml")
	require.NoError(t, err)
	files = slices.DeleteFunc(files, func(f string) bool { return strings.HasSuffix(f, ".golden") })
	require.Greater(t, len(files), 20)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			got, err := migrate.Compose(t.Context(), string(text), migrate.ComposeOptions{})
			require.NoError(t, err)
			require.Equal(t, len(got.Report.Of(migrate.Blocker)) == 0, got.SDL != nil, "an SDL or blockers")
			if got.SDL != nil {
				doc, problems := sdl.Parse(got.SDL)
				require.NotNil(t, doc, problems)
			}
			golden(t, file+".golden", describe(got))
			withLosses(t, string(text))
		})
	}
}
