// SPDX-License-Identifier: Apache-2.0

// Command demo shows the main job on a machine that has nothing: it starts a
// devnet, lets a real CLI plan, apply, change and destroy the quickstart with
// the built plugin, and checks on the chain what the CLI claims. It writes to
// a temporary folder only. "make demo" builds and runs it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// Exit codes: what failed, what was used wrongly, and what Ctrl-C ended, as shells count it.
const (
	exitFailed      = 1
	exitUsage       = 2
	exitInterrupted = 130
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run parses the arguments, performs and returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return exitUsage
	}
	o.color = isTerminal(stdout) && os.Getenv("NO_COLOR") == ""
	return perform(ctx, o, stdout, stderr)
}

// perform tells the story and returns the exit code.
func perform(ctx context.Context, o options, stdout, stderr io.Writer) int {
	err := tell(ctx, o, stdout)
	switch {
	case err == nil:
		return 0
	case ctx.Err() != nil:
		_, _ = fmt.Fprintln(stderr, "\ninterrupted; the devnet is gone and so is everything on it")
		return exitInterrupted
	default:
		_, _ = fmt.Fprintf(stderr, "\ndemo: %v\n", err)
		return exitFailed
	}
}

// options are the command line.
type options struct {
	cli       string        // a Terraform-compatible CLI
	plugin    string        // the built Terraform provider
	example   string        // the configuration to apply
	blockTime time.Duration // of the devnet
	keep      bool          // stop after the first apply and wait
	full      bool          // show everything the CLI says
	color     bool
	temp      string // where the temporary folder is made; "" is the system's place
}

func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.cli, "cli", os.Getenv("AKASH_CLI"), "terraform or tofu, default $AKASH_CLI")
	flags.StringVar(&o.plugin, "plugin", ".bin/terraform-provider-akash", "the built Terraform provider")
	flags.StringVar(&o.example, "example", "examples/quickstart", "folder of the configuration")
	flags.DurationVar(&o.blockTime, "block-time", 300*time.Millisecond, "pause between the devnet's blocks")
	flags.BoolVar(&o.keep, "keep", false, "keep the devnet and the workload after the first apply, until Ctrl-C")
	flags.BoolVar(&o.full, "full", false, "show everything the CLI says, not only what matters")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	var err error
	switch {
	case flags.NArg() > 0:
		err = fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case o.cli == "":
		err = errors.New("no CLI: run \"make demo\", or name one with -cli")
	}
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "demo: %v\n", err)
	}
	return o, err
}

// isTerminal reports whether a person is likely to look at w.
func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
