// SPDX-License-Identifier: Apache-2.0

// Package door is a listener that can be shut and opened again under a running server, and that can break off the
// connections it has let in. The devnet's faults use it: dead gateways, connection resets.
package door

import (
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

// reopenPause is how long to wait until a port that is taken is tried again.
const reopenPause = 50 * time.Millisecond

// Door is a [net.Listener]. Safe for concurrent use.
type Door struct {
	addr net.Addr

	mu      sync.Mutex
	inner   net.Listener  // nil while it is shut
	wanted  bool          // to be open
	closed  bool          // for good
	changed chan struct{} // closed and replaced when one of the three above changes
	conns   map[string]*conn
	work    sync.WaitGroup // reopening
}

var _ net.Listener = (*Door)(nil)

// New makes a door of a TCP listener, which it takes over.
func New(listener net.Listener) *Door {
	return &Door{
		addr: listener.Addr(), inner: listener, wanted: true, changed: make(chan struct{}), conns: map[string]*conn{},
	}
}

// Addr is the address, the same for all its life.
func (d *Door) Addr() net.Addr { return d.addr }

// Accept lets the next connection in; while the door is shut it waits.
func (d *Door) Accept() (net.Conn, error) {
	for {
		d.mu.Lock()
		inner, changed, closed := d.inner, d.changed, d.closed
		d.mu.Unlock()
		switch {
		case closed:
			return nil, net.ErrClosed
		case inner == nil:
			<-changed
			continue
		}
		raw, err := inner.Accept()
		if errors.Is(err, net.ErrClosed) {
			continue // shut or closed meanwhile
		}
		if err != nil {
			return nil, err
		}
		if c, ok := d.admit(inner, raw); ok {
			return c, nil
		}
		_ = raw.Close() // the door was shut at that moment
	}
}

// admit remembers a connection of a listener, unless that has been shut.
func (d *Door) admit(from net.Listener, raw net.Conn) (net.Conn, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.inner != from {
		return nil, false
	}
	c := &conn{Conn: raw, door: d, key: raw.RemoteAddr().String()}
	d.conns[c.key] = c
	return c, true
}

// change makes a change known; the caller holds the lock.
func (d *Door) change() {
	close(d.changed)
	d.changed = make(chan struct{})
}

// Shut refuses connections from now on and cuts those there are. On a shut door it does nothing.
func (d *Door) Shut() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.shut()
}

func (d *Door) shut() {
	d.wanted = false
	if d.inner != nil {
		_ = d.inner.Close() // closing twice is all that can go wrong
		d.inner = nil
	}
	d.change()
	d.cut()
}

// Open lets connections in again, on the same address. Where somebody has taken the port meanwhile, it keeps trying
// until the door is shut or closed; the error is only the first one, and [Door.IsOpen] tells.
func (d *Door) Open() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.wanted || d.closed {
		return nil
	}
	d.wanted = true
	err := d.listen()
	if err != nil {
		d.work.Go(d.reopen)
	}
	return err
}

// listen opens the port; the caller holds the lock.
func (d *Door) listen() error {
	// Listening on an address of this machine waits for nothing, so no context is asked for.
	inner, err := net.ListenTCP("tcp", tcpAddr(d.addr))
	if err != nil {
		return fmt.Errorf("open %s again: %w", d.addr, err)
	}
	d.inner = inner
	d.change()
	return nil
}

func tcpAddr(from net.Addr) *net.TCPAddr {
	addr, _ := from.(*net.TCPAddr) // New is given TCP listeners; nil would be any port
	return addr
}

func (d *Door) reopen() {
	tick := time.NewTicker(reopenPause)
	defer tick.Stop()
	for {
		d.mu.Lock()
		changed := d.changed
		done := !d.wanted || d.closed || d.inner != nil || d.listen() == nil
		d.mu.Unlock()
		if done {
			return
		}
		select {
		case <-tick.C:
		case <-changed:
		}
	}
}

// IsOpen tells whether connections are let in.
func (d *Door) IsOpen() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.inner != nil
}

// Cut ends all connections; new ones are let in.
func (d *Door) Cut() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.cut()
}

func (d *Door) cut() {
	for _, c := range d.conns {
		_ = c.Conn.Close() // closing twice is all that can go wrong
	}
	clear(d.conns)
}

// Reset breaks off the connection from an address with a TCP reset; false when there is none.
func (d *Door) Reset(remoteAddr string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	c, ok := d.conns[remoteAddr]
	if !ok {
		return false
	}
	if tcp, isTCP := c.Conn.(*net.TCPConn); isTCP {
		_ = tcp.SetLinger(0) // closing without it ends the connection too, only more politely
	}
	_ = c.Conn.Close() // closing twice is all that can go wrong
	delete(d.conns, remoteAddr)
	return true
}

// Close stops listening for good; connections stay, as with any listener.
func (d *Door) Close() error {
	d.mu.Lock()
	var err error
	if d.inner != nil {
		err = d.inner.Close()
		d.inner = nil
	}
	d.closed = true
	d.change()
	d.mu.Unlock()
	d.work.Wait()
	return err
}

// conn is a connection that its door knows.
type conn struct {
	net.Conn
	door *Door
	key  string
}

// Close ends the connection.
func (c *conn) Close() error {
	c.door.mu.Lock()
	if c.door.conns[c.key] == c {
		delete(c.door.conns, c.key)
	}
	c.door.mu.Unlock()
	return c.Conn.Close()
}
