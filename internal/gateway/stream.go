// SPDX-License-Identifier: Apache-2.0

package gateway

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/gorilla/websocket"

	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

const (
	// streamTimeout bounds a look at logs or events: it shows what there is and follows nothing.
	streamTimeout = 10 * time.Second
	maxFrame      = 64 << 10 // bytes of one line or event
	maxStream     = 4 << 20  // bytes of a whole look
)

// The close codes of a gateway's streams. Source: provider gateway/rest.
const (
	closeInternal      = 4000
	closeLeaseNotFound = 4001
	closeUnavailable   = 4002
)

// ErrNoReplicas: the gateway has nothing to show, since no replica of the service runs or has ever started.
var ErrNoReplicas = errors.New("no replica runs")

// LogLine is a line that a replica wrote. Text has no control characters and no terminal colours; it may hold whatever
// the workload prints, secrets too.
type LogLine struct {
	// Replica is the cluster's name of the replica, which begins with the service's.
	Replica, Text string
}

// Event is something the cluster noted about a lease's workload, cleaned as [LogLine] is.
type Event struct {
	// Type is Normal or Warning.
	Type string
	// Reason is a word such as BackOff, Note a sentence.
	Reason, Note string
	// Kind and Name say what it is about, e.g. Pod and its name.
	Kind, Name string
}

// Logs returns the last lines, at most count, of a service of a lease, oldest first, over all its replicas. It waits
// for none to come. When the stream breaks off, the lines that came are returned without an error.
//
// Errors: [ErrNoReplicas], [ErrLeaseNotFound].
func (c *Client) Logs(ctx context.Context, id ids.LeaseID, service string, count int) ([]LogLine, error) {
	return look(ctx, c, id, "/logs", url.Values{
		"follow": {"false"}, "tail": {strconv.Itoa(count)}, "service": {service},
	}, count, decodeLogLine)
}

// Events returns the last events, at most count, of a lease's workload, oldest first, as [Client.Logs] does.
func (c *Client) Events(ctx context.Context, id ids.LeaseID, count int) ([]Event, error) {
	return look(ctx, c, id, "/kubeevents", url.Values{"follow": {"false"}}, count, decodeEvent)
}

// look reads a stream to its end and keeps the last frames. Frames that cannot be read are passed over.
func look[T any](
	parent context.Context, c *Client, id ids.LeaseID, suffix string, query url.Values, count int,
	decode func([]byte) (T, error),
) ([]T, error) {
	if id.ProviderAddr != c.providerAddr {
		return nil, fmt.Errorf("lease %s is not with the Akash provider %s of this gateway", id, c.providerAddr)
	}
	ctx, cancel := context.WithTimeout(parent, min(streamTimeout, c.timeout))
	defer cancel()
	path := fmt.Sprintf("/lease/%d/%d/%d%s", id.DSeq, id.GSeq, id.OSeq, suffix)
	conn, err := c.dial(ctx, parent, path+"?"+query.Encode())
	if err != nil {
		return nil, c.wrap(err, "%s", path)
	}
	defer func() { _ = conn.Close() }() // everything wanted was read
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	conn.SetReadLimit(maxFrame)
	var last []T
	for total := 0; total < maxStream; {
		kind, frame, err := conn.ReadMessage()
		if err != nil {
			c.log.Debug("gateway stream ended", "gateway", c.host, "path", path, "frames", len(last), "end", err)
			if parent.Err() != nil {
				return last, parent.Err()
			}
			return last, c.wrap(streamEnd(err), "%s", path)
		}
		total += len(frame)
		value, err := decode(frame)
		if kind != websocket.TextMessage || err != nil {
			continue
		}
		if last = append(last, value); len(last) > count {
			last = last[1:]
		}
	}
	return last, nil
}

// dial opens a websocket with the client's own identity check and credentials, with a new token if the first is stale.
func (c *Client) dial(ctx, parent context.Context, target string) (*websocket.Conn, error) {
	conn, err := c.dialOnce(ctx, parent, target, false)
	if c.mayRenew(err) {
		conn, err = c.dialOnce(ctx, parent, target, true)
	}
	return conn, err
}

