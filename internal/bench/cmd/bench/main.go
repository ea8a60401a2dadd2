// SPDX-License-Identifier: Apache-2.0

// Command bench builds the Terraform provider, a minimal one and the devnet, starts each a few times and prints what
// that took. Run it with "make bench" from the top of the repository.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"

	"github.com/akash-iac/terraform-provider-akash/internal/bench"
)

func main() {
	runs := flag.Int("runs", 15, "starts of each plugin; the devnet gets a third of them")
	devnet := flag.Bool("devnet", true, "measure the devnet as well")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *runs, *devnet)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// program is one line of the report to be.
type program struct {
	name, pkg string
	start     func(ctx context.Context, binary string) (bench.Sample, error)
	runs      int
	binary    string
	size      int64
	samples   []bench.Sample
}

func run(ctx context.Context, runs int, withDevnet bool) error {
	if runs < 1 {
		return errors.New("-runs: at least 1")
	}
	dir, err := os.MkdirTemp("", "akash-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()

	minimal := &program{name: "minimal plugin", pkg: "./internal/bench/minimal", start: bench.Plugin, runs: runs}
	ours := &program{name: "terraform-provider-akash", pkg: ".", start: bench.Plugin, runs: runs}
	programs := []*program{minimal, ours}
	if withDevnet {
		programs = append(programs, &program{
			name: "akash-devnet", pkg: "./internal/devnet/cmd/akash-devnet", start: bench.Devnet, runs: max(1, runs/3),
		})
	}
	for _, p := range programs {
		if err := p.build(ctx, dir); err != nil {
			return err
		}
	}
	// In turns, so that a busy moment hits everybody. The first start of each warms the page cache and is not counted.
	for n := range runs + 1 {
		for _, p := range programs {
			if n > p.runs {
				continue
			}
			sample, err := p.start(ctx, p.binary)
			if err != nil {
				return err
			}
			if n > 0 {
				p.samples = append(p.samples, sample)
			}
		}
	}

	yardstick := bench.Summarise(minimal.samples, minimal.size)
	rows := []bench.Row{{Name: minimal.name, Figures: yardstick}}
	for _, p := range programs[1:] {
		row := bench.Row{Name: p.name, Figures: bench.Summarise(p.samples, p.size)}
		if p == ours {
			row.Against = &yardstick
		}
		rows = append(rows, row)
	}
	return bench.Print(os.Stdout, rows)
}

// build compiles the program the way it is released.
func (p *program) build(ctx context.Context, dir string) error {
	p.binary = filepath.Join(dir, filepath.Base(p.name)+"-bin")
	//nolint:gosec // both names are constants of this file
	cmd := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-trimpath", "-ldflags", "-s -w",
		"-o", p.binary, p.pkg)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("build %s: %w", p.pkg, err)
	}
	info, err := os.Stat(p.binary)
	if err != nil {
		return err
	}
	p.size = info.Size()
	return nil
}
