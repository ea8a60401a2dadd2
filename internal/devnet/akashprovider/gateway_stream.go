// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gorilla/websocket"

	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

// streamQuery is what a client may ask of logs and events.
type streamQuery struct {
	services []string // none means all
	follow   bool
	tail     int64 // lines of each replica to begin with; -1 means all. Events ignore it.
}

// readStreamQuery reads a query; the texts of errors are those of the network.
func readStreamQuery(query url.Values) (streamQuery, error) {
	out := streamQuery{tail: -1}
	var err error
	services := query.Get("service")
	if strings.HasSuffix(services, ",") {
		return out, errors.New(`parameter "service" must not contain trailing comma`)
	}
	for name := range strings.SplitSeq(services, ",") {
		if name = strings.TrimSpace(name); name != "" {
			out.services = append(out.services, name)
		}
	}
	if text := query.Get("follow"); text != "" {
		if out.follow, err = strconv.ParseBool(text); err != nil {
			return out, err
		}
	}
	if text := query.Get("tail"); text != "" {
		if out.tail, err = strconv.ParseInt(text, 10, 32); err != nil {
			return out, err
		}
		if out.tail < -1 {
			return out, errors.New(`parameter "tail" contains invalid value`)
		}
	}
	return out, nil
}

func checkStream(query url.Values) error {
	_, err := readStreamQuery(query)
	return err
}

// logMessage is the wire form of one line.
type logMessage struct {
	Name    string `json:"name"`
	Message string `json:"message"`
}

// streamLogs sends the lines of the replicas that run now, and with follow those that come, until the replicas are
// no more. It ends without a close frame, as on the network.
func (p *AkashProvider) streamLogs(w http.ResponseWriter, r *http.Request, at place) {
	query, err := readStreamQuery(r.URL.Query())
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s, ok := p.upgrade(w, r)
	if !ok {
		return
	}
	defer s.close()
	id := at.lease(p.identity.Address)
	now, found := p.replicas(id, query.services)
	switch {
	case !found:
		s.bye(closeLeaseNotFound, "")
		return
	case len(now.pods) == 0:
		s.bye(closeInternal, "no running pods")
		return
	case slices.ContainsFunc(now.pods, func(at pod) bool { return !at.ready }):
		s.bye(closeInternal, "") // a container that waits to start has no log, and the cluster says so
		return
	}
	p.converse(r.Context(), s, deaf, func(ctx context.Context) { p.talkLogs(ctx, s, id, query, now) })
}

func (p *AkashProvider) talkLogs(ctx context.Context, s *socket, id ids.LeaseID, query streamQuery, now replicas) {
	sent := map[string]int64{} // lines by pod
	for _, from := range now.pods {
		lines := from.linesUntil(now.height)
		sent[from.name] = max(0, lines-maxLines)
		if query.tail >= 0 {
			sent[from.name] = max(sent[from.name], lines-query.tail)
		}
	}
	for {
		alive := false
		for _, from := range now.pods {
			next, mine := sent[from.name]
			if !mine {
				continue // it began after the request
			}
			alive = true
			for ; next < from.linesUntil(now.height); next++ {
				if s.writeJSON(logMessage{Name: from.name, Message: from.line(next)}) != nil {
					return
				}
			}
			sent[from.name] = next
		}
		if !query.follow || !alive {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-now.changed:
		}
		now, _ = p.replicas(id, query.services)
	}
}

// replicas is what a stream looks at, and how it learns that it has to look again.
type replicas struct {
	height  int64
	pods    []pod
	changed <-chan struct{}
}

// replicas looks at a lease; false when nothing was deployed for it, or no longer.
func (p *AkashProvider) replicas(id ids.LeaseID, services []string) (replicas, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := replicas{height: p.height, changed: p.stepped}
	l, ok := p.leases[id]
	if !ok || l.workload == nil {
		return now, false
	}
	now.pods = p.pods(id, l.workload, services)
	return now, true
}

// writeJSON sends one text frame that ends with a line feed.
func (s *socket) writeJSON(message any) error {
	text, err := json.Marshal(message)
	if err != nil {
		return err
	}
	return s.write(websocket.TextMessage, append(text, '\n'))
}
