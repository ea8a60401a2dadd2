// SPDX-License-Identifier: Apache-2.0

package shell

import (
	"errors"
	"io"
	"path"
	"slices"
	"strings"
)

// ErrNotFound is returned for a command that the container does not have.
var ErrNotFound = errors.New("executable file not found in $PATH")

// Exit codes that shells agree on.
const (
	codeFailure     = 1
	codeUsage       = 2
	codeNotFound    = 127
	codeInterrupted = 130 // 128 and the number of SIGINT
)

// Container is what the commands of one replica see. It is a value; commands do not change it.
type Container struct {
	Hostname string
	// Env is the environment, NAME=value each, in the order in which env prints it.
	Env []string
}

// Streams connect a command with whoever asked for it.
type Streams struct {
	// In is standard input; nil means that it is at its end. A read that fails with [ErrInterrupted] ends the
	// command that was reading.
	In io.Reader
	// Out and Err may be the same writer, and are when there is a terminal. A failure to write is not told to
	// the command, as with a process whose reader has gone.
	Out, Err io.Writer
	// Terminal is nil when the streams are plain pipes.
	Terminal *Terminal
}

// Run runs one command to its end and returns its exit code. The only error is [ErrNotFound].
func (c Container) Run(argv []string, s Streams) (code int, err error) {
	if s.In == nil {
		s.In = strings.NewReader("")
	}
	p := &process{container: c, streams: s, env: slices.Clone(c.Env)}
	run, ok := find(argv)
	if !ok {
		return 0, ErrNotFound
	}
	return run(p, argv[1:]), nil
}

// process is a running command; a shell shares its own with the commands it runs.
type process struct {
	container Container
	streams   Streams
	env       []string
}

// out writes to standard output, fail to standard error.
func (p *process) out(text string) { _, _ = io.WriteString(p.streams.Out, text) }

func (p *process) fail(code int, text string) int {
	_, _ = io.WriteString(p.streams.Err, text+"\n")
	return code
}

// getenv finds a variable; the last setting of a name counts.
func (p *process) getenv(name string) (string, bool) {
	for _, entry := range slices.Backward(p.env) {
		if key, value, _ := strings.Cut(entry, "="); key == name {
			return value, true
		}
	}
	return "", false
}

func (p *process) setenv(name, value string) {
	p.env = slices.DeleteFunc(p.env, func(entry string) bool {
		key, _, _ := strings.Cut(entry, "=")
		return key == name
	})
	p.env = append(p.env, name+"="+value)
}

// find looks a command up by its name or by its path in one of the usual folders.
func find(argv []string) (command, bool) {
	if len(argv) == 0 {
		return nil, false
	}
	name := argv[0]
	switch path.Dir(name) {
	case "/bin", "/usr/bin", "/usr/local/bin":
		name = path.Base(name)
	}
	run, ok := commands()[name]
	return run, ok
}
