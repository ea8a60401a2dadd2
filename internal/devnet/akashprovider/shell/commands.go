// SPDX-License-Identifier: Apache-2.0

package shell

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// command runs with its arguments, its name not among them, and returns its exit code.
type command func(p *process, args []string) int

// commands is a function because sh looks commands up as well.
func commands() map[string]command {
	return map[string]command{
		"bash": sh, "cat": cat, "echo": echo, "env": env, "false": always(codeFailure), "hostname": hostname,
		"printenv": printenv, "pwd": pwd, "sh": sh, "stty": stty, "true": always(0), "tty": tty,
	}
}

func always(code int) command {
	return func(*process, []string) int { return code }
}

func echo(p *process, args []string) int {
	newline := "\n"
	if len(args) > 0 && args[0] == "-n" {
		args, newline = args[1:], ""
	}
	p.out(strings.Join(args, " ") + newline)
	return 0
}

func hostname(p *process, _ []string) int {
	p.out(p.container.Hostname + "\n")
	return 0
}

func pwd(p *process, _ []string) int {
	p.out("/\n")
	return 0
}

// env prints the environment; to change it for another command is not simulated.
func env(p *process, args []string) int {
	if len(args) > 0 {
		return p.fail(codeUsage, "env: arguments are not simulated")
	}
	for _, entry := range p.env {
		p.out(entry + "\n")
	}
	return 0
}

func printenv(p *process, args []string) int {
	if len(args) == 0 {
		return env(p, nil)
	}
	code := 0
	for _, name := range args {
		value, ok := p.getenv(name)
		if !ok {
			code = codeFailure
			continue
		}
		p.out(value + "\n")
	}
	return code
}

// cat copies its input while it comes, or prints the only file there is.
func cat(p *process, args []string) int {
	if len(args) == 0 {
		args = []string{"-"}
	}
	code := 0
	for _, name := range args {
		switch name {
		case "-":
			if _, err := io.Copy(outOnly{p.streams.Out}, p.streams.In); errors.Is(err, ErrInterrupted) {
				return codeInterrupted
			}
		case "/etc/hostname":
			p.out(p.container.Hostname + "\n")
		default:
			code = p.fail(codeFailure, "cat: "+name+": No such file or directory")
		}
	}
	return code
}

// outOnly hides what else a writer can do, so that io.Copy passes on every read at once.
type outOnly struct{ io.Writer }

func tty(p *process, _ []string) int {
	if p.streams.Terminal == nil {
		p.out("not a tty\n")
		return codeFailure
	}
	p.out("/dev/pts/0\n")
	return 0
}

// stty knows "size" alone: rows before columns.
func stty(p *process, args []string) int {
	switch {
	case p.streams.Terminal == nil:
		return p.fail(codeFailure, "stty: 'standard input': Inappropriate ioctl for device")
	case len(args) != 1 || args[0] != "size":
		return p.fail(codeUsage, "stty: only 'stty size' is simulated")
	}
	width, height := p.streams.Terminal.Size()
	p.out(fmt.Sprintf("%d %d\n", height, width))
	return 0
}
