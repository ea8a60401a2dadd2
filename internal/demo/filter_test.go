// SPDX-License-Identifier: Apache-2.0

package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFilter(t *testing.T) {
	t.Parallel()
	const override = "Warning: Provider development overrides are in effect\n\nThe following\n - a/b in /x\n\n" +
		"with published\nreleases.\n"
	for name, c := range map[string]struct{ said, shown string }{
		"nothing":         {"", ""},
		"last line whole": {"one\ntwo", "    one\n    two\n"},
		"empty lines":     {"\n\none\n\n\ntwo\n\n", "    one\n\n    two\n"},
		"override, plain": {"\n" + override + "\nPlan: 1 to add\n", "    Plan: 1 to add\n"},
		"override, boxed": {
			"╷\n│ " + strings.ReplaceAll(strings.TrimSpace(override), "\n", "\n│ ") + "\n╵\none\n",
			"    one\n",
		},
		"a box of another kind": {
			"╷\n│ Error: No acceptable bid\n│ \n│ It says why.\n╵\n",
			"    ╷\n    │ Error: No acceptable bid\n    │ \n    │ It says why.\n    ╵\n",
		},
		"a coloured box": {
			"\x1b[33m╷\x1b[0m\x1b[0m\n\x1b[33m│\x1b[0m \x1b[0m\x1b[1mWarning: \x1b[0mProvider development overrides are in " +
				"effect\x1b[0m\n\x1b[33m│\x1b[0m published releases.\n\x1b[33m╵\x1b[0m\x1b[0m\none\n",
			"    one\n",
		},
		"legend": {
			"Terraform used the selected providers to generate the following execution\n" +
				"plan. Resource actions are indicated with the following symbols:\n  + create\n\n" +
				"Terraform will perform the following actions:\n\n  # a.b will be created\n",
			"      # a.b will be created\n",
		},
		"long values": {
			"  + resource \"a\" \"b\" {\n      + spec = jsonencode(\n            {\n              + x = [(1)]\n            }\n" +
				"        )\n      + sdl  = <<-EOT\n            ---\n            EOTisnot\n        EOT\n    }\n",
			"      + resource \"a\" \"b\" {\n          + spec = jsonencode({…})\n          + sdl  = <<-EOT … EOT\n        }\n",
		},
		"destroyed": {
			"  # a.b will be destroyed\n  - resource \"a\" \"b\" {\n      - x = {\n          - y = 1\n        } -> null\n" +
				"    }\nafter\n",
			"      # a.b will be destroyed\n    after\n",
		},
		"outputs": {
			"Plan: 2 to add\n\nChanges to Outputs:\n  + uri = (known after apply)\n\nApplied\n\nOutputs:\n\nuri = \"x\"\n",
			"    Plan: 2 to add\n\n    Applied\n",
		},
		"refresh": {"a.b: Refreshing state... [id=x]\na.b: Modifying... [id=x]\n", "    a.b: Modifying... [id=x]\n"},
		"too long": {
			strings.Repeat("ä", widest+1) + "\n",
			"    " + strings.Repeat("ä", widest) + "…\n",
		},
	} {
		for _, size := range []int{1, 7, 1 << 20} { // however it is cut on its way
			var out strings.Builder
			f := newFilter(&out)
			for rest := c.said; rest != ""; {
				part := rest[:min(size, len(rest))]
				rest = rest[len(part):]
				n, err := f.Write([]byte(part))
				require.NoError(t, err)
				require.Len(t, part, n)
			}
			require.NoError(t, f.Close())
			require.Equal(t, c.shown, out.String(), "%s, %d bytes at a time", name, size)
		}
	}
}

func TestInheritedKeepsNothingThatPointsElsewhere(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"HOME=/root", "TF_LOG=debug"}, inherited([]string{
		"HOME=/root", "TF_VAR_db_password=x", "AKASH_MNEMONIC=a b c", "TF_LOG=debug", "TF_CLI_ARGS=-x", "TF_WORKSPACE=w",
	}))
}

func TestParse(t *testing.T) {
	t.Parallel()
	o, err := parse([]string{"-cli", "tofu", "-keep", "-block-time", "1s"}, &strings.Builder{})
	require.NoError(t, err)
	require.True(t, o.keep)
	require.Equal(t, "tofu", o.cli)

	for _, args := range [][]string{{"-cli", "x", "more"}, {"-cli", ""}, {"-no-such-flag"}} {
		var said strings.Builder
		require.Equal(t, exitUsage, run(t.Context(), args, &said, &said), args)
		require.NotEmpty(t, said.String())
	}
}

func TestCheckNamesEveryClaimThatFails(t *testing.T) {
	t.Parallel()
	require.NoError(t, check(claim(true, "a"), claim(true, "b")))
	err := check(claim(false, "a"), claim(true, "b"), claim(false, "c"))
	require.ErrorContains(t, err, "a")
	require.ErrorContains(t, err, "c")
	require.NotContains(t, err.Error(), "b\n")
}
