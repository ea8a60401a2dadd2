// SPDX-License-Identifier: Apache-2.0

// Command typescript runs the official TypeScript SDK against a devnet that it
// starts, and looks at the devnet's own state where the client says that
// something is so. "make test-typescript" builds and runs it with Node.js and
// the SDK at hand; README.md beside it says more. It exits with 1 when client
// and devnet disagree.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
)

const (
	// defaultPath is the key that the SDK takes when it is not told another.
	defaultPath = "m/44'/118'/0'/0/0"
	// sellerPath is the key with which the client acts as an Akash provider of its own.
	sellerPath = "m/44'/118'/0'/0/50"
	// startingUAKT is what each of them has: no uact, so that the client has to mint.
	startingUAKT = 1_000_000_000

	stopTimeout = 5 * time.Second
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		_, _ = fmt.Fprintln(os.Stderr, "typescript:", err)
		os.Exit(1)
	}
}

// run starts a devnet, lets the client tell its story and returns what went wrong.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	flags := flag.NewFlagSet("typescript", flag.ContinueOnError)
	flags.SetOutput(stderr)
	dir := flags.String("dir", filepath.Join("internal", "devnet", "typescript"), "folder of round.mjs")
	timeout := flags.Duration("timeout", 5*time.Minute, "how long the client may take")
	if err := flags.Parse(args); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, *timeout)
	defer cancel()

	var opts devnet.Options
	for _, path := range []string{defaultPath, sellerPath} {
		address, err := wallet.Derive(devnet.TestMnemonic, path)
		if err != nil {
			return err
		}
		opts.Accounts = append(opts.Accounts, devnet.FundedAccount{
			Address: address, Coins: sdk.NewCoins(sdk.NewInt64Coin(coin.UAKT, startingUAKT)),
		})
	}
	network, err := devnet.Start(ctx, opts)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, network.Stop()) }() //nolint:contextcheck // ending does not depend on ctx
	return tell(ctx, network, &witness{network: network, owner: opts.Accounts[0].Address}, *dir, stdout, stderr)
}

// tell runs the client, whose questions the witness answers.
func tell(
	ctx context.Context, network *devnet.Network, w *witness, dir string, stdout, stderr io.Writer,
) error {
	client := exec.CommandContext(ctx, "node", "round.mjs")
	client.Dir, client.Stderr, client.WaitDelay = dir, stderr, stopTimeout
	// Nothing else of this process's environment: NODE_OPTIONS and proxies are somebody's, not the test's.
	client.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"),
		"AKASH_CHAIN_ID=" + network.ChainID(), "AKASH_MNEMONIC=" + devnet.TestMnemonic,
		"AKASH_NODE=" + network.RPC(), "AKASH_GRPC=http://" + network.GRPC(), "AKASH_REST=" + network.REST(),
	}
	questions, err := client.StdoutPipe()
	if err != nil {
		return err
	}
	answers, err := client.StdinPipe()
	if err != nil {
		return err
	}
	if err := client.Start(); err != nil {
		return fmt.Errorf("start the client: %w", err)
	}
	listened := w.listen(ctx, questions, answers, stdout)
	_ = answers.Close() // a client that still waits for an answer gives up
	if err := client.Wait(); err != nil {
		return fmt.Errorf("client: %w", err)
	}
	return listened
}
