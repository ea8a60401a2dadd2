// SPDX-License-Identifier: Apache-2.0

package pulumitest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Version is that of the built plugin; the SDKs ask for it.
const Version = "0.1.0-dev"

// Outputs are the stack's, secrets in the clear.
func (p *Project) Outputs(t *testing.T) map[string]any {
	t.Helper()
	var outputs map[string]any
	p.read(t, &outputs, "stack", "output", "--json", "--show-secrets")
	return outputs
}

// Output is one of the stack's outputs, which must be a text.
func (p *Project) Output(t *testing.T, name string) string {
	t.Helper()
	text, ok := p.Outputs(t)[name].(string)
	require.True(t, ok, "output %q is no text", name)
	return text
}

// Resource is a resource as the stack's state has it.
type Resource struct {
	URN, Type, ID   string
	Inputs, Outputs map[string]any
}

// Resources are what the stack's state has of the package, by the resource's name in the program.
func (p *Project) Resources(t *testing.T) map[string]Resource {
	t.Helper()
	var state struct {
		Deployment struct{ Resources []Resource }
	}
	p.read(t, &state, "stack", "export")
	found := map[string]Resource{}
	for _, r := range state.Deployment.Resources {
		if strings.HasPrefix(r.Type, "akash:") {
			found[r.URN[strings.LastIndex(r.URN, "::")+2:]] = r
		}
	}
	return found
}

// Steps are the operations that a preview plans, by the resource's name in the program: "create", "update", "replace",
// "delete", "same". Arguments are the preview's own.
func (p *Project) Steps(t *testing.T, args ...string) map[string]string {
	t.Helper()
	var plan struct{ Steps []struct{ Op, URN string } }
	p.read(t, &plan, append([]string{"preview", "--json"}, args...)...)
	steps := map[string]string{}
	for _, s := range plan.Steps {
		if strings.Contains(s.URN, "::akash:") {
			steps[s.URN[strings.LastIndex(s.URN, "::")+2:]] = s.Op
		}
	}
	return steps
}

// RequireNone looks through all files of the backend, which are state, its backups and the history, for a text that
// must be in none of them.
func (p *Project) RequireNone(t *testing.T, secret string) {
	t.Helper()
	files := 0
	require.NoError(t, filepath.WalkDir(p.Backend, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files++
		text, err := os.ReadFile(path) //nolint:gosec // a folder we made
		if at := strings.Index(string(text), secret); at >= 0 {
			require.Failf(t, "a secret is stored in the clear", "%s, after: %s", path, text[max(0, at-600):at])
		}
		return err
	}))
	require.NotZero(t, files, "the state is where this test looks")
}

// Forget takes resources of the package out of the stack's state, as their loss would; dependents come first.
func (p *Project) Forget(t *testing.T, names ...string) {
	t.Helper()
	known := p.Resources(t)
	for _, name := range names {
		require.Contains(t, known, name)
		p.MustRun(t, "state", "delete", "--yes", known[name].URN)
	}
}
