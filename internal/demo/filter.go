// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// widest is the longest line that is shown whole; group specs and manifests are longer.
const widest = 140

// filter passes on what a CLI says line by line, without what tells a reader nothing. Close it to see the last line.
// It is not safe for concurrent use.
type filter struct {
	out     io.Writer
	partial []byte
	held    string // the upper edge of a box, until its title is known
	until   func(line, text string) bool
	box     bool // a box is open
	begun   bool // a line was shown
	blank   bool // an empty line waits for what follows it
}

func newFilter(out io.Writer) *filter { return &filter{out: out} }

// escapes are colours.
var escapes = regexp.MustCompile("\x1b\\[[0-9;]*m")

// boring are beginnings of lines that repeat what everybody knows, or that speak to somebody at a prompt.
var boring = []string{
	"Terraform used the selected providers", "OpenTofu used the selected providers",
	"plan. Resource actions are indicated", "following symbols:", "symbols:",
	"Terraform will perform the following actions", "OpenTofu will perform the following actions",
	"Saved the plan to:", "To perform exactly these actions", `terraform apply "`, `tofu apply "`,
	"─", "Acquiring state lock", "Releasing state lock",
}

// known are whole lines of the same kind: the legend of a plan.
var known = []string{
	"+ create", "~ update in-place", "~ update in-place (current -> planned)", "- destroy",
	"-/+ destroy and then create replacement",
}

// folds are values that are shown by their first line alone. Each ends with a line that begins where its name does.
var folds = []struct{ begins, ends, shown string }{
	{"= jsonencode(", ")", "= jsonencode({…})"},
	{"= <<-EOT", "EOT", "= <<-EOT … EOT"},
}

// section is a part that is left out from its first line to the line that ends it.
type section struct {
	begins string
	ends   func(line, text string) bool
}

var sections = []section{
	{"Warning: Provider development overrides are in effect", func(_, text string) bool {
		return strings.HasSuffix(text, "releases.") || strings.HasSuffix(text, "╵")
	}},
	// The demo shows outputs its own way.
	{"Changes to Outputs:", func(_, text string) bool { return text == "" }},
	{"Outputs:", func(string, string) bool { return false }},
}

// Write takes any part of the CLI's output.
func (f *filter) Write(p []byte) (int, error) {
	f.partial = append(f.partial, p...)
	for {
		line, rest, whole := bytes.Cut(f.partial, []byte("\n"))
		if !whole {
			return len(p), nil
		}
		f.partial = rest
		if err := f.line(string(line)); err != nil {
			return 0, err
		}
	}
}

// Close shows a last line that had no end.
func (f *filter) Close() error {
	if len(f.partial) == 0 {
		return nil
	}
	last := string(f.partial)
	f.partial = nil
	return f.line(last)
}

func (f *filter) line(line string) error {
	plain := strings.TrimRight(escapes.ReplaceAllString(line, ""), " \r")
	bare := strings.TrimSpace(plain)
	text := strings.TrimSpace(strings.TrimPrefix(bare, "│"))
	if f.until != nil {
		if f.until(plain, text) {
			f.until = nil
		}
		return nil
	}
	switch bare {
	case "╷":
		f.held = line
		return nil
	case "╵":
		if !f.box {
			return nil // it closes a box that was left out
		}
		f.box = false
	}
	if f.leavesOut(plain, text) {
		return nil
	}
	if f.held != "" {
		if err := f.show(f.held, false); err != nil {
			return err
		}
		f.held, f.box = "", true
	}
	return f.show(f.fold(line, plain), bare == "")
}

// leavesOut reports whether a line is not shown, and begins the sections that are not.
func (f *filter) leavesOut(plain, text string) bool {
	for _, s := range sections {
		if strings.HasPrefix(text, s.begins) {
			f.held, f.until = "", s.ends
			return true
		}
	}
	// What is destroyed was shown when it was made.
	if strings.HasPrefix(text, `- resource "`) {
		f.until = closes(plain, "}")
		return true
	}
	return slices.Contains(known, text) || strings.Contains(text, ": Refreshing state... [") ||
		slices.ContainsFunc(boring, func(start string) bool { return strings.HasPrefix(text, start) })
}

// fold shortens a line that begins a long value, whose other lines are then left out.
func (f *filter) fold(line, plain string) string {
	for _, v := range folds {
		if strings.HasSuffix(plain, v.begins) {
			f.until = closes(plain, v.ends)
			return strings.Replace(line, v.begins, v.shown, 1)
		}
	}
	return line
}

// closes recognizes the last line of what begins in a plan's line: it stands where the name after the sign does.
func closes(plain, last string) func(line, text string) bool {
	column := len(plain) - len(strings.TrimLeft(plain, " +-~/"))
	return func(line, _ string) bool {
		return len(line) > column && strings.TrimLeft(line[:column], " ") == "" && strings.HasPrefix(line[column:], last)
	}
}

// show writes a line, indented so that the CLI's words stand apart, with at most one empty line before it.
func (f *filter) show(line string, blank bool) error {
	if blank {
		f.blank = f.begun
		return nil
	}
	if utf8.RuneCountInString(line) > widest {
		line = string([]rune(line)[:widest]) + "…"
		if strings.Contains(line, "\x1b[") {
			line += "\x1b[0m"
		}
	}
	line = "    " + line + "\n"
	if f.blank {
		line = "\n" + line
	}
	f.blank, f.begun = false, true
	_, err := io.WriteString(f.out, line)
	return err
}
