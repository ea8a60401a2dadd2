// SPDX-License-Identifier: Apache-2.0

// Command akash-devnet is a playground: "run" simulates an Akash network on this
// machine until it is interrupted, with public keys and no money, and the other commands look at
// it and steer it from another terminal. See package devnet for what it simulates and what it does not.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

// Exit codes: what failed, and what was used wrongly.
const (
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	std := streams{out: os.Stdout, err: os.Stderr, getenv: os.Getenv}
	err := dispatch(ctx, os.Args[1:], std)
	stop()
	os.Exit(exitCode(err, os.Stderr))
}

// streams are what a command writes to and learns its surroundings from.
type streams struct {
	out, err io.Writer
	getenv   func(string) string
}

// usageError is a mistake on the command line.
type usageError struct{ text string }

func (e usageError) Error() string { return e.text }

func misuse(format string, args ...any) error { return usageError{fmt.Sprintf(format, args...)} }

// exitCode says what went wrong, if anything did.
func exitCode(err error, stderr io.Writer) int {
	var misused usageError
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.As(err, &misused):
		_, _ = fmt.Fprintf(stderr, "akash-devnet: %v\n\"akash-devnet help\" lists what there is.\n", err)
		return exitUsage
	default:
		_, _ = fmt.Fprintln(stderr, "akash-devnet:", err)
		return exitFailed
	}
}

// command is one word of the command line.
type command struct {
	name, arguments, summary string
	// about is the rest of its help.
	about string
	// declare adds the command's flags and returns what to do with the arguments that are none.
	declare func(flags *flag.FlagSet, std streams) func(ctx context.Context, args []string) error
}

func commands() []command {
	return []command{
		runCommand, statusCommand, faucetCommand, faultsCommand, killCommand, reviveCommand, priceCommand,
		snapshotCommand,
	}
}

// dispatch finds the command, "run" when none is named, and does it.
func dispatch(ctx context.Context, args []string, std streams) error {
	name := runCommand.name
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		name, args = args[0], args[1:]
	}
	if name == "help" {
		return help(args, std.out)
	}
	for _, c := range commands() {
		if c.name == name {
			return c.do(ctx, args, std)
		}
	}
	return misuse("there is no command %q", name)
}

// do parses the command's flags, which may stand before, between and after its arguments, and runs it.
func (c command) do(ctx context.Context, args []string, std streams) error {
	flags, run := c.flags(std)
	var rest []string
	for {
		if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
			return c.help(std.out)
		} else if err != nil {
			return usageError{err.Error()}
		}
		if flags.NArg() == 0 {
			return run(ctx, rest)
		}
		rest, args = append(rest, flags.Arg(0)), flags.Args()[1:]
	}
}

func (c command) flags(std streams) (*flag.FlagSet, func(context.Context, []string) error) {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	flags.SetOutput(io.Discard) // mistakes are told once, by main
	return flags, c.declare(flags, std)
}
