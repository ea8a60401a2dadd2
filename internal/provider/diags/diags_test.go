// SPDX-License-Identifier: Apache-2.0

package diags_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/diags"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

var update = flag.Bool("update", false, "rewrite golden files")

// TestTexts holds what a practitioner reads.
func TestTexts(t *testing.T) {
	t.Parallel()
	failure := &deploy.Failure{
		Title: "Manifest refused", Doing: "Leasing group a/1/1", Cause: errors.New("422: no such image"),
		Exists: "Lease a/1/1/1/b costs 1.5uact per block.", Next: "Run terraform apply again.",
	}
	problem := func(severity sdl.Severity, line int, at, message, remedy string) sdl.Problem {
		return sdl.Problem{Severity: severity, Line: line, Column: 3, Path: at, Message: message, Remedy: remedy}
	}
	for name, found := range map[string]diag.Diagnostics{
		"failure":         {diags.FromError(failure)},
		"wrapped_failure": {diags.FromErrorAt(path.Root("deposit"), fmt.Errorf("outer: %w", failure))},
		"bare_failure":    {diags.FromError(&deploy.Failure{Title: "Interrupted"})},
		"wrong_chain":     {diags.FromError(fmt.Errorf("dial: %w", chain.ErrWrongChainID))},
		"rate_limited":    {diags.FromError(fmt.Errorf("http://a:1: %w", chain.ErrRateLimited))},
		"unreachable":     {diags.FromError(fmt.Errorf("http://a:1: %w", chain.ErrUnreachable))},
		"other":           {diags.FromError(errors.New("something else"))},
		"sdl": diags.SDL(path.Root("sdl"), sdl.Problems{
			problem(sdl.Error, 3, "services.web", "image is missing", "Add image, e.g. nginx:1.29"),
			problem(sdl.Error, 0, "", "version is missing", ""),
			problem(sdl.Warning, 7, "services.web.env", "FOO is given twice", "Keep one"),
		}),
		"sdl_one": diags.SDL(path.Root("sdl"), sdl.Problems{problem(sdl.Error, 1, "", "not YAML", "")}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var text strings.Builder
			for _, d := range found {
				at := ""
				if d, ok := d.(diag.DiagnosticWithPath); ok {
					at = " (" + d.Path().String() + ")"
				}
				fmt.Fprintf(&text, "%s%s: %s\n%s\n\n", d.Severity(), at, d.Summary(), d.Detail())
			}
			file := filepath.Join("testdata", name+".golden")
			if *update {
				require.NoError(t, os.MkdirAll("testdata", 0o755))
				require.NoError(t, os.WriteFile(file, []byte(text.String()), 0o600))
			}
			want, err := os.ReadFile(file)
			require.NoError(t, err)
			require.Equal(t, string(want), text.String())
		})
	}
	require.Empty(t, diags.SDL(path.Root("sdl"), nil))
}
