// SPDX-License-Identifier: Apache-2.0

package main

import (
	"flag"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
)

const overview = `akash-devnet: a simulated Akash network on this machine, to play with.

It is NOT the Akash network and holds NO real money: one validator, keys that
everybody knows, simulated Akash providers that bid and report but run nothing.

Commands:
`

const walk = `
In one terminal:      akash-devnet --env-file devnet.env
In another terminal:  . ./devnet.env
                      akash-devnet status

"akash-devnet help COMMAND" explains a command. The commands but run find the
devnet by --admin, else $AKASH_DEVNET_ADMIN (which the environment file sets),
else the folder given by --state, else at ` + defaultAdmin + `.
`

// help prints the overview, or a command's own page.
func help(args []string, out io.Writer) error {
	if len(args) > 1 {
		return misuse("help explains one command")
	}
	if len(args) == 1 {
		for _, c := range commands() {
			if c.name == args[0] {
				return c.help(out)
			}
		}
		return misuse("there is no command %q", args[0])
	}
	p := printer{w: out}
	p.text(overview)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, c := range commands() {
		fmt.Fprintf(table, "  %s\t%s\n", strings.TrimSpace(c.name+" "+c.arguments), c.summary)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	p.text(walk)
	return p.err
}

// help prints the page of one command.
func (c command) help(out io.Writer) error {
	flags, _ := c.flags(streams{out: io.Discard, err: io.Discard, getenv: func(string) string { return "" }})
	p := printer{w: out}
	p.line("usage: akash-devnet %s", strings.TrimSpace(c.name+" "+c.arguments))
	p.line("")
	p.text(c.about)
	p.line("")
	flags.VisitAll(func(f *flag.Flag) {
		value, usage := flag.UnquoteUsage(f)
		p.line("  --%s", strings.TrimSpace(f.Name+" "+strings.ToUpper(value)))
		if f.DefValue != "" && f.DefValue != "0" && f.DefValue != "false" {
			usage += " (default " + f.DefValue + ")"
		}
		p.fold(usage, 80)
	})
	if c.name == runCommand.name || c.name == faultsCommand.name {
		p.line("")
		p.line("Faults:")
		faultTable(&p)
	}
	return p.err
}

// faultTable lists what a fault specification may hold.
func faultTable(p *printer) {
	for _, sellers := range []bool{false, true} {
		p.line("")
		p.line("%s", map[bool]string{
			false: "  of the public endpoints, written as the example:",
			true:  "  of Akash providers, for one (NAME.), for one that the seed picks (any.) or for all (*.):",
		}[sellers])
		for _, doc := range devnet.FaultNames() {
			if doc.AkashProvider == sellers {
				p.line("    %s", doc.Example)
				p.fold(doc.Help, 80)
			}
		}
	}
}

// printer writes lines until the first error.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}

// fold writes a paragraph, indented, in lines of at most so many characters.
func (p *printer) fold(text string, width int) {
	const indent = "        "
	line := indent
	for i, word := range strings.Fields(text) {
		if i > 0 && len(line)+1+len(word) > width {
			p.line("%s", line)
			line = indent
		}
		if line != indent {
			line += " "
		}
		line += word
	}
	p.line("%s", line)
}

func (p *printer) text(text string) {
	if p.err == nil {
		_, p.err = io.WriteString(p.w, text)
	}
}
