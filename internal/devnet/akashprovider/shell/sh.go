// SPDX-License-Identifier: Apache-2.0

package shell

import (
	"errors"
	"io"
	"strconv"
	"strings"
)

// session is one shell: its last exit code, and whether it was told to end.
type session struct {
	*process
	last  int
	ended bool
}

// sh runs a script (-c) or the lines of its input, with a prompt when there is a terminal.
func sh(p *process, args []string) int {
	s := &session{process: p}
	switch {
	case len(args) == 0 || (len(args) == 1 && args[0] == "-i"):
		return s.interactive()
	case len(args) >= 2 && args[0] == "-c":
		s.run(args[1])
		return s.last
	default:
		return p.fail(codeUsage, "sh: only 'sh' and 'sh -c SCRIPT' are simulated")
	}
}

func (s *session) interactive() int {
	for !s.ended {
		if s.streams.Terminal != nil {
			s.out("# ")
		}
		line, err := s.readLine()
		switch {
		case errors.Is(err, ErrInterrupted):
			s.last = codeInterrupted
			continue
		case err != nil && line == "":
			return s.last
		}
		s.run(line)
	}
	return s.last
}

// readLine reads byte by byte: what follows the line belongs to the command that is in it.
func (s *session) readLine() (string, error) {
	var line strings.Builder
	for one := make([]byte, 1); ; {
		n, err := s.streams.In.Read(one)
		if n == 1 {
			if one[0] == '\n' {
				return line.String(), nil
			}
			if line.Len() < maxPending {
				line.WriteByte(one[0])
			}
		}
		if errors.Is(err, ErrInterrupted) {
			return "", err
		}
		if err != nil {
			return line.String(), io.EOF
		}
	}
}

// run runs a script and leaves its code in last.
func (s *session) run(script string) {
	steps, err := parseScript(script)
	if err != nil {
		s.last = s.fail(codeUsage, "sh: "+err.Error())
		return
	}
	for _, step := range steps {
		if (step.link == linkOnSuccess && s.last != 0) || (step.link == linkOnFailure && s.last == 0) {
			continue
		}
		s.last = s.step(step)
		if s.ended {
			return
		}
	}
}

func (s *session) step(from step) int {
	argv := make([]string, len(from.words))
	for i, w := range from.words {
		argv[i] = s.expand(w)
	}
	p := *s.process
	if from.toStderr {
		p.streams.Out = p.streams.Err
	}
	if from.toStdout {
		p.streams.Err = p.streams.Out
	}
	if name, value, ok := strings.Cut(argv[0], "="); ok && len(argv) == 1 && name != "" && nameLength(name) == len(name) {
		s.setenv(name, value)
		return 0
	}
	switch argv[0] {
	case "exit":
		s.ended = true
		if len(argv) == 1 {
			return s.last
		}
		code, err := strconv.ParseUint(argv[1], 10, 64)
		if err != nil {
			return s.fail(codeUsage, "sh: exit: Illegal number: "+argv[1])
		}
		return int(code % 256)
	case "export":
		for _, arg := range argv[1:] {
			if name, value, ok := strings.Cut(arg, "="); ok {
				s.setenv(name, value)
			}
		}
		return 0
	}
	run, ok := find(argv)
	if !ok {
		return s.fail(codeNotFound, "sh: "+argv[0]+": not found")
	}
	return run(&p, argv[1:])
}

func (s *session) expand(w word) string {
	var text strings.Builder
	for _, p := range w {
		switch {
		case !p.variable:
			text.WriteString(p.text)
		case p.text == "?":
			text.WriteString(strconv.Itoa(s.last))
		default:
			value, _ := s.getenv(p.text)
			text.WriteString(value)
		}
	}
	return text.String()
}
