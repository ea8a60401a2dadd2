// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/hashicorp/go-hclog"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/admin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/page"
)

const (
	// defaultAdmin is where a devnet is steered and looked at.
	defaultAdmin = "127.0.0.1:26600"
	// adminOff as an address serves neither page nor commands.
	adminOff = "none"
	// adminFile in the folder of --state tells the other commands the address.
	adminFile     = "admin-address"
	headerTimeout = 10 * time.Second
	// mildFaults is a word for a plan.
	mildFaults = "mild"
)

var runCommand = command{
	name: "run", arguments: "[flags]", summary: "run a devnet until Ctrl-C (the default)",
	about: `Runs a chain with simulated Akash providers, shows where it listens and who has
coins, and serves a web page that shows orders, bids, leases and escrow.

Without --state all is in memory and gone at the end.
`,
	declare: func(flags *flag.FlagSet, std streams) func(context.Context, []string) error {
		r := declareRun(flags)
		return func(ctx context.Context, args []string) error { return r.run(ctx, args, std) }
	},
}

// runFlags are the command line of "run".
type runFlags struct {
	set                     *flag.FlagSet
	opts                    devnet.Options
	providers, gpus, faults string
	admin, envFile          string
	asJSON, verbose         bool
}

func declareRun(flags *flag.FlagSet) *runFlags {
	r := &runFlags{set: flags}
	flags.StringVar(&r.providers, "providers", "3",
		"`number` of Akash providers, or names such as amber,cedar,maple; beyond three they are made from the seed")
	flags.StringVar(&r.gpus, "gpus", "",
		"GPUs of every Akash provider, a `spec` such as h100:8,rtx4090:4; cedar.h100:8 is for one alone")
	flags.DurationVar(&r.opts.BlockTime, "block-time", devnet.DefaultBlockTime, "pause between blocks, at least 50ms")
	flags.StringVar(&r.opts.ChainID, "chain-id", devnet.DefaultChainID, "chain `id`")
	flags.StringVar(&r.opts.Dir, "state", "", "keep the chain in this `folder` and go on from it")
	flags.StringVar(&r.opts.From, "from", "",
		"begin as it was in this `folder`, which \"akash-devnet snapshot\" wrote; with --state go on there")
	flags.Uint64Var(&r.opts.Seed, "seed", 0,
		"`number` that settles what is left to chance: two runs with one seed are alike")
	flags.StringVar(&r.faults, "faults", "",
		"faults from the start, a `spec` such as lag-blocks=2,amber.never-bid; \"mild\" is a bad day of the network")
	flags.StringVar(&r.admin, "admin", defaultAdmin,
		"`address` on loopback for the web page and the other commands; port 0 picks one, \"none\" serves neither")
	flags.StringVar(&r.envFile, "env-file", "", "write a `file` to source, which points terraform and tofu at the devnet")
	flags.StringVar(&r.opts.RPCAddr, "rpc", "127.0.0.1:26657", "`address` of CometBFT RPC; port 0 picks one")
	flags.StringVar(&r.opts.GRPCAddr, "grpc", "127.0.0.1:9090", "`address` of gRPC; port 0 picks one")
	flags.StringVar(&r.opts.RESTAddr, "rest", "127.0.0.1:1317", "`address` of REST; port 0 picks one")
	flags.BoolVar(&r.asJSON, "json", false, "print one JSON object when ready, for scripts")
	flags.BoolVar(&r.verbose, "v", false, "log what node and Akash providers do to stderr")
	return r
}

// run starts a network, says so on stdout and stops it when ctx ends.
func (r *runFlags) run(ctx context.Context, args []string, std streams) (err error) {
	if len(args) > 0 {
		return misuse("there is no command %q, and run takes flags only", args[0])
	}
	if r.opts.AkashProviders, err = sellers(r.providers, r.gpus, r.opts.Seed); err != nil {
		return err
	}
	plan, err := faultPlan(r.faults, r.opts.Seed)
	if err != nil {
		return err
	}
	if r.opts.From != "" && !r.chose("chain-id") {
		r.opts.ChainID = "" // the snapshot's
	}
	if r.verbose {
		r.opts.Logger = hclog.New(&hclog.LoggerOptions{Name: "devnet", Level: hclog.Info, Output: std.err})
	}
	listener, err := r.listen(ctx)
	if err != nil {
		return err
	}
	began := time.Now()
	network, err := devnet.Start(ctx, r.opts)
	if err != nil {
		if listener != nil {
			_ = listener.Close() // the first error is the one to tell
		}
		return err
	}
	defer func() { err = errors.Join(err, network.Stop()) }()
	shown := playground{network: network, opts: r.opts, envFile: r.envFile, faults: plan.String()}
	if listener != nil {
		stop := serve(listener, network)
		defer stop()
		shown.page = "http://" + listener.Addr().String()
	}
	if err := network.ApplyFaults(ctx, plan); err != nil {
		return err
	}
	if err := shown.writeFiles(); err != nil {
		return err
	}
	shown.took = time.Since(began)
	show := shown.writeScreen
	if r.asJSON {
		show = shown.writeJSON
	}
	if err := show(std.out); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// faultPlan reads --faults; "mild" is a plan by itself.
func faultPlan(text string, seed uint64) (devnet.FaultPlan, error) {
	if text == mildFaults {
		return devnet.MildFaults(seed), nil
	}
	plan, err := devnet.ParseFaults(text)
	if err != nil {
		return plan, usageError{err.Error()}
	}
	return plan, nil
}

// chose tells whether a flag is on the command line.
func (r *runFlags) chose(name string) bool {
	chosen := false
	r.set.Visit(func(f *flag.Flag) { chosen = chosen || f.Name == name })
	return chosen
}

// listen opens the admin address; nil when it is off. Where nobody chose an address and the usual one is taken, by
// another devnet as a rule, any other does.
func (r *runFlags) listen(ctx context.Context) (net.Listener, error) {
	if r.admin == adminOff {
		return nil, nil //nolint:nilnil // off is no error
	}
	chosen := r.chose("admin")
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", r.admin)
	if errors.Is(err, syscall.EADDRINUSE) && !chosen {
		listener, err = config.Listen(ctx, "tcp", "127.0.0.1:0")
	}
	if err != nil {
		return nil, fmt.Errorf("--admin: %w", err)
	}
	if err := admin.CheckListener(listener); err != nil {
		return nil, errors.Join(fmt.Errorf("--admin: %w", err), listener.Close())
	}
	return listener, nil
}

// serve puts the web page and the admin endpoint on one listener; stop ends both.
func serve(listener net.Listener, network *devnet.Network) (stop func()) {
	mux := http.NewServeMux()
	shown := page.Handler(page.NewCollector(network, time.Now))
	mux.Handle(page.PathPage+"{$}", shown)
	mux.Handle(page.PathAuction, shown)
	mux.Handle(page.PathView, shown)
	mux.Handle("/", admin.Handler(network))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: headerTimeout}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(listener) // ends with Close
	}()
	return func() {
		_ = server.Close() // nobody is left to tell
		<-done
	}
}

// writeFiles tells other terminals where the devnet is.
func (p playground) writeFiles() error {
	if p.opts.Dir != "" && p.page != "" {
		if err := writeWhole(filepath.Join(p.opts.Dir, adminFile), p.page+"\n"); err != nil {
			return err
		}
	}
	if p.envFile == "" {
		return nil
	}
	return p.writeEnv()
}

// writeWhole writes a file for its owner alone; who reads meanwhile sees the old one or the new one.
func writeWhole(path, text string) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".akash-devnet-") // with mode 0600
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return nil
}
