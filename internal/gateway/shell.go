// SPDX-License-Identifier: Apache-2.0

package gateway

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/websocket"

	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

// The first byte of every frame of a shell. Source: provider gateway/rest.
const (
	frameStdout  = 100
	frameStderr  = 101
	frameResult  = 102
	frameFailure = 103
)

// silence is how long a shell may say nothing: gateways ping every ten seconds while a command runs.
const silence = time.Minute

var (
	// ErrNotRun: the gateway says that the command was not started. Running it again is safe.
	ErrNotRun = errors.New("the command was not run")
	// ErrOutcomeUnknown: the connection ended without a result. The command may have run, and may be running still.
	ErrOutcomeUnknown = errors.New("the connection ended before the command's result came")
)

// Command is what to run in one replica of a service.
type Command struct {
	Service string
	// Replica counts from 0 in the gateway's order of replicas.
	Replica int
	// Words are the program and its arguments; no shell reads them unless the program is one. None may be empty, since
	// gateways take an empty word for the end.
	Words []string
	// MaxOutput is how many bytes of each stream are kept, from its end.
	MaxOutput int
}

// CommandResult is what a command that ended has left.
type CommandResult struct {
	// ExitCode is the program's, 0 to 255.
	ExitCode int
	// Stdout and Stderr are what it wrote, as it wrote it. They may hold secrets.
	Stdout, Stderr []byte
	// Truncated says that the beginning of a stream was dropped.
	Truncated bool
}

// Run runs a command without input and without a terminal, and returns once it ended, whatever its exit code. It runs
// at most once. Make sure of the lease and service first: for a lease that it does not know, a gateway reports success.
//
// Errors: [ErrNotRun], [ErrNoReplicas] (also not run), [ErrOutcomeUnknown]; the output so far comes with the last.
func (c *Client) Run(parent context.Context, id ids.LeaseID, command Command) (CommandResult, error) {
	if id.ProviderAddr != c.providerAddr {
		return CommandResult{}, fmt.Errorf("lease %s is not with the Akash provider %s of this gateway", id, c.providerAddr)
	}
	query := url.Values{
		"service": {command.Service}, "podIndex": {strconv.Itoa(command.Replica)}, "tty": {"0"}, "stdin": {"0"},
	}
	for i, word := range command.Words {
		if word == "" {
			return CommandResult{}, fmt.Errorf("%w: word %d of it is empty, which gateways take for its end", ErrNotRun, i+1)
		}
		query.Set("cmd"+strconv.Itoa(i), word)
	}
	path := fmt.Sprintf("/lease/%d/%d/%d/shell", id.DSeq, id.GSeq, id.OSeq)
	dialing, cancel := context.WithTimeout(parent, c.timeout)
	defer cancel()
	asked := false
	conn, err := c.dial(httptrace.WithClientTrace(dialing, &httptrace.ClientTrace{
		TLSHandshakeDone: func(_ tls.ConnectionState, err error) { asked = err == nil },
	}), parent, path+"?"+query.Encode())
	if err != nil {
		var refused *RefusedError
		if asked && !errors.As(err, &refused) {
			err = fmt.Errorf("%w: %w", ErrOutcomeUnknown, err) // the gateway may begin before its answer is read
		}
		// The words stay out of errors and logs: they may hold a password.
		return CommandResult{}, c.wrap(err, "%s", path)
	}
	defer func() { _ = conn.Close() }() // everything wanted was read
	stop := context.AfterFunc(parent, func() { _ = conn.Close() })
	defer stop()
	result, err := c.hear(conn, command.MaxOutput)
	if err != nil && parent.Err() != nil {
		err = fmt.Errorf("%w: %w", ErrOutcomeUnknown, parent.Err())
	}
	return result, c.wrap(err, "%s", path)
}

// hear reads frames until a result comes.
func (c *Client) hear(conn *websocket.Conn, maxOutput int) (CommandResult, error) {
	conn.SetReadLimit(1 << 20)
	// Connections know the real clock only. One that is broken fails the read as well.
	awake := func() { _ = conn.SetReadDeadline(time.Now().Add(silence)) }
	pong := conn.PingHandler()
	conn.SetPingHandler(func(text string) error { awake(); return pong(text) })
	out, problems := tail{limit: maxOutput}, tail{limit: maxOutput}
	for {
		awake()
		kind, frame, err := conn.ReadMessage()
		result := CommandResult{Stdout: out.kept, Stderr: problems.kept, Truncated: out.cut || problems.cut}
		if err != nil {
			return result, fmt.Errorf("%w: %w", ErrOutcomeUnknown, err)
		}
		if kind != websocket.BinaryMessage || len(frame) == 0 {
			continue
		}
		switch payload := frame[1:]; frame[0] {
		case frameStdout:
			out.add(payload)
		case frameStderr:
			problems.add(payload)
		case frameResult:
			result.ExitCode, err = decodeResult(payload)
			return result, err
		case frameFailure:
			return result, fmt.Errorf("%w: the gateway reports a failure of its own", ErrOutcomeUnknown)
		}
	}
}

// decodeResult reads the frame that ends a command. A message says that nothing was run.
func decodeResult(payload []byte) (exitCode int, _ error) {
	var raw struct {
		ExitCode int    `json:"exit_code"`
		Message  string `json:"message"`
	}
	if err := json.Unmarshal(payload, &raw); err != nil {
		return 0, fmt.Errorf("%w: its result cannot be read: %w", ErrOutcomeUnknown, err)
	}
	switch text := bodyText([]byte(raw.Message)); {
	case strings.Contains(text, "no active replica"):
		return 0, ErrNoReplicas
	case text != "":
		return 0, fmt.Errorf("%w: %s", ErrNotRun, text)
	}
	return raw.ExitCode, nil
}

// tail keeps the end of a stream.
type tail struct {
	kept  []byte
	limit int
	cut   bool
}

func (t *tail) add(more []byte) {
	t.kept = append(t.kept, more...)
	if over := len(t.kept) - t.limit; over > 0 {
		t.kept, t.cut = t.kept[over:], true
	}
}
