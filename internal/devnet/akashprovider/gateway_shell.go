// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/gorilla/websocket"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/shell"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

// The first byte of every frame of a shell.
const (
	frameStdout  = 100
	frameStderr  = 101
	frameResult  = 102
	frameFailure = 103
	frameStdin   = 104
	frameResize  = 105
)

// shellResult ends a shell. A message means that nothing was run; the code is 0 then, as on the network.
type shellResult struct {
	ExitCode int    `json:"exit_code"`
	Message  string `json:"message,omitempty"`
}

// shellQuery is what a client has to say about the shell it wants.
type shellQuery struct {
	argv       []string
	service    string
	podIndex   uint64
	tty, stdin bool
}

// readShellQuery reads a query in which nothing may be missing.
func readShellQuery(query url.Values) (shellQuery, bool) {
	var out shellQuery
	for i := 0; ; i++ {
		word := query.Get("cmd" + strconv.Itoa(i))
		if word == "" {
			break
		}
		out.argv = append(out.argv, word)
	}
	tty, stdin := query.Get("tty"), query.Get("stdin")
	out.service, out.tty, out.stdin = query.Get("service"), tty == "1", stdin == "1"
	var err error
	out.podIndex, err = strconv.ParseUint(query.Get("podIndex"), 0, 31)
	return out, err == nil && len(out.argv) > 0 && tty != "" && stdin != "" && out.service != ""
}

// runShell runs one command in a replica. It ends with a result, or with the failure marker, and no close frame.
func (p *AkashProvider) runShell(w http.ResponseWriter, r *http.Request, at place) {
	query, ok := readShellQuery(r.URL.Query())
	if !ok {
		w.WriteHeader(http.StatusBadRequest) // without a word, as on the network
		return
	}
	s, ok := p.upgrade(w, r)
	if !ok {
		return
	}
	defer s.close()
	container, result, failed := p.shellTarget(at.lease(p.identity.Address), query)
	var console console
	switch {
	case failed:
		_ = s.write(websocket.BinaryMessage, []byte{frameFailure})
		return
	case container == nil:
		s.end(result)
		return
	case query.tty:
		console = newTerminalConsole(s)
	default:
		console = newPipeConsole(s)
	}
	hear := deaf
	if query.stdin {
		hear = console.hear
	} else {
		console.input.Close()
	}
	p.converse(r.Context(), s, hear, func(ctx context.Context) {
		stop := context.AfterFunc(ctx, console.input.Close) // whoever waits for a client that has gone is let go
		defer stop()
		code, err := container.Run(query.argv, console.streams)
		if errors.Is(err, shell.ErrNotFound) {
			s.end(shellResult{
				Message: "remote command execute error: command could not be executed because it does not exist",
			})
			return
		}
		s.end(shellResult{ExitCode: code})
	})
}

// shellTarget finds the container; nil with the result to end with when there is none to run in. A lease that is not
// here ends with nothing but code 0, as on the network.
func (p *AkashProvider) shellTarget(id ids.LeaseID, query shellQuery) (_ *shell.Container, _ shellResult, failed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if take(&p.faults.FailShells) {
		return nil, shellResult{}, true
	}
	l, ok := p.leases[id]
	if !ok || l.workload == nil {
		return nil, shellResult{}, false
	}
	if _, ok := l.workload.services[query.service]; !ok {
		return nil, shellResult{Message: textNoService}, false
	}
	pods := p.pods(id, l.workload, []string{query.service})
	if len(pods) == 0 || !pods[0].ready {
		return nil, shellResult{Message: "no active replicase for service"}, false // the network's spelling
	}
	if query.podIndex >= uint64(len(pods)) {
		return nil, shellResult{Message: fmt.Sprintf(
			"remote command execute error: pod index out of range: valid range is [0, %d]", len(pods)-1,
		)}, false
	}
	container := p.container(id, pods[query.podIndex])
	return &container, shellResult{}, false
}

func (s *socket) end(result shellResult) {
	text, err := json.Marshal(result)
	if err != nil {
		return // two plain fields always have a form
	}
	_ = s.write(websocket.BinaryMessage, append(append([]byte{frameResult}, text...), '\n'))
}

// keyboard takes what a client types.
type keyboard interface {
	Feed(b []byte) bool
	Close()
}

// console connects a command with the frames of a websocket.
type console struct {
	input   keyboard
	streams shell.Streams
}

func newPipeConsole(s sender) console {
	in := shell.NewInput()
	return console{in, shell.Streams{In: in, Out: frameWriter{s, frameStdout}, Err: frameWriter{s, frameStderr}}}
}

// newTerminalConsole merges standard error into standard output, as terminals do.
func newTerminalConsole(s sender) console {
	terminal := shell.NewTerminal(frameWriter{s, frameStdout})
	return console{terminal, shell.Streams{In: terminal, Out: terminal, Err: terminal, Terminal: terminal}}
}

// hear takes one frame of the client. It is false after a frame that nobody understands: the network stops
// listening then. Frames that are not binary, or empty, are ignored.
func (c console) hear(kind int, frame []byte) bool {
	if kind != websocket.BinaryMessage || len(frame) == 0 {
		return true
	}
	switch payload := frame[1:]; frame[0] {
	case frameStdin:
		return c.input.Feed(payload)
	case frameResize:
		if len(payload) < 4 {
			return false
		}
		if c.streams.Terminal != nil {
			c.streams.Terminal.Resize(binary.BigEndian.Uint16(payload), binary.BigEndian.Uint16(payload[2:]))
		}
		return true
	}
	return false
}

// sender is the part of a [socket] that output goes to.
type sender interface {
	write(kind int, message []byte) error
}

// frameWriter puts its byte before everything.
type frameWriter struct {
	to   sender
	code byte
}

func (w frameWriter) Write(text []byte) (int, error) {
	if err := w.to.write(websocket.BinaryMessage, append([]byte{w.code}, text...)); err != nil {
		return 0, err
	}
	return len(text), nil
}
