// SPDX-License-Identifier: Apache-2.0

// Command akash-devnet runs a simulated Akash network on this machine until it
// is interrupted: a playground with public keys and no money. See package devnet
// for what it simulates and what it does not.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/hashicorp/go-hclog"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "akash-devnet:", err)
		os.Exit(1) //nolint:gocritic // nothing is left that the deferred stop would end
	}
}

// run starts a network, says so on stdout and stops it when ctx ends.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	opts, asJSON, err := parse(args, stderr)
	if err != nil {
		return err
	}
	began := time.Now()
	network, err := devnet.Start(ctx, opts)
	if err != nil {
		return err
	}
	show := writeScreen
	if asJSON {
		show = writeJSON
	}
	if err := show(stdout, network, opts, time.Since(began)); err != nil {
		_ = network.Stop() // the first error is the one to tell
		return err
	}
	<-ctx.Done()
	return network.Stop()
}

// parse reads the command line; help and mistakes go to stderr.
func parse(args []string, stderr io.Writer) (opts devnet.Options, asJSON bool, err error) {
	flags := flag.NewFlagSet("akash-devnet", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.DurationVar(&opts.BlockTime, "block-time", devnet.DefaultBlockTime, "pause between blocks, at least 50ms")
	flags.StringVar(&opts.ChainID, "chain-id", devnet.DefaultChainID, "chain id")
	flags.StringVar(&opts.Dir, "dir", "", "keep the chain in this directory and go on from it; empty: in memory")
	flags.StringVar(&opts.RPCAddr, "rpc", "127.0.0.1:26657", "host:port of CometBFT RPC; port 0 picks one")
	flags.StringVar(&opts.GRPCAddr, "grpc", "127.0.0.1:9090", "host:port of gRPC; port 0 picks one")
	flags.StringVar(&opts.RESTAddr, "rest", "127.0.0.1:1317", "host:port of REST; port 0 picks one")
	flags.BoolVar(&asJSON, "json", false, "print one JSON object when ready, for scripts")
	verbose := flags.Bool("v", false, "log what node and Akash providers do to stderr")
	if err := flags.Parse(args); err != nil {
		return opts, false, err
	}
	if flags.NArg() > 0 {
		return opts, false, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	opts.AkashProviders = akashprovider.DefaultSpecs()
	if *verbose {
		opts.Logger = hclog.New(&hclog.LoggerOptions{Name: "devnet", Level: hclog.Info, Output: stderr})
	}
	return opts, asJSON, nil
}
