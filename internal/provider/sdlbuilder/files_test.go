// SPDX-License-Identifier: Apache-2.0

package sdlbuilder_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// container is what a manifest says of how a service starts.
type container struct{ Command, Args, Env []string }

func containerOf(t *testing.T, text string) container {
	t.Helper()
	doc, problems := sdl.Parse([]byte(text))
	require.NotNil(t, doc, "%s", problems)
	var groups []struct{ Services []container }
	require.NoError(t, json.Unmarshal(doc.ManifestJSON(), &groups))
	return groups[0].Services[0]
}

// TestAccSDL_files runs what the manifest tells a container to run: it writes the files, forgets the variables that
// carried them, and becomes the command with its arguments.
func TestAccSDL_files(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const awkward = "a 'quoted' line with $HOME, $(HOME), `id` and \\n\n\ttab, ünïcode, no newline at its end"
	large := strings.Repeat("0123456789abcdef", 90<<10/16)
	literal := func(text string) string {
		quoted, err := json.Marshal(text)
		require.NoError(t, err)
		return string(quoted)
	}
	var text string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config: least(fmt.Sprintf(`
      command = ["/bin/sh", "-c", "cat %[1]s/deep/er/app.conf; echo; echo \"$1 $0 $KEPT\"; env"]
      args    = ["zero", "one two"]
      env     = { KEPT = "kept" }
      files   = {
        "%[1]s/deep/er/app.conf" = { content = %[2]s }
        "%[1]s/run.sh"           = { content = "", mode = "0750" }
        "%[1]s/large"            = { content = %[3]s, mode = "600" }
      }`, dir, literal(awkward), literal(large)), ""),
			Check: acctest.Keep(name, "yaml", &text),
		}},
	})
	c := containerOf(t, text)
	require.Equal(t, []string{"zero", "one two"}, c.Args, "are as they were")
	for _, word := range c.Command[:4] {
		require.NotContains(t, word, "$(", "Kubernetes would read it")
		require.NotContains(t, word, "$$", "Kubernetes would read it")
	}
	for _, e := range c.Env {
		require.Less(t, len(e), 128<<10, "Linux takes no longer one")
	}
	command := exec.CommandContext(t.Context(), c.Command[0], append(c.Command[1:], c.Args...)...)
	command.Env = append(c.Env, "PATH="+os.Getenv("PATH"))
	out, err := command.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.True(t, strings.HasPrefix(string(out), awkward+"\none two zero kept\n"), "%s", out)
	require.NotContains(t, string(out), "AKASH_FILE")
	for file, want := range map[string]struct {
		content string
		mode    os.FileMode
	}{"deep/er/app.conf": {awkward, 0o644}, "run.sh": {"", 0o750}, "large": {large, 0o600}} {
		path := filepath.Join(dir, file)
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, want.content, string(content), file)
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, want.mode, info.Mode().Perm(), file)
	}
	// A file that cannot be written stops the container instead of starting it without.
	require.NoError(t, os.RemoveAll(filepath.Join(dir, "deep")))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "deep"), nil, 0o600))
	command = exec.CommandContext(t.Context(), c.Command[0], append(c.Command[1:], c.Args...)...)
	command.Env = append(c.Env, "PATH="+os.Getenv("PATH"))
	out, err = command.CombinedOutput()
	require.Error(t, err)
	require.NotContains(t, string(out), "kept")
}

// TestAccSDL_filesRefused names the file that cannot get into its container.
func TestAccSDL_filesRefused(t *testing.T) {
	t.Parallel()
	const command = `command = ["x"]
`
	file := func(path, rest string) string { return fmt.Sprintf("%q = { content = %s }", path, rest) }
	big := func(n int) string {
		return fmt.Sprintf(`join("", [for i in range(%d) : "%s"])`, n, strings.Repeat("0123456789", 10))
	}
	for title, c := range map[string]struct{ lines, says, at string }{
		"no command": {`files = { ` + file("/a", `""`) + ` }`, "Command missing", "entry point is not known"},
		"relative":   {command + `files = { ` + file("a", `""`) + ` }`, `files["a"]`, "must be an absolute path"},
		"quote":      {command + `files = { ` + file("/a'b", `""`) + ` }`, `files["/a'b"]`, "must be an absolute path"},
		"Kubernetes": {command + `files = { ` + file("/a$b", `""`) + ` }`, `files["/a$b"]`, "must be an absolute path"},
		"dots":       {command + `files = { ` + file("/a/../b", `""`) + ` }`, "leads elsewhere", "write /b"},
		"in a file": {
			command + `files = { ` + file("/a", `""`) + "\n" + file("/a/b/c", `""`) + ` }`, "cannot be in /a", "file too",
		},
		"too large": {command + `files = { ` + file("/a", big(1000)) + ` }`, "File too large", "100000 bytes"},
		"all too much": {
			command + `files = { for i in range(3) : "/f${i}" => { content = ` + big(900) + ` } }`, "Files too large",
			"270000",
		},
		"mode": {command + `files = { "/a" = { content = "", mode = "rw" } }`, "mode", "three octal digits"},
		"reserved": {
			command + `env = { AKASH_FILE_7 = "hunter2" }` + "\nfiles = { " + file("/a", `""`) + " }", "Reserved name",
			"carry files",
		},
		"read-only": {
			command + `params = { storage = { data = { mount = "/data", read_only = true } } }` + "\nfiles = { " +
				file("/data/a", `""`) + " }", "Read-only volume", "mounted read-only at /data",
		},
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.Factories(),
				Steps: []resource.TestStep{
					{Config: least(c.lines, ""), PlanOnly: true, ExpectError: acctest.Says(c.says, c.at)},
				},
				ErrorCheck: func(err error) error {
					require.NotContains(t, err.Error(), "hunter2")
					return err
				},
			})
		})
	}
}

// TestAccSDL_storageClasses takes people's words for the network's classes, and the network's as well.
func TestAccSDL_storageClasses(t *testing.T) {
	t.Parallel()
	for word, class := range map[string]string{
		"hdd": "beta1", "ssd": "beta2", "nvme": "beta3", "beta1": "beta1", "beta3": "beta3", "default": "default",
	} {
		t.Run(word, func(t *testing.T) {
			t.Parallel()
			var text string
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.Factories(),
				Steps: []resource.TestStep{{
					Config: strings.Replace(least(`params = { storage = { data = { mount = "/data" } } }`, ""),
						`storage = [{ size = "1Gi" }]`, `storage = [{ name = "data", size = "1Gi", persistent = true, class = "`+
							word+`" }]`, 1),
					Check: acctest.Keep(name, "yaml", &text),
				}},
			})
			doc, problems := sdl.Parse([]byte(text))
			require.NotNil(t, doc, "%s", problems)
			volume := doc.Groups()[0].Resources[0].Resource.Storage[0]
			var found string
			for _, a := range volume.Attributes {
				if a.Key == "class" {
					found = a.Value
				}
			}
			require.Equal(t, class, found)
		})
	}
}
