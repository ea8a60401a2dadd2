// SPDX-License-Identifier: Apache-2.0

package shell

import (
	"errors"
	"io"
	"sync"
)

// ErrInterrupted is what a reader of a terminal gets when its user has pressed Ctrl-C.
var ErrInterrupted = errors.New("interrupted")

// maxPending bounds what may wait to be read.
const maxPending = 1 << 20

// Input is standard input that is fed from elsewhere. The zero value is not usable; see [NewInput]. It is safe for
// concurrent use.
type Input struct {
	mu          sync.Mutex
	more        *sync.Cond
	pending     []byte
	interrupted bool
	closed      bool
}

// NewInput makes an open input in which nothing waits.
func NewInput() *Input {
	i := &Input{}
	i.more = sync.NewCond(&i.mu)
	return i
}

// Feed adds bytes to be read and never waits. It is false when the input is closed or too much waits already; the
// bytes are dropped then.
func (i *Input) Feed(b []byte) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.closed || len(i.pending)+len(b) > maxPending {
		return false
	}
	i.pending = append(i.pending, b...)
	i.more.Broadcast()
	return true
}

// Close lets readers come to the end after what waits already. A second call does nothing.
func (i *Input) Close() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.closed = true
	i.more.Broadcast()
}

// interrupt drops what waits and wakes a reader with [ErrInterrupted].
func (i *Input) interrupt() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.pending, i.interrupted = nil, true
	i.more.Broadcast()
}

// Read waits for bytes, for [Input.Close] (io.EOF) or for an interruption.
func (i *Input) Read(into []byte) (int, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for {
		switch {
		case i.interrupted:
			i.interrupted = false
			return 0, ErrInterrupted
		case len(i.pending) > 0:
			n := copy(into, i.pending)
			i.pending = i.pending[n:]
			return n, nil
		case i.closed:
			return 0, io.EOF
		}
		i.more.Wait()
	}
}
