// SPDX-License-Identifier: Apache-2.0

package shell

import (
	"bytes"
	"io"
	"sync"
)

// Keys that a terminal acts on.
const (
	keyInterrupt = 0x03
	keyEnd       = 0x04
	keyBackspace = 0x08
	keyDelete    = 0x7f
)

// maxLine is how much of a line a terminal takes before Enter, as on Linux.
const maxLine = 4096

// Terminal stands between a user's keys and a command: it echoes, edits and hands over whole lines, and ends output
// lines with CR LF. It is standard input, output and error of its command. It is safe for concurrent use.
type Terminal struct {
	in  *Input
	out io.Writer

	mu            sync.Mutex
	line          []byte
	width, height uint16
}

// NewTerminal makes a terminal that shows its output on out, which has to be safe for concurrent use.
func NewTerminal(out io.Writer) *Terminal { return &Terminal{in: NewInput(), out: out} }

// Resize sets the size in characters; it is 0 by 0 before.
func (t *Terminal) Resize(width, height uint16) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.width, t.height = width, height
}

// Size is the size in characters.
func (t *Terminal) Size() (width, height uint16) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.width, t.height
}

// Read gives the command whole lines, io.EOF after Ctrl-D on an empty one or [Terminal.Close], [ErrInterrupted]
// after Ctrl-C.
func (t *Terminal) Read(into []byte) (int, error) { return t.in.Read(into) }

// Close ends the input.
func (t *Terminal) Close() { t.in.Close() }

// Write shows output of the command.
func (t *Terminal) Write(text []byte) (int, error) {
	if _, err := t.out.Write(bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n"))); err != nil {
		return 0, err
	}
	return len(text), nil
}

// Feed types keys. It is false when the input has ended or too much waits to be read.
func (t *Terminal) Feed(keys []byte) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	var shown []byte
	taken := true
	for _, key := range keys {
		switch key {
		case '\r', '\n':
			shown = append(shown, '\r', '\n')
			taken = t.in.Feed(append(t.line, '\n')) && taken
			t.line = nil
		case keyInterrupt:
			shown = append(shown, "^C\r\n"...)
			t.line = nil
			t.in.interrupt()
		case keyEnd:
			if len(t.line) == 0 {
				t.in.Close()
				break
			}
			taken = t.in.Feed(t.line) && taken
			t.line = nil
		case keyBackspace, keyDelete:
			if n := len(t.line); n > 0 {
				shown = append(shown, "\b \b"...)
				t.line = t.line[:n-1]
			}
		default:
			if len(t.line) < maxLine {
				shown = append(shown, key)
				t.line = append(t.line, key)
			}
		}
	}
	if len(shown) > 0 {
		_, _ = t.out.Write(shown) // a viewer that has gone does not matter to the keys
	}
	return taken
}
