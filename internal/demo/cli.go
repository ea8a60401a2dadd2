// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// grace is how long an interrupted CLI gets to finish what it knows before it is killed.
const grace = 20 * time.Second

// cli runs a Terraform-compatible CLI in one folder.
type cli struct {
	binary      string
	dir         string
	env         []string // the whole environment
	out         io.Writer
	full, color bool
}

// run runs a command and streams what it says.
func (c *cli) run(ctx context.Context, args ...string) error {
	_, _ = fmt.Fprintf(c.out, "  $ %s %s\n", filepath.Base(c.binary), strings.Join(args, " "))
	if !c.color {
		args = append([]string{args[0], "-no-color"}, args[1:]...)
	}
	cmd := c.command(ctx, args)
	shown := c.out
	if !c.full {
		f := newFilter(c.out)
		defer func() { _ = f.Close() }()
		shown = f
	}
	cmd.Stdout, cmd.Stderr = shown, shown // one writer: os/exec then writes from one goroutine
	return c.ended(ctx, args, cmd.Run())
}

// read runs a command that prints JSON, and decodes it.
func (c *cli) read(ctx context.Context, into any, args ...string) error {
	cmd := c.command(ctx, args)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := c.ended(ctx, args, cmd.Run()); err != nil {
		return fmt.Errorf("%w\n%s", err, strings.TrimSpace(stderr.String()))
	}
	if err := json.Unmarshal(stdout.Bytes(), into); err != nil {
		return fmt.Errorf("what %q printed: %w", strings.Join(args, " "), err)
	}
	return nil
}

func (c *cli) command(ctx context.Context, args []string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, c.binary, args...) //nolint:gosec // running the CLI is the purpose
	cmd.Dir, cmd.Env = c.dir, c.env
	// Alone in its process group it gets one interrupt, ours, and not the terminal's as well: two would kill it.
	ownGroup(cmd)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = grace
	return cmd
}

func (c *cli) ended(ctx context.Context, args []string, err error) error {
	if interrupted := ctx.Err(); interrupted != nil {
		return interrupted
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return fmt.Errorf("%s %s failed: %w", filepath.Base(c.binary), args[0], err)
	}
	return err
}