func (c *Client) dialOnce(ctx, parent context.Context, target string, renew bool) (*websocket.Conn, error) {
	header := http.Header{}
	if err := c.authorize(header, renew); err != nil {
		return nil, err
	}
	below := &net.Dialer{Timeout: dialTimeout}
	dialer := websocket.Dialer{
		NetDialContext: below.DialContext, Proxy: http.ProxyFromEnvironment,
		TLSClientConfig: c.websocketTLS(), HandshakeTimeout: dialTimeout + lookUpTimeout,
	}
	conn, response, err := dialer.DialContext(ctx, "wss"+strings.TrimPrefix(c.base, "https")+target, header)
	if response != nil && response.Body != nil {
		defer func() { _ = response.Body.Close() }() // gorilla has read what it gives
	}
	switch {
	case errors.Is(err, websocket.ErrBadHandshake) && response != nil:
		body, _ := io.ReadAll(io.LimitReader(response.Body, maxRefusal)) // what came of it is shown
		return nil, newRefused(response.StatusCode, body)
	case err != nil:
		return nil, c.refusedCertificate(transportError(parent, err))
	}
	return conn, nil
}

// websocketTLS is the client's TLS without HTTP/2, over which gateways know no websockets.
func (c *Client) websocketTLS() *tls.Config {
	config := c.tls.Clone()
	config.NextProtos = []string{"http/1.1"}
	return config
}

// streamEnd tells an end from a refusal: gateways end logs by cutting the connection, and events by closing it.
func streamEnd(err error) error {
	var closed *websocket.CloseError
	if !errors.As(err, &closed) {
		return nil
	}
	reason := bodyText([]byte(closed.Text))
	switch closed.Code {
	case closeLeaseNotFound:
		return ErrLeaseNotFound
	case closeUnavailable:
		return fmt.Errorf("%w: %s", ErrUnavailable, reason)
	case closeInternal:
		if reason == "" || strings.Contains(reason, "no running pods") {
			return ErrNoReplicas
		}
		return fmt.Errorf("%w: %s", ErrUnavailable, reason)
	default:
		return nil
	}
}

func decodeLogLine(frame []byte) (LogLine, error) {
	var raw struct {
		Name    string `json:"name"`
		Message string `json:"message"`
	}
	if err := json.Unmarshal(bytes.TrimSpace(frame), &raw); err != nil {
		return LogLine{}, err
	}
	return LogLine{Replica: Plain(raw.Name), Text: Plain(raw.Message)}, nil
}

func decodeEvent(frame []byte) (Event, error) {
	var raw struct {
		Type   string `json:"type"`
		Reason string `json:"reason"`
		Note   string `json:"note"`
		Object struct {
			Kind string `json:"kind"`
			Name string `json:"name"`
		} `json:"object"`
	}
	if err := json.Unmarshal(bytes.TrimSpace(frame), &raw); err != nil {
		return Event{}, err
	}
	return Event{
		Type: Plain(raw.Type), Reason: Plain(raw.Reason), Note: Plain(raw.Note),
		Kind: Plain(raw.Object.Kind), Name: Plain(raw.Object.Name),
	}, nil
}

// Plain makes a line of foreign text fit to show: terminal sequences go, control characters become spaces.
func Plain(text string) string {
	var b strings.Builder
	for rest := strings.ToValidUTF8(text, "�"); rest != ""; {
		before, after, found := strings.Cut(rest, "\x1b[")
		b.WriteString(before)
		if !found {
			break
		}
		// A control sequence ends with a byte from @ to ~. Source: ECMA-48, 5.4.
		end := strings.IndexFunc(after, func(r rune) bool { return r >= '@' && r <= '~' })
		rest = after[min(len(after), end+1):]
		if end < 0 {
			rest = after
		}
	}
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		// Direction marks and their like could make a line read as another.
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, b.String()))
}
