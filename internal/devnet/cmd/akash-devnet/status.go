// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/page"
)

const (
	defaultEvery = 300 * time.Millisecond
	leastEvery   = 50 * time.Millisecond
	// A devnet that does not answer so many times has ended.
	maxMissed = 3
)

var statusCommand = command{
	name: "status", arguments: "", summary: "watch blocks, orders, bids, leases and what escrow pays",
	about: `Shows what happens on the devnet until Ctrl-C: in a terminal a table that follows it,
elsewhere one line for each change. NO_COLOR in the environment leaves colours out.
USD a month counts blocks of 6 s, as on mainnet and in plans.
`,
	declare: func(flags *flag.FlagSet, std streams) func(context.Context, []string) error {
		at := declareRunning(flags, std)
		s := status{std: std}
		flags.BoolVar(&s.once, "once", false, "show what is now, and end")
		flags.DurationVar(&s.every, "every", defaultEvery, "`pause` between two looks")
		return func(ctx context.Context, args []string) error {
			if len(args) > 0 {
				return misuse("status takes no argument")
			}
			source, err := at.viewer()
			if err != nil {
				return err
			}
			s.every = max(s.every, leastEvery)
			return s.watch(ctx, source)
		}
	},
}

// status follows a devnet.
type status struct {
	std   streams
	once  bool
	every time.Duration
}

// terminal is the one that w is, if it is one that can be drawn on.
func terminal(w io.Writer, getenv func(string) string) (size func() (width, height int), ok bool) {
	file, isFile := w.(*os.File)
	if !isFile || getenv("TERM") == "dumb" || !term.IsTerminal(int(file.Fd())) {
		return nil, false
	}
	return func() (int, int) {
		const usualWidth, usualHeight = 80, 24
		width, height, err := term.GetSize(int(file.Fd()))
		if err != nil || width <= 0 || height <= 0 {
			return usualWidth, usualHeight
		}
		return width, height
	}, true
}

// watch shows views until ctx ends, which is no error.
func (s status) watch(ctx context.Context, source *viewer) error {
	first, err := source.view(ctx)
	if err != nil {
		return err
	}
	size, drawn := terminal(s.std.out, s.std.getenv)
	color := drawn && s.std.getenv("NO_COLOR") == ""
	if s.once {
		width := 0
		if drawn {
			width, _ = size()
		}
		_, err := io.WriteString(s.std.out, render(table(first, source.base), width, 0, color))
		return err
	}
	if !drawn {
		told := news{}
		return s.follow(ctx, source, first, func(v page.View) error { return told.tell(s.std.out, v) })
	}
	return s.draw(ctx, source, first, size, color)
}

// Sequences of ECMA-48 terminals. The other screen keeps what was there before.
const (
	otherScreen = "\x1b[?1049h\x1b[?25l"
	firstScreen = "\x1b[?25h\x1b[?1049l"
	topLeft     = "\x1b[H"
	clearLine   = "\x1b[K"
	clearBelow  = "\x1b[J"
)

// draw follows the devnet on the terminal's other screen, and leaves it as it was.
func (s status) draw(
	ctx context.Context, source *viewer, first page.View, size func() (int, int), color bool,
) (err error) {
	if _, err := io.WriteString(s.std.out, otherScreen); err != nil {
		return err
	}
	defer func() {
		if _, writeErr := io.WriteString(s.std.out, firstScreen); err == nil {
			err = writeErr
		}
	}()
	return s.follow(ctx, source, first, func(v page.View) error {
		width, height := size()
		text := render(table(v, source.base), width, height-1, color)
		text = topLeft + strings.ReplaceAll(text, "\n", clearLine+"\n") + clearBelow
		_, err := io.WriteString(s.std.out, text)
		return err
	})
}

// follow shows a view after the other, each once.
func (s status) follow(ctx context.Context, source *viewer, view page.View, show func(page.View) error) error {
	ticker := time.NewTicker(s.every)
	defer ticker.Stop()
	missed := 0
	for {
		if err := show(view); err != nil {
			return err
		}
		for again := true; again; {
			select {
			case <-ctx.Done():
				return nil
			case <-ticker.C:
			}
			next, err := source.view(ctx)
			switch {
			case ctx.Err() != nil:
				return nil
			case err == nil:
				view, missed, again = next, 0, false
			default:
				if missed++; missed >= maxMissed {
					return fmt.Errorf("the devnet has gone: %w", err)
				}
			}
		}
	}
}
