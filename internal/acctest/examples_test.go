// SPDX-License-Identifier: Apache-2.0

package acctest_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
)

const examplesDir = "../../examples"

// TestAccExamples validates every example, and plans those that need nothing but an account. The documentation shows
// them, so they must be right. The quickstart is also applied, by internal/demo.
func TestAccExamples(t *testing.T) {
	t.Parallel()
	net := acctest.Start(t)
	found := 0
	require.NoError(t, filepath.WalkDir(examplesDir, func(path string, entry fs.DirEntry, err error) error {
		if entry != nil && entry.IsDir() && path == filepath.Join(examplesDir, "actions") {
			return fs.SkipDir // the pinned CLI knows no actions; internal/policy/schema reads them
		}
		if entry != nil && entry.IsDir() && path == filepath.FromSlash(systemsDir) {
			return fs.SkipDir // TestAccSystems validates and applies them
		}
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".tf" {
			return err
		}
		name := filepath.Base(path)
		// The quickstart is one configuration of three files, every other file is an example by itself.
		if filepath.Base(filepath.Dir(path)) == "quickstart" && name != "main.tf" {
			return nil
		}
		found++
		title, err := filepath.Rel(examplesDir, path)
		require.NoError(t, err)
		t.Run(filepath.ToSlash(title), func(t *testing.T) { validateExample(t, net, path) })
		return nil
	}))
	require.GreaterOrEqual(t, found, 10, "the examples are where this test looks")
}

func validateExample(t *testing.T, net *acctest.Network, path string) {
	t.Helper()
	dir, name := filepath.Dir(path), filepath.Base(path)
	w := net.NewWorkspace(t, acctest.Tenant, "")
	isImport := strings.HasPrefix(name, "import-")
	needed := []string{name}
	switch {
	case isImport:
		needed = append(needed, "resource.tf")
	case name == "main.tf":
		needed = append(needed, "variables.tf", "outputs.tf")
	}
	for _, kind := range []string{"*.yaml", "*.json"} { // SDLs and what is converted, where an example reads one
		beside, err := filepath.Glob(filepath.Join(dir, kind))
		require.NoError(t, err)
		for _, file := range beside {
			needed = append(needed, filepath.Base(file))
		}
	}
	for _, file := range needed {
		text, err := os.ReadFile(filepath.Join(dir, file))
		require.NoError(t, err)
		if strings.Contains(string(text), "required_providers") {
			require.NoError(t, os.Remove(filepath.Join(w.Dir, "main.tf")), "it says the same")
		}
		w.Write(t, file, string(text))
	}
	require.Contains(t, w.MustRun(t, "validate", "-no-color"), "The configuration is valid")

	if isImport || name == "provider.tf" {
		return // nothing of that id is on this chain; another network
	}
	// Unlike -var, a file may hold values for variables that an example does not have.
	w.Write(t, "terraform.tfvars", "api_token = \"x\"\ndb_password = \"x\"\n"+
		"registry_token = \"x\"\n")
	out := w.MustRun(t, "plan", "-no-color", "-input=false")
	require.NotContains(t, out, "No changes.", "an example shows something")
}
