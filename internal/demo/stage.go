// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
)

// The names of the files in the stage's folder.
const (
	configFile = "cli.tfrc"
	envFile    = "env.sh"
	fileMode   = 0o600
)

// stage is everything the story happens on: a running devnet and a folder with a copy of the example, the CLI's
// configuration and the journal. Nothing of it is in the repository.
type stage struct {
	net    *devnet.Network
	tenant devnet.Account
	dir    string // the temporary folder; the configuration is in dir/quickstart
	vars   []string
	cli    *cli
}

// setUp starts the devnet and prepares the folder. On an error nothing stays behind.
func setUp(ctx context.Context, o options, out io.Writer) (_ *stage, err error) {
	s := &stage{}
	defer func() { //nolint:contextcheck // must be done although ctx may have ended
		if err != nil {
			err = errors.Join(err, s.tearDown())
		}
	}()
	if s.dir, err = os.MkdirTemp(o.temp, "akash-demo-"); err != nil {
		return nil, err
	}
	work := filepath.Join(s.dir, "quickstart")
	if err := os.CopyFS(work, os.DirFS(o.example)); err != nil {
		return nil, fmt.Errorf("copy the example: %w", err)
	}
	if err := s.writeConfig(o.plugin); err != nil {
		return nil, err
	}
	if s.net, err = devnet.Start(ctx, devnet.Options{BlockTime: o.blockTime}); err != nil {
		return nil, fmt.Errorf("start the devnet: %w", err)
	}
	var known bool
	if s.tenant, known = s.net.Account(devnet.Tenant); !known {
		return nil, errors.New("the devnet has no tenant")
	}
	s.vars = s.variables()
	binary, err := exec.LookPath(o.cli)
	if err != nil {
		return nil, fmt.Errorf("find the CLI: %w", err)
	}
	if binary, err = filepath.Abs(binary); err != nil {
		return nil, err
	}
	s.cli = &cli{
		binary: binary, dir: work, env: append(inherited(os.Environ()), s.vars...), out: out, full: o.full, color: o.color,
	}
	return s, nil
}

// tearDown stops the devnet and removes the folder, state and all: it describes what no longer exists.
func (s *stage) tearDown() error {
	var errs []error
	if s.net != nil {
		errs = append(errs, s.net.Stop())
	}
	if s.dir != "" {
		errs = append(errs, os.RemoveAll(s.dir))
	}
	return errors.Join(errs...)
}

// writeConfig tells the CLI where the plugin is, at both registries' addresses: which one "akash-iac/akash" means
// depends on the CLI. With such an override there is nothing to install, so the demo never runs "init".
func (s *stage) writeConfig(plugin string) error {
	plugin, err := filepath.Abs(plugin)
	if err != nil {
		return err
	}
	if _, err := os.Stat(plugin); err != nil {
		return fmt.Errorf("the Terraform provider is not built, run \"make build\": %w", err)
	}
	folder := filepath.ToSlash(filepath.Dir(plugin))
	text := fmt.Sprintf(`provider_installation {
  dev_overrides {
    "registry.terraform.io/akash-iac/akash" = %q
    "registry.opentofu.org/akash-iac/akash" = %q
  }
  direct {}
}
`, folder, folder)
	return os.WriteFile(filepath.Join(s.dir, configFile), []byte(text), fileMode)
}

// variables are the environment that points a CLI, and with it the plugin, at the devnet.
func (s *stage) variables() []string {
	return []string{
		"TF_CLI_CONFIG_FILE=" + filepath.Join(s.dir, configFile),
		"CHECKPOINT_DISABLE=1",
		"AKASH_NETWORK=devnet",
		"AKASH_CHAIN_ID=" + s.net.ChainID(),
		"AKASH_GRPC=http://" + s.net.GRPC(),
		"AKASH_NODE=" + s.net.RPC(),
		"AKASH_MNEMONIC=" + s.tenant.Mnemonic,
		"AKASH_HD_PATH=" + s.tenant.HDPath,
		"AKASH_STATE_DIR=" + filepath.Join(s.dir, "state"),
		"TF_VAR_db_password=" + rand.Text(),
	}
}

// writeEnv writes the variables as a file to be read by a shell, and returns its path.
func (s *stage) writeEnv() (string, error) {
	var text strings.Builder
	for _, v := range s.vars {
		name, value, _ := strings.Cut(v, "=")
		fmt.Fprintf(&text, "export %s='%s'\n", name, strings.ReplaceAll(value, "'", `'\''`))
	}
	path := filepath.Join(s.dir, envFile)
	return path, os.WriteFile(path, []byte(text.String()), fileMode)
}

// inherited is the environment without what could send the demo to a real account or to another plugin.
func inherited(environ []string) []string {
	var kept []string
	for _, v := range environ {
		if strings.HasPrefix(v, "TF_LOG") || !strings.HasPrefix(v, "TF_") && !strings.HasPrefix(v, "AKASH_") {
			kept = append(kept, v)
		}
	}
	return kept
}
