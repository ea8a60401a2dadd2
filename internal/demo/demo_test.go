// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestAccDemo tells the whole story, and what must not end well, with a real CLI and the built plugin.
func TestAccDemo(t *testing.T) {
	t.Parallel()
	cli := os.Getenv("TF_ACC_TERRAFORM_PATH")
	require.NotEmpty(t, cli, "this test needs a CLI; run it as: make test PKG=./internal/demo/...")
	o := options{
		cli: cli, plugin: filepath.Join(t.TempDir(), "terraform-provider-akash"),
		example: filepath.Join("..", "..", "examples", "quickstart"), blockTime: 300 * time.Millisecond,
	}
	build := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-o", o.plugin, "../..")
	said, err := build.CombinedOutput()
	require.NoError(t, err, string(said))

	t.Run("story", func(t *testing.T) {
		t.Parallel()
		o := o
		o.temp = t.TempDir()
		var out strings.Builder
		require.NoError(t, tell(t.Context(), o, &out), "%s", &out)
		for _, shown := range []string{
			"Plan: 2 to add, 0 to change, 0 to destroy.", "accepted: cheapest", "over the ceiling of 2.25 USD per month",
			"Plan: 0 to add, 2 to change, 0 to destroy.", "as before", "Destroy complete! Resources: 2 destroyed.",
		} {
			require.Contains(t, out.String(), shown)
		}
		require.NotContains(t, out.String(), "junk", "the mnemonic is not shown")
		requireEmpty(t, o.temp)
		require.NoDirExists(t, filepath.Join(o.example, ".terraform"))
		require.NoFileExists(t, filepath.Join(o.example, "terraform.tfstate"))
	})

	t.Run("an apply that fails", func(t *testing.T) {
		t.Parallel()
		o := o
		o.temp = t.TempDir()
		dear := t.TempDir()
		require.NoError(t, os.CopyFS(dear, os.DirFS(o.example)))
		o.example = dear
		variables := filepath.Join(dear, "variables.tf")
		text, err := os.ReadFile(variables)
		require.NoError(t, err)
		changed := strings.Replace(string(text), `"2.25"`, `"0.10"`, 1)
		require.NotEqual(t, string(text), changed)
		require.NoError(t, os.WriteFile(variables, []byte(changed), fileMode))
		var out strings.Builder
		require.ErrorContains(t, tell(t.Context(), o, &out), "apply failed")
		require.Contains(t, out.String(), "No acceptable bid")
		require.Contains(t, out.String(), "over the ceiling of 0.10 USD per month")
		requireEmpty(t, o.temp)
	})

	t.Run("kept until interrupted", func(t *testing.T) {
		t.Parallel()
		o := o
		o.temp = t.TempDir()
		ctx, interrupt := context.WithCancel(t.Context())
		defer interrupt()
		o.keep = true
		out := &watched{mark: "Ctrl-C stops the chain", seen: interrupt}
		require.NoError(t, tell(ctx, o, out), "Ctrl-C is how it is meant to end")
		require.Contains(t, out.String(), "Apply complete! Resources: 2 added")
		require.Contains(t, out.String(), "CLI configuration")
		requireEmpty(t, o.temp)
	})

	t.Run("interrupted in the middle", func(t *testing.T) {
		t.Parallel()
		o := o
		o.temp = t.TempDir()
		ctx, interrupt := context.WithCancel(t.Context())
		defer interrupt()
		out := &watched{mark: "akash_lease.wordpress: Creating...", seen: interrupt}
		var told strings.Builder
		require.Equal(t, exitInterrupted, perform(ctx, o, out, &told), "%s", &told)
		require.NotContains(t, out.String(), "Apply complete!")
		requireEmpty(t, o.temp)
	})
}

func requireEmpty(t *testing.T, dir string) {
	t.Helper()
	left, err := filepath.Glob(filepath.Join(dir, "akash-demo-*"))
	require.NoError(t, err)
	require.Empty(t, left, "nothing may stay behind")
}

// watched is a writer that calls seen once a text was written to it.
type watched struct {
	mark string
	seen func()

	mu   sync.Mutex
	text strings.Builder
}

func (w *watched) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n, err := w.text.Write(p)
	if strings.Contains(w.text.String(), w.mark) {
		w.seen()
	}
	return n, err
}

func (w *watched) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}
