// SPDX-License-Identifier: Apache-2.0

// Command sdlcheck says what the Akash network makes of SDL files, offline. It
// prints one JSON object a file, or with -human every problem with the line
// it is about and a caret. It exits with 1 when a file is rejected, with 2
// when one cannot be read.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// finding is a problem as JSON.
type finding struct {
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Path    string `json:"path"`
	Message string `json:"message"`
	Remedy  string `json:"remedy,omitempty"`
}

// verdict is the answer about one file. Version is the deployment hash.
type verdict struct {
	File          string    `json:"file"`
	OK            bool      `json:"ok"`
	Version       string    `json:"version"`
	GroupsSHA256  string    `json:"groups_sha256"`
	ManifestBytes int       `json:"manifest_bytes"`
	Errors        []finding `json:"errors"`
	Warnings      []finding `json:"warnings"`
}

func run(args []string, out, errs io.Writer) int {
	flags := flag.NewFlagSet("sdlcheck", flag.ContinueOnError)
	flags.SetOutput(errs)
	human := flags.Bool("human", false, "print problems for people, with the source line")
	flags.Usage = func() {
		_, _ = fmt.Fprintln(errs, "usage: sdlcheck [-human] FILE...")
		flags.PrintDefaults()
	}
	if err := flags.Parse(args); err != nil || flags.NArg() == 0 {
		flags.Usage()
		return 2
	}
	code := 0
	for _, file := range flags.Args() {
		src, err := os.ReadFile(file) //nolint:gosec // reading the files named is the purpose
		if err != nil {
			_, _ = fmt.Fprintln(errs, "sdlcheck:", err)
			return 2
		}
		doc, problems := sdl.Parse(src)
		if doc == nil {
			code = 1
		}
		if *human {
			err = show(out, file, src, doc, problems)
		} else {
			err = report(out, file, doc, problems)
		}
		if err != nil {
			_, _ = fmt.Fprintln(errs, "sdlcheck:", err)
			return 2
		}
	}
	return code
}

// report prints the verdict as one line of JSON.
func report(out io.Writer, file string, doc *sdl.Document, problems sdl.Problems) error {
	v := verdict{File: file, OK: doc != nil, Errors: findings(problems.Errors()), Warnings: findings(problems.Warnings())}
	if doc != nil {
		groups, err := groupsJSON(doc)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(groups)
		v.Version, v.GroupsSHA256 = hex.EncodeToString(doc.Hash()), hex.EncodeToString(sum[:])
		v.ManifestBytes = len(doc.ManifestJSON())
	}
	return json.NewEncoder(out).Encode(v)
}

func groupsJSON(doc *sdl.Document) ([]byte, error) {
	var texts [][]byte
	for _, g := range doc.Groups() {
		text, err := sdl.GroupJSON(g)
		if err != nil {
			return nil, err
		}
		texts = append(texts, text)
	}
	return fmt.Appendf(nil, "[%s]", bytes.Join(texts, []byte(","))), nil
}

func findings(problems sdl.Problems) []finding {
	out := make([]finding, 0, len(problems))
	for _, p := range problems {
		out = append(out, finding{Line: p.Line, Column: p.Column, Path: p.Path, Message: p.Message, Remedy: p.Remedy})
	}
	return out
}

// show prints problems as compilers do.
func show(out io.Writer, file string, src []byte, doc *sdl.Document, problems sdl.Problems) error {
	var b strings.Builder
	lines := strings.Split(string(src), "\n")
	for _, p := range problems {
		fmt.Fprintf(&b, "%s:%d:%d: %s: %s\n", file, p.Line, p.Column, p.Severity, p.Message)
		switch {
		case p.Line < 1 || p.Line > len(lines):
		case secretLine(p):
			fmt.Fprintf(&b, "%5d | (not shown, it may hold a secret)\n", p.Line)
		default:
			line := strings.TrimRight(lines[p.Line-1], "\r")
			fmt.Fprintf(&b, "%5d | %s\n      | %s^\n", p.Line, line, indent(line, p.Column-1))
		}
		if p.Path != "" {
			fmt.Fprintf(&b, "        at %s\n", p.Path)
		}
		if p.Remedy != "" {
			fmt.Fprintf(&b, "        %s\n", p.Remedy)
		}
	}
	switch {
	case doc != nil:
		fmt.Fprintf(&b, "%s: ok, %s, hash %x\n", file, count(problems.Warnings(), "warning"), doc.Hash())
	default:
		fmt.Fprintf(&b, "%s: rejected, %s, %s\n", file, count(problems.Errors(), "error"),
			count(problems.Warnings(), "warning"))
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// secretLine reports whether the source line may hold a secret: it is not repeated then, as output ends up in CI logs.
func secretLine(p sdl.Problem) bool {
	return strings.Contains(p.Path, ".env[") || strings.Contains(p.Path, ".credentials")
}

func count(problems sdl.Problems, noun string) string {
	if len(problems) == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", len(problems), noun)
}

// indent is white space in place of the first n characters of the line, tabs kept.
func indent(line string, n int) string {
	var b strings.Builder
	for _, c := range line {
		if n--; n < 0 {
			break
		}
		if c != '\t' {
			c = ' '
		}
		b.WriteRune(c)
	}
	return b.String()
}
