// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Severity tells whether a [Problem] stops the document.
type Severity int

const (
	// Error means the network refuses the document.
	Error Severity = iota
	// Warning means the network accepts it, but perhaps not as meant.
	Warning
)

// String is "error" or "warning".
func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "error"
}

// Problem is one finding about an SDL.
type Problem struct {
	Severity Severity
	// Line and Column count from 1; both are 0 when the text as a whole is meant.
	Line, Column int
	// Path is the key path, such as services.web.expose[0].port; empty for the whole text.
	Path string
	// Message says what is wrong. It never holds a secret value.
	Message string
	// Remedy says what to write instead. It may be empty.
	Remedy string
}

// String prints the problem in one line, as compilers do: "3:5: error: services.web.image: ...; remedy".
func (p Problem) String() string {
	var b strings.Builder
	if p.Line > 0 {
		fmt.Fprintf(&b, "%d:%d: ", p.Line, p.Column)
	}
	fmt.Fprintf(&b, "%s: ", p.Severity)
	if p.Path != "" {
		fmt.Fprintf(&b, "%s: ", p.Path)
	}
	b.WriteString(p.Message)
	if p.Remedy != "" {
		fmt.Fprintf(&b, "; %s", p.Remedy)
	}
	return b.String()
}

// Problems is a list of findings, sorted by position.
type Problems []Problem

// Errors returns only the problems that stop the document.
func (p Problems) Errors() Problems { return p.of(Error) }

// Warnings returns only the problems that do not.
func (p Problems) Warnings() Problems { return p.of(Warning) }

func (p Problems) of(s Severity) Problems {
	var out Problems
	for _, problem := range p {
		if problem.Severity == s {
			out = append(out, problem)
		}
	}
	return out
}

// ErrInvalid is wrapped by the error of [Problems.Err].
var ErrInvalid = errors.New("invalid SDL")

// Err is nil when no problem is an error; otherwise it names all errors, one a line, and wraps [ErrInvalid].
func (p Problems) Err() error {
	errs := p.Errors()
	if len(errs) == 0 {
		return nil
	}
	return fmt.Errorf("%w:\n%s", ErrInvalid, errs)
}

// String prints one problem a line.
func (p Problems) String() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.String()
	}
	return strings.Join(lines, "\n")
}

// sorted orders problems by position and drops repetitions: a service deployed to two placements is checked twice.
func (p Problems) sorted() Problems {
	slices.SortStableFunc(p, func(a, b Problem) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		if a.Column != b.Column {
			return a.Column - b.Column
		}
		if a.Severity != b.Severity {
			return int(a.Severity - b.Severity)
		}
		if a.Path != b.Path {
			return strings.Compare(a.Path, b.Path)
		}
		return strings.Compare(a.Message, b.Message)
	})
	return slices.Compact(p)
}
