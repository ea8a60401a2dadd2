// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Close codes of the network beside the standard ones.
const (
	closeInternal      = 4000
	closeLeaseNotFound = 4001
)

const (
	pingEvery    = 10 * time.Second
	pongWait     = 15 * time.Second
	writeWait    = 15 * time.Second
	lastWords    = time.Second
	maxFrameRead = 1 << 20
)

// cutFrame is the beginning of a text frame that never ends.
var cutFrame = []byte{0x81, 100, '{'}

// socket is one websocket of the gateway. Writing is safe for concurrent use, reading belongs to one goroutine. The
// clock of pings is the machine's: it guards the connection and has nothing to do with the chain's time.
type socket struct {
	conn *websocket.Conn

	mu   sync.Mutex
	left int // messages until the connection is cut, by a fault; negative means never
}

// upgrade makes a request a websocket, which lives until its handler closes it, or until the Akash provider does. On
// failure the caller has been answered already.
func (p *AkashProvider) upgrade(w http.ResponseWriter, r *http.Request) (*socket, bool) {
	conn, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
	if err != nil {
		p.log.Debug("websocket refused", "reason", err)
		return nil, false
	}
	conn.SetReadLimit(maxFrameRead)
	conn.SetPongHandler(func(string) error { return conn.SetReadDeadline(time.Now().Add(pongWait)) })
	s := &socket{conn: conn, left: -1}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.faults.CutSocketsAfter > 0 {
		s.left = p.faults.CutSocketsAfter
	}
	return s, true
}

// close ends the connection without a word: clients see 1006, as at the end of logs and shells on the network.
func (s *socket) close() { _ = s.conn.Close() }

// bye says why it ends; the caller closes.
func (s *socket) bye(code int, reason string) {
	message := websocket.FormatCloseMessage(code, reason)
	// A client that has gone needs no word.
	_ = s.conn.WriteControl(websocket.CloseMessage, message, time.Now().Add(writeWait))
}

// write sends one message, or cuts the connection in the middle of it.
func (s *socket) write(kind int, message []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.conn.SetWriteDeadline(time.Now().Add(writeWait)); err != nil {
		return err
	}
	if s.left == 0 {
		_, err := s.conn.NetConn().Write(cutFrame)
		s.close()
		if err != nil {
			return err
		}
		return websocket.ErrCloseSent
	}
	s.left = max(s.left-1, -1)
	return s.conn.WriteMessage(kind, message)
}

// ping keeps asking whether the client is there; without an answer reads fail. It ends with ctx, or when the client
// has gone.
func (s *socket) ping(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := s.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeWait)); err != nil {
			return
		}
		if err := s.conn.SetReadDeadline(time.Now().Add(pongWait)); err != nil {
			return
		}
	}
}

// converse runs the talk of a websocket together with its pings and its reader, which calls hear for every message
// until it is false, and goes on reading without it. ctx of the talk ends with the client and with the Akash
// provider. All have ended when it returns.
func (p *AkashProvider) converse(
	ctx context.Context, s *socket, hear func(kind int, message []byte) bool, talk func(ctx context.Context),
) {
	ctx, cancel := context.WithCancel(ctx)
	var work sync.WaitGroup
	work.Go(func() { s.ping(ctx, p.pingEvery) })
	work.Go(func() {
		defer cancel()
		for listening := true; ; {
			kind, message, err := s.conn.ReadMessage()
			if err != nil {
				return
			}
			listening = listening && hear(kind, message)
		}
	})
	// Nobody may be kept waiting by a client that does not read, or by one that does not write.
	stop := context.AfterFunc(ctx, func() { _ = s.conn.NetConn().SetDeadline(time.Now().Add(lastWords)) })
	talk(ctx)
	stop()
	cancel()
	s.close()
	work.Wait()
}

// deaf ignores whatever a client says.
func deaf(int, []byte) bool { return true }
