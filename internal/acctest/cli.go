// SPDX-License-Identifier: Apache-2.0

package acctest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// CLIVariable names the Terraform-compatible CLI that black-box tests run; `make test` sets it.
const CLIVariable = "AKASH_CLI"

// binaryDirPrefix begins the name of the folder of a test process's binary, which lives until a later process makes its
// own.
const binaryDirPrefix = "akash-blackbox-"

// buildOnce builds the Terraform provider's binary once a test process. Nothing tells a process that its last test is
// over, so folders of processes that ended hours ago are removed first: a binary is some 70 MB.
var buildOnce = sync.OnceValues(func() (string, error) {
	if old, err := filepath.Glob(filepath.Join(os.TempDir(), binaryDirPrefix+"*")); err == nil {
		for _, dir := range old {
			if info, err := os.Stat(dir); err == nil && time.Since(info.ModTime()) > 2*time.Hour {
				_ = os.RemoveAll(dir) // the next process tries again
			}
		}
	}
	dir, err := os.MkdirTemp("", binaryDirPrefix)
	if err != nil {
		return "", err
	}
	binary := filepath.Join(dir, "terraform-provider-akash")
	build := exec.Command("go", "build", "-o", binary, "github.com/akash-iac/terraform-provider-akash")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the Terraform provider: %w\n%s", err, out)
	}
	return dir, nil
})

// Workspace is a folder with a configuration, run by a real CLI with the built Terraform provider: nothing of it
// happens in the test's process.
type Workspace struct {
	// Dir holds the configuration and the state.
	Dir string
	// StateDir is the journal's AKASH_STATE_DIR.
	StateDir string

	cli string
	env []string
}

// NewWorkspace prepares a folder for configuration; account's key reaches the Terraform provider by environment.
func (n *Network) NewWorkspace(t *testing.T, account, configuration string) *Workspace {
	t.Helper()
	cli := os.Getenv(CLIVariable)
	require.NotEmpty(t, cli, "%s is not set: run the tests with `make test`, which finds or builds a CLI", CLIVariable)
	binaryDir, err := buildOnce()
	require.NoError(t, err)
	a := n.Account(t, account)

	w := &Workspace{Dir: t.TempDir(), StateDir: t.TempDir(), cli: cli}
	w.Write(t, "main.tf", `terraform {
  required_providers {
    akash = { source = "akash-iac/akash" }
  }
}
`+configuration)
	w.Write(t, "cli.rc", fmt.Sprintf(`provider_installation {
  dev_overrides {
    "registry.terraform.io/akash-iac/akash" = %[1]q
    "registry.opentofu.org/akash-iac/akash" = %[1]q
  }
}
`, binaryDir))
	w.env = append(
		slices.DeleteFunc(os.Environ(), func(v string) bool {
			return strings.HasPrefix(v, "TF_") || strings.HasPrefix(v, "AKASH_")
		}),
		"TF_CLI_CONFIG_FILE="+filepath.Join(w.Dir, "cli.rc"), "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1",
		"AKASH_NETWORK=custom", "AKASH_CHAIN_ID="+n.chainID, "AKASH_GRPC="+n.endpoint,
		"AKASH_MNEMONIC="+a.Mnemonic, "AKASH_HD_PATH="+a.HDPath, "AKASH_STATE_DIR="+w.StateDir,
	)
	return w
}

// Write puts a file into the workspace.
func (w *Workspace) Write(t *testing.T, name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(w.Dir, name), []byte(text), 0o600))
}

// Replace puts a text in place of another one in the configuration.
func (w *Workspace) Replace(t *testing.T, old, now string) {
	t.Helper()
	path := filepath.Join(w.Dir, "main.tf")
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Contains(t, string(text), old)
	w.Write(t, "main.tf", strings.ReplaceAll(string(text), old, now))
}

// Setenv sets a variable of the environment that runs get; "" removes it.
func (w *Workspace) Setenv(name, value string) {
	w.env = slices.DeleteFunc(w.env, func(v string) bool { return strings.HasPrefix(v, name+"=") })
	if value != "" {
		w.env = append(w.env, name+"="+value)
	}
}

// Command is a CLI run that has not started, in a process group of its own so that a test can kill all of it.
func (w *Workspace) Command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, w.cli, args...)
	cmd.Dir, cmd.Env = w.Dir, w.env
	OwnGroup(cmd)
	return cmd
}

// Run runs the CLI to its end and returns what it printed.
func (w *Workspace) Run(t *testing.T, args ...string) (string, error) {
	t.Helper()
	out, err := w.Command(t.Context(), args...).CombinedOutput()
	return string(out), err
}

// MustRun is Run for what must succeed.
func (w *Workspace) MustRun(t *testing.T, args ...string) string {
	t.Helper()
	out, err := w.Run(t, args...)
	require.NoError(t, err, "%s\n%s", strings.Join(args, " "), out)
	return out
}
