// SPDX-License-Identifier: Apache-2.0

package shell

import (
	"errors"
	"fmt"
	"strings"
)

// link says when a step runs, given how the one before it ended.
type link int

const (
	linkAlways    link = iota // ; or a new line
	linkOnSuccess             // &&
	linkOnFailure             // ||
)

// step is one simple command of a script.
type step struct {
	link     link
	words    []word
	toStderr bool // >&2
	toStdout bool // 2>&1
}

// word is made of parts that are joined when the step runs.
type word []part

type part struct {
	text     string
	variable bool // text is the name of a variable
}

var errQuote = errors.New("syntax error: unterminated quoted string")

// parseScript reads the part of the shell language that is simulated: words, quotes, variables, comments, lists of
// commands, and output to standard error. Whatever else has a meaning to a shell is an error, never guessed at.
func parseScript(text string) ([]step, error) {
	r := &scriptReader{text: text}
	var steps []step
	next := linkAlways
	for {
		s, err := r.step()
		if err != nil {
			return nil, err
		}
		s.link = next
		after, end := r.separator()
		switch {
		case len(s.words) > 0:
			steps = append(steps, s)
			next = after
		case s.toStderr, s.toStdout, after != linkAlways, next != linkAlways && end:
			return nil, errors.New("syntax error: a command is missing")
		}
		if end {
			if after != linkAlways {
				return nil, errors.New("syntax error: a command is missing")
			}
			return steps, nil
		}
	}
}

type scriptReader struct {
	text string
	at   int
}

func (r *scriptReader) left() string { return r.text[r.at:] }

// take moves past a prefix if it is there.
func (r *scriptReader) take(prefix string) bool {
	if strings.HasPrefix(r.left(), prefix) {
		r.at += len(prefix)
		return true
	}
	return false
}

// separator reads what ends a step.
func (r *scriptReader) separator() (after link, end bool) {
	switch {
	case r.take("&&"):
		after = linkOnSuccess
	case r.take("||"):
		after = linkOnFailure
	case r.take(";"), r.take("\n"):
	}
	return after, after == linkAlways && strings.TrimLeft(r.left(), " \t\r") == ""
}

// step reads words up to a separator.
func (r *scriptReader) step() (step, error) {
	var s step
	for r.at < len(r.text) {
		left := r.left()
		switch {
		case strings.HasPrefix(left, "&&"), strings.HasPrefix(left, "||"), left[0] == ';', left[0] == '\n':
			return s, nil
		case left[0] == ' ', left[0] == '\t', left[0] == '\r':
			r.at++
		case left[0] == '#':
			line, _, _ := strings.Cut(left, "\n")
			r.at += len(line)
		case r.take(">&2"), r.take("1>&2"):
			s.toStderr = true
		case r.take("2>&1"):
			s.toStdout = true
		case strings.ContainsRune("|&<>()`", rune(left[0])):
			return step{}, fmt.Errorf("syntax error: %q is not simulated", left[0])
		default:
			w, err := r.word()
			if err != nil {
				return step{}, err
			}
			s.words = append(s.words, w)
		}
	}
	return s, nil
}

func (r *scriptReader) word() (word, error) {
	var w word
	for r.at < len(r.text) {
		c := r.text[r.at]
		switch {
		case strings.IndexByte(" \t\r\n;|&<>()`", c) >= 0:
			return w, nil
		case c == '\'':
			r.at++
			quoted, _, closed := strings.Cut(r.left(), "'")
			if !closed {
				return nil, errQuote
			}
			w = append(w, part{text: quoted})
			r.at += len(quoted) + 1
		case c == '"':
			r.at++
			parts, err := r.quoted()
			if err != nil {
				return nil, err
			}
			w = append(append(w, part{}), parts...)
		default:
			p, err := r.part()
			if err != nil {
				return nil, err
			}
			w = append(w, p)
		}
	}
	return w, nil
}

// quoted reads up to the closing double quote.
func (r *scriptReader) quoted() (word, error) {
	var w word
	for r.at < len(r.text) {
		if r.take(`"`) {
			return w, nil
		}
		p, err := r.part()
		if err != nil {
			return nil, err
		}
		w = append(w, p)
	}
	return nil, errQuote
}

// part reads one character, escaped or not, or a variable.
func (r *scriptReader) part() (part, error) {
	c := r.text[r.at]
	r.at++
	switch {
	case c == '`':
		return part{}, errors.New("syntax error: '`' is not simulated")
	case c == '\\' && r.at < len(r.text):
		r.at++
		return part{text: r.text[r.at-1 : r.at]}, nil
	case c != '$':
		return part{text: string([]byte{c})}, nil
	case r.take("?"):
		return part{text: "?", variable: true}, nil
	case r.take("{"):
		name, _, closed := strings.Cut(r.left(), "}")
		if !closed || name == "" || nameLength(name) != len(name) {
			return part{}, errors.New("syntax error: bad substitution")
		}
		r.at += len(name) + 1
		return part{text: name, variable: true}, nil
	case strings.HasPrefix(r.left(), "("):
		return part{}, errors.New("syntax error: '$(' is not simulated")
	}
	name := r.left()[:nameLength(r.left())]
	r.at += len(name)
	if name == "" {
		return part{text: "$"}, nil
	}
	return part{text: name, variable: true}, nil
}

// nameLength is how many bytes at the start of a text can be the name of a variable.
func nameLength(text string) int {
	for i := range len(text) {
		c := text[i]
		if c != '_' && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && (i == 0 || c < '0' || c > '9') {
			return i
		}
	}
	return len(text)
}
