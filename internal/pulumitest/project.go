// SPDX-License-Identifier: Apache-2.0

package pulumitest

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
)

const (
	// Stack is the name of every project's stack.
	Stack = "test"
	// Passphrase encrypts the secrets in a stack's state.
	Passphrase = "correct horse battery staple"
)

// Project is a copy of a Pulumi program with a stack, a file backend and a PULUMI_HOME of its own: nothing is shared
// with the person at the keyboard. Its methods are not safe for concurrent use.
type Project struct {
	// Dir holds the program.
	Dir string
	// Backend holds the state, below .pulumi.
	Backend string
	// StateDir is the journal's AKASH_STATE_DIR.
	StateDir string

	env []string
}

// New copies a program's folder and makes a stack for it; account's key reaches the plugin by environment.
func New(t *testing.T, n *acctest.Network, account string, language Language, program string) *Project {
	t.Helper()
	p := &Project{Dir: t.TempDir(), Backend: t.TempDir(), StateDir: t.TempDir()}
	p.copy(t, program)
	home := t.TempDir()
	a := n.Account(t, account)
	p.env = append(
		slices.DeleteFunc(os.Environ(), func(v string) bool {
			return strings.HasPrefix(v, "PULUMI_") || strings.HasPrefix(v, "AKASH_") || strings.HasPrefix(v, "PATH=")
		}),
		"PATH="+tool(t, "AKASH_PULUMI_BIN")+string(os.PathListSeparator)+os.Getenv("PATH"),
		"PULUMI_HOME="+home, "PULUMI_BACKEND_URL=file://"+filepath.ToSlash(p.Backend),
		"PULUMI_CONFIG_PASSPHRASE="+Passphrase,
		"PULUMI_SKIP_UPDATE_CHECK=true", "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION=true", "NO_COLOR=1",
		"AKASH_NETWORK=custom", "AKASH_CHAIN_ID="+n.ChainID(), "AKASH_GRPC="+n.Endpoint(),
		"AKASH_MNEMONIC="+a.Mnemonic, "AKASH_HD_PATH="+a.HDPath, "AKASH_STATE_DIR="+p.StateDir,
	)
	install(t, home)
	p.env = append(p.env, language.prepare(t, p)...)
	p.MustRun(t, "stack", "init", Stack)
	return p
}

// install puts the built plugin where `pulumi plugin install` would: one found on the PATH makes Pulumi warn.
func install(t *testing.T, home string) {
	t.Helper()
	binary := tool(t, "AKASH_PULUMI_PLUGIN")
	dir := filepath.Join(home, "plugins", "resource-akash-v"+Version)
	require.NoError(t, os.MkdirAll(dir, 0o750))
	require.NoError(t, os.Symlink(binary, filepath.Join(dir, filepath.Base(binary))))
}

// copy copies the program without what building and installing leave beside it.
func (p *Project) copy(t *testing.T, program string) {
	t.Helper()
	entries, err := os.ReadDir(program)
	require.NoError(t, err)
	for _, e := range entries {
		from, to := filepath.Join(program, e.Name()), filepath.Join(p.Dir, e.Name())
		switch {
		case slices.Contains([]string{"node_modules", "venv", "target", "__pycache__", "package-lock.json"}, e.Name()):
		case e.IsDir():
			require.NoError(t, os.CopyFS(to, os.DirFS(from)))
		default:
			text, err := os.ReadFile(from) //nolint:gosec // the test says which program
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(to, text, 0o600)) //nolint:gosec // a folder we made
		}
	}
}

// Write puts a file into the program's folder.
func (p *Project) Write(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join(p.Dir, name)
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o750))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
}

// Setenv sets a variable of the environment that runs get; "" removes it.
func (p *Project) Setenv(name, value string) {
	p.env = slices.DeleteFunc(p.env, func(v string) bool { return strings.HasPrefix(v, name+"=") })
	if value != "" {
		p.env = append(p.env, name+"="+value)
	}
}

// Set gives the program's configuration a value.
func (p *Project) Set(t *testing.T, name, value string) {
	t.Helper()
	p.MustRun(t, "config", "set", "--plaintext", name, value)
}

// SetSecret gives the program's configuration a value that state has to encrypt.
func (p *Project) SetSecret(t *testing.T, name, value string) {
	t.Helper()
	p.MustRun(t, "config", "set", "--secret", name, value)
}

// Command is a run of the CLI that has not started, in a process group of its own, so that a test can kill or interrupt
// all of it: see [acctest.KillGroup].
func (p *Project) Command(ctx context.Context, args ...string) *exec.Cmd {
	if args[0] == "stack" && len(args) > 1 && args[1] == "init" {
		args = append(slices.Clone(args), "--non-interactive")
	} else {
		args = append(slices.Clone(args), "--non-interactive", "--stack", Stack)
	}
	return p.command(ctx, filepath.Join(os.Getenv("AKASH_PULUMI_BIN"), "pulumi"), args...)
}

func (p *Project) command(ctx context.Context, binary string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, binary, args...) //nolint:gosec // running the CLI is the purpose
	cmd.Dir, cmd.Env = p.Dir, p.env
	acctest.OwnGroup(cmd)
	return cmd
}

func (p *Project) mustCommand(t *testing.T, binary string, args ...string) {
	t.Helper()
	out, err := p.command(t.Context(), binary, args...).CombinedOutput()
	require.NoError(t, err, "%s %s\n%s", binary, strings.Join(args, " "), out)
}

// Run runs the CLI to its end and returns what it printed, both streams.
func (p *Project) Run(t *testing.T, args ...string) (string, error) {
	t.Helper()
	out, err := p.Command(t.Context(), args...).CombinedOutput()
	return string(out), err
}

// MustRun is Run for what must succeed.
func (p *Project) MustRun(t *testing.T, args ...string) string {
	t.Helper()
	out, err := p.Run(t, args...)
	require.NoError(t, err, "pulumi %s\n%s", strings.Join(args, " "), out)
	return out
}

// read decodes what a run prints as JSON.
func (p *Project) read(t *testing.T, into any, args ...string) {
	t.Helper()
	out, err := p.Command(t.Context(), args...).Output()
	require.NoError(t, err, "pulumi %s\n%s", strings.Join(args, " "), out)
	require.NoError(t, json.Unmarshal(out, into), "%s", out)
}
