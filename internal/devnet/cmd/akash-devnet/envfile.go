// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
)

// adminVariable tells the other commands where the devnet is.
const adminVariable = "AKASH_DEVNET_ADMIN"

// envMark is the first line of an environment file, by which it is known as ours to write over.
const envMark = "# Written by akash-devnet; source it: \". ./FILE\""

// writeEnv writes the environment file. It does not touch a file that something else has written.
func (p playground) writeEnv() error {
	before, err := os.ReadFile(p.envFile)
	switch {
	case errors.Is(err, os.ErrNotExist):
	case err != nil:
		return fmt.Errorf("--env-file: %w", err)
	case len(before) > 0 && !strings.HasPrefix(string(before), envMark):
		return fmt.Errorf("--env-file: %s was not written by akash-devnet: name another file, or remove it", p.envFile)
	}
	text, err := p.env()
	if err != nil {
		return fmt.Errorf("--env-file: %w", err)
	}
	if err := writeWhole(p.envFile, text); err != nil {
		return fmt.Errorf("--env-file: %w", err)
	}
	return nil
}

// env is the environment that points the Terraform provider, and these commands, at the devnet.
func (p playground) env() (string, error) {
	n := p.network
	tenant, _ := n.Account(devnet.Tenant)
	var out strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&out, format+"\n", args...) }
	export := func(name, value string) {
		line("export %s=%s", name, shellQuote(value))
	}
	line(envMark)
	line("# A simulated network with NO real money.")
	export("AKASH_NETWORK", "devnet")
	export("AKASH_CHAIN_ID", n.ChainID())
	export("AKASH_NODE", n.RPC())
	export("AKASH_GRPC", "http://"+n.GRPC())
	export("AKASH_REST", n.REST())
	line("# The devnet's public test key, known to everybody: never send real coins to its accounts.")
	export("AKASH_MNEMONIC", tenant.Mnemonic)
	export("AKASH_HD_PATH", tenant.HDPath)
	line("# A key or account of yours must not get mixed up in this.")
	line("unset AKASH_PRIVATE_KEY AKASH_KEY_NAME AKASH_OWNER")
	if p.opts.Dir != "" {
		folder, err := filepath.Abs(p.opts.Dir)
		if err != nil {
			return "", err
		}
		line("# What applies keep for being continued belongs to this chain.")
		export("AKASH_STATE_DIR", filepath.Join(folder, "journal"))
	}
	if p.page != "" {
		export(adminVariable, p.page)
	}
	return out.String(), nil
}

// shellQuote makes one word of a text for a shell.
func shellQuote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
